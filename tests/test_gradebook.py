"""The gradebook keeps what was tried, survives two writers, and is never more than a file."""

import subprocess
import sys

from workbench import progress
from workbench.course.gradebook import enter
from workbench.exercises.registry import find
from workbench.exercises.report import assemble, not_attempted
from workbench.exercises.verdict import Verdict

RETRIES, TABLES = find("problem_5"), find("problem_3")
ALL = {criterion.id: Verdict("passed") for criterion in RETRIES.criteria}


def test_it_keeps_attempts_and_the_best_score():
    enter(assemble(RETRIES, {**ALL, "backoff": Verdict("failed")}))
    enter(assemble(RETRIES, ALL))
    enter(assemble(RETRIES, {}))
    standing = next(each for each in progress().standings if each.problem == "problem_5")
    assert (standing.attempts, standing.best, standing.max_score, standing.passed) == (
        3,
        7,
        7,
        True,
    )
    assert "problem_5: ✓ passed, best 7 of 7, 3 attempts" in repr(progress())


def test_an_untouched_starter_is_no_attempt():
    enter(not_attempted(TABLES))
    assert repr(progress()).splitlines() == [
        "0 of 5 problems passed",
        *(f"  problem_{number}: ○ not attempted" for number in range(1, 6)),
    ]


def test_two_notebooks_at_once_lose_nothing():
    script = (
        "from workbench.course.gradebook import enter\n"
        "from workbench.exercises.registry import find\n"
        "from workbench.exercises.report import assemble\n"
        "for _ in range(20): enter(assemble(find('problem_1'), {}))\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [writer.wait(300) for writer in writers] == [0, 0, 0]
    assert next(each.attempts for each in progress().standings if each.problem == "problem_1") == 60


def test_one_part_of_two_is_not_a_pass():
    rows = {criterion.id: Verdict("passed") for criterion in TABLES.criteria}
    enter(assemble(TABLES, rows, unasked={"code"}))
    assert "problem_3: … not yet, best 1 of 1" in repr(progress())
    enter(assemble(TABLES, rows))
    assert "problem_3: ✓ passed, best 6 of 6" in repr(progress())


def test_the_table_and_the_text_say_the_same():
    enter(assemble(RETRIES, ALL))
    bundle = progress()._repr_mimebundle_()
    assert "✓ passed, best 7 of 7, 1 attempt" in bundle["text/html"]
    assert "✓ passed, best 7 of 7, 1 attempt" in bundle["text/plain"]
