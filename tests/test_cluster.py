"""A class judged on a Dask cluster: the same bytes, and a worker that is lost costs nothing."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from classes import GOOD, ROOT, collect, graded, put, rows, written
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort.cluster import Cluster
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins

DASK = Path(sys.executable).with_name("dask")
BLOCK = r"```console\n(dask .*?)```"


def dask(*arguments):
    command = [DASK, *map(str, arguments)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, start_new_session=True, **quiet)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers; (address, the processes)."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    started = [dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")]
    options = ("--nthreads", 1, "--no-nanny", "--no-dashboard", "--local-directory", tmp_path)
    started += [dask("worker", address, *options) for _ in range(2)]
    yield address, started
    for process in reversed(started):
        process.terminate()
        process.wait(30)


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_lost(cluster, tmp_path):
    address, (_, worker, _) = cluster
    right = (ROOT / "tests/answers/problem_3/right_replace.py").read_text()
    files = {f"{name}/problem_1.md": f"{GOOD} {name}" for name in "abcdef"}
    files |= {f"{name}/problem_3.py": f"{right}\n# {name}" for name in "abcdef"}
    files |= {"g/problem_3.py": "1 / 0", "h/problem_1.ipynb": "no notebook", "i/problem_2.pdf": "x"}
    folder = put(tmp_path / "in", files)
    (folder / "j").mkdir()
    os.mkfifo(folder / "j/problem_3.py")
    (folder / "j/problem_5.py").symlink_to(folder / "g/problem_3.py")

    def kill():
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)

    out = tmp_path / "far"
    Grading(out, hand_ins(folder), Cluster(address), seed=5).run(done=kill)
    assert worker.wait(30) == -signal.SIGKILL
    graded(tmp_path / "near", folder)
    assert written(out) == written(tmp_path / "near")


@pytest.mark.slow
def test_where_no_scheduler_answers_it_says_how_to_start_one(tmp_path):
    put(tmp_path / "in", {"a/problem_1.md": GOOD})
    with pytest.raises(PipelineError, match="start one: dask scheduler"):
        assert Cluster("tcp://127.0.0.1:9").level
    done = workbench("grade", tmp_path / "in", "--out", tmp_path / "o", "--dask", "nowhere:x")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.slow
def test_the_lines_of_the_readme_judge_a_class(tmp_path, monkeypatch):
    """As they stand, but for the port and the scheduler's machine."""
    monkeypatch.chdir(tmp_path)
    assert collect(tmp_path / "class", put(tmp_path / "in", {"a/problem_1.md": GOOD}))
    (block,) = re.findall(BLOCK, (ROOT / "README.md").read_text(), re.S)
    lines = block.replace("8786", free_port()).replace("SCHEDULER", "127.0.0.1").splitlines()
    *cluster, grade = map(shlex.split, lines)
    assert grade[0] == "workbench"
    started = [dask(*line[1:]) for line in cluster]
    try:
        done = workbench(*grade[1:])
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)
    assert (done.returncode, done.stderr) == (0, "")
    assert rows(tmp_path / "class")["a", "problem_1"]["outcome"] == "passed"
