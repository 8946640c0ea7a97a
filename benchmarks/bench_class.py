"""A class of problem 3: CPU per submission beside one warm judge and a bare python with the same
asserts, throughput at 1, 2 and 4 jobs, a second run that changes nothing, memory of the parent.

Workers are forked by a process that does not wait for them, so CPU is what the kernel counts for
a group of its own, where one may be made (as root, mostly); elsewhere it is what the whole machine
was busy with meanwhile: good on a quiet machine only. `bench_class.py 1000` grades so many.
"""

import atexit
import contextlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from workbench.exercises import check

ROOT = Path(__file__).parent.parent
ANSWERS = sorted((ROOT / "tests/answers/problem_3").glob("[rm]*_*.py"))  # right ones, near misses
MANY = 60
ASSERTS = """
import pathlib, pandas
process_data("input.csv", "output.csv")
once = pathlib.Path("output.csv").read_bytes()
process_data("input.csv", "output.csv")
assert pathlib.Path("output.csv").read_bytes() == once
doubled = pandas.read_csv("input.csv") * 2
assert pandas.read_csv("output.csv").equals(doubled)
assert sorted(path.name for path in pathlib.Path().iterdir()) == ["input.csv", "output.csv"]
"""
LARGE = """
def process_data(input_file, output_file):
    with open(output_file, "wb") as file:
        file.truncate(60 << 20)
"""


def notebook(size: int) -> str:
    """One whose output is so large."""
    output = {"output_type": "stream", "name": "stdout", "text": "x" * size}
    cell = {"cell_type": "code", "source": "%%answer problem_1\nA DAG.", "outputs": [output]}
    return json.dumps({"cells": [cell]})


def own_group() -> Path | None:
    """A group of this process and of all that it starts; None where none may be made."""
    for parent in (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup")):
        group = parent / f"bench-class-{os.getpid()}"
        with contextlib.suppress(OSError):
            group.mkdir()
            (group / "cgroup.procs").write_text(str(os.getpid()))
            atexit.register(left, group)
            return group
    return None


def left(group: Path) -> None:
    (group.parent / "cgroup.procs").write_text(str(os.getpid()))
    with contextlib.suppress(OSError):  # somebody started here is still there
        group.rmdir()


GROUP = own_group()


def used() -> float:
    """CPU seconds that the group, or this machine, has been busy."""
    if GROUP and (GROUP / "cpuacct.usage").exists():
        return int((GROUP / "cpuacct.usage").read_text()) / 1e9
    if GROUP:
        return int((GROUP / "cpu.stat").read_text().split()[1]) / 1e6
    times = psutil.cpu_times()
    return times.user + times.system


def handed_in(folder: Path, count: int) -> Path:
    """So many learners, each with one of the answers."""
    for number, path in zip(range(count), itertools.cycle(ANSWERS), strict=False):
        learner = folder / f"learner{number:04}"
        learner.mkdir(parents=True)
        (learner / "problem_3.py").write_text(f"{path.read_text()}\n# {number}\n")
    return folder


def graded(folder: Path, out: Path, jobs: int) -> tuple[float, float, int]:
    """CPU and wall seconds of grading it, and the parent's largest memory in MB."""
    cpu, wall, most = used(), time.perf_counter(), 0
    command = [sys.executable, "-m", "workbench", "grade", folder, "--out", out, "--seed", "5"]
    grading = subprocess.Popen([*command, "--jobs", str(jobs)], stdout=subprocess.DEVNULL)
    parent = psutil.Process(grading.pid)
    while grading.poll() is None:
        with contextlib.suppress(psutil.Error):
            most = max(most, parent.memory_info().rss)
        time.sleep(0.1)
    assert grading.returncode == 0
    return used() - cpu, time.perf_counter() - wall, most >> 20


def warm(count: int) -> float:
    """CPU seconds a submission, judged by one warm process."""
    answers = [check.read("problem_3", path) for path in ANSWERS]
    with check.warm("problem_3") as keeper:
        check.judge("problem_3", answers[0], 1, keeper)
        cpu = used()
        for answer, _ in zip(itertools.cycle(answers), range(count), strict=False):
            check.judge("problem_3", answer, 1, keeper)
        return (used() - cpu) / count


def bare(count: int) -> float:
    """CPU seconds a submission, each run by a plain python with asserts: no judge, no limits."""
    cpu = used()
    for path in itertools.islice(itertools.cycle(ANSWERS), count):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "input.csv").write_text("a,b\n1,2\n3,4\n")
            code = f"{path.read_text()}\n{ASSERTS}"
            command = [sys.executable, "-c", code]
            subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)
    return (used() - cpu) / count


def main(count: int) -> None:
    single, plain = warm(min(count, MANY)), bare(min(count, 20))
    whose = "of the group" if GROUP else "of the whole machine"
    print(f"one warm judge {single:.3f} s CPU a submission, bare python {plain:.3f}, {whose}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = handed_in(Path(scratch, "in"), count)
        for jobs in (1, 2, 4):
            cpu, wall, memory = graded(folder, Path(scratch, f"out{jobs}"), jobs)
            before, single = single, warm(min(count, MANY))
            # The machine may have grown busier, which costs CPU as well: beside what it was around.
            times = cpu / count / ((before + single) / 2)
            each = f"{cpu / count:.3f} s CPU each, {times:.2f} × one warm judge ({single:.3f} s)"
            told = f"{count} at {jobs} jobs: {count / wall:.1f} a second, {each}, {memory} MB"
            print(told, flush=True)
        cpu, wall, memory = graded(folder, Path(scratch, "out2"), 2)
        print(f"again, unchanged: {wall:.1f} s, {cpu:.1f} s CPU, {memory} MB")
        large = Path(scratch, "large")
        for number in range(4):
            learner = large / f"learner{number}"
            learner.mkdir(parents=True)
            (learner / "problem_3.py").write_text(LARGE)
            (learner / "problem_1.ipynb").write_text(notebook(23 << 20))
        *_, memory = graded(large, Path(scratch, "out"), 4)
        print(f"answers that write 60 MB and notebooks of 23 MB, 4 at once: {memory} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
