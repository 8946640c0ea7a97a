"""A class is killed at random moments: what comes of it is that of an undisturbed run."""

import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest
from classes import BAD, GOOD, ROOT, put, rows, written

ANSWERS = ROOT / "tests/answers"
CODE = [
    path
    for problem in ("problem_3", "problem_5")
    for kind in ("right", "miss")
    for path in sorted((ANSWERS / problem).glob(f"{kind}_*.py"))
    # Those draw numbers, names or the time of their own.
    if not re.search("time|random|uuid|shuffle|sample|temp|pid|hash", path.read_text())
]


def submissions(count, seed):
    """As many files, of many learners: prose and code, right and wrong, and what is none."""
    drawn, files = random.Random(seed), {}
    for number in range(count):
        learner, kind = f"learner{number // 2:03}", drawn.random()
        if number % 2 == 0:
            text = f"{drawn.choice([GOOD, BAD])} Number {number}." if kind < 0.95 else "\0"
            files[f"{learner}/problem_1.md"] = text
        else:
            path = drawn.choice(CODE)
            words = "no notebook" if kind < 0.1 else path.read_text()
            files[f"{learner}/{path.parent.name}.{'ipynb' if kind < 0.1 else 'py'}"] = words
    return files


def grade(folder, out):
    command = [sys.executable, "-m", "workbench", "grade", folder, "--out", out]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen([*command, "--jobs", "2", "--seed", "5"], text=True, **quiet)


def results(out):
    return sum(1 for _ in out.glob("*/problem_*.json"))


def disturbed(folder, out, count, kills, seed):
    """Grade it, killed so often before it is through; how many results each run began with."""
    drawn, begun = random.Random(seed), []
    for _ in range(kills):
        begun.append(results(out))
        until = min(begun[-1] + drawn.randint(1, count // kills), count - 1)
        grading = grade(folder, out)
        while results(out) < until and grading.poll() is None:
            time.sleep(0.01)
        time.sleep(drawn.random() / 5)
        sent = drawn.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
        os.kill(grading.pid, sent)
        grading.communicate(timeout=120)
    last = grade(folder, out)
    _, told = last.communicate(timeout=3600)
    assert last.returncode == 0, told
    return begun


@pytest.mark.parametrize(
    ("count", "kills"),
    [
        pytest.param(40, 2, marks=pytest.mark.slow),
        pytest.param(300, 10, marks=pytest.mark.long),
    ],
)
def test_a_class_that_is_killed_comes_out_as_one_that_is_not(tmp_path, count, kills):
    folder = put(tmp_path / "in", submissions(count, seed=count))
    quiet = grade(folder, tmp_path / "quiet")
    assert quiet.wait(3600) == 0
    begun = disturbed(folder, tmp_path / "out", count, kills, seed=7)
    assert begun == sorted(begun)
    assert begun[-1] > 0  # a run goes on where the one before was killed
    assert len(rows(tmp_path / "out")) == count
    assert written(tmp_path / "out") == written(tmp_path / "quiet")
