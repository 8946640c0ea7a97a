"""CPU seconds to judge a submission, warm and cold, beside a bare ``python`` that runs it once.

Workers are forked by a process that does not wait for them, so their time is in nobody's account:
the figures are what the whole machine was busy with meanwhile, and good on a quiet machine only.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from workbench.exercises import check
from workbench.exercises.check import read
from workbench.exercises.registry import find

ROOT = Path(__file__).parent.parent
MANY = {"problem_1": 50, "problem_3": 20, "problem_5": 20, "problem_2": 3, "problem_4": 2}
CALLS = {
    "problem_3": "process_data('input.csv', 'output.csv')",
    "problem_5": "retry_with_backoff()(lambda: 1)()",
}


def used() -> float:
    """CPU seconds that this machine has been busy."""
    times = psutil.cpu_times()
    return times.user + times.system


def warm(problem: str, times: int) -> tuple[float, float]:
    """CPU and wall seconds per submission, judged by one warm process.

    Its own start and its first judgement are left out.
    """
    answer = read(problem, ROOT / "solutions" / f"{problem}.ipynb")
    if find(problem).probe is None:
        check.judge(problem, answer, seed=1)
        cpu, wall = used(), time.perf_counter()
        for _ in range(times):
            check.judge(problem, answer, seed=1)
        return (used() - cpu) / times, (time.perf_counter() - wall) / times
    with check.warm(problem) as keeper:
        check.judge(problem, answer, seed=1, keeper=keeper)
        cpu, wall = used(), time.perf_counter()
        for seed in range(times):
            check.judge(problem, answer, seed=seed, keeper=keeper)
        return (used() - cpu) / times, (time.perf_counter() - wall) / times


def command(*arguments: str, folder: str | None = None) -> float:
    """CPU seconds of a command."""
    before = used()
    subprocess.run(arguments, check=True, capture_output=True, cwd=folder)
    return used() - before


def bare(problem: str) -> float:
    """CPU seconds of a plain interpreter that calls the answer once: no limits, no judge."""
    code = read(problem, ROOT / "solutions" / f"{problem}.ipynb").code
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "input.csv").write_text("a,b\n1,2\n")
        return command(sys.executable, "-c", f"{code}\n{CALLS[problem]}", folder=folder)


if __name__ == "__main__":
    for problem, times in MANY.items():
        cpu, wall = warm(problem, times)
        beside = f"   bare python {bare(problem):.2f} s CPU" if problem in CALLS else ""
        each = f"{cpu:.3f} s CPU, {wall:.3f} s wall per submission"
        print(f"{problem}: {each}, {times} of them, warm{beside}")
    cold = command(
        sys.executable,
        "-m",
        "workbench",
        "check",
        "problem_3",
        str(ROOT / "solutions/problem_3.ipynb"),
    )
    print(f"cold `workbench check problem_3`: {cold:.2f} s CPU")
