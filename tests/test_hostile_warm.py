"""Nothing that one answer does to the warm process, or through it, is felt by the next."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from reproduced import FILES

from workbench.exercises import check
from workbench.exercises.answers import Answer, read_submission
from workbench.exercises.registry import exercises, find

HOLDS = FILES["118_problem_4_takes_every_lock"].read_text()


def shared(process):
    """What of its memory every process that it forks can write, for all of them."""
    maps = Path(f"/proc/{process.pid}/maps").read_text().splitlines()
    return [line for line in maps if line.split()[1].startswith("rw") and line.split()[1][3] == "s"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n, exercise in exercises().items() if exercise.probe])
def test_a_warm_process_has_no_memory_that_answers_could_share(name):
    with check.warm(name) as keeper:
        assert shared(keeper.process) == []


@pytest.mark.slow
def test_an_answer_that_takes_every_lock_costs_the_next_one_nothing():
    exercise = find("problem_4")
    right = read_submission("problem_4", exercise.cells, exercise.solution)
    with check.warm("problem_4") as keeper:
        first = check.judge("problem_4", Answer(code=HOLDS), 7, keeper, words=False)
        second = check.judge("problem_4", right, 7, keeper, words=False)
    assert (first.outcome, second.outcome) == ("failed", "passed")


CROWDED = """
import subprocess
from workbench.exercises import check
from workbench.exercises.answers import Answer
others = [subprocess.Popen(["sleep", "900"]) for _ in range(100)]
text = (
    "import subprocess, pandas as pd\\ndef process_data(i, o):\\n"
    "    subprocess.run(['true'], check=True)\\n    (pd.read_csv(i) * 2).to_csv(o, index=False)\\n"
)
try:
    report = check.judge("problem_3", Answer(code=text), 7, words=False)
finally:
    for other in others:
        other.kill()
print(report.outcome, report.score)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
def test_an_account_that_runs_much_else_costs_an_answer_nothing():
    """Without namespaces the kernel counts the processes of all that the judge's user does."""
    lowered = [sys.executable, Path(__file__).with_name("lowered.py"), "user-nons"]
    own = {"HOME": "/tmp", "WORKBENCH_HOME": "/tmp/nowhere"}
    command = [*lowered, sys.executable, "-c", CROWDED]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | own, cwd="/"
    )
    assert done.stdout == "passed 5.0\n"
