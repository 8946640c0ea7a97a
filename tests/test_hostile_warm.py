"""Nothing that one answer does to the warm process, or through it, is felt by the next."""

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
