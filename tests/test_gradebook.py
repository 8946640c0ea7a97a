"""The gradebook keeps what was tried, survives two writers, and is never more than a file."""

import sqlite3
import subprocess
import sys

import pytest

from workbench import PipelineError, progress, workspace
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


def test_what_another_program_wrote_into_it_is_passed_over():
    enter(assemble(RETRIES, ALL))
    with sqlite3.connect(workspace.home() / "gradebook.sqlite") as book:
        book.execute("PRAGMA writable_schema = 1")
        book.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '')")
    with sqlite3.connect(workspace.home() / "gradebook.sqlite") as book:
        for row in [
            ("problem_5", "x", 7),
            (None, 1, 7),
            (b"problem_3", 1, 6),
            ("problem_1", 1, ""),
        ]:
            book.execute("INSERT INTO attempts VALUES (?, '', 'passed', ?, ?, '')", row)
    assert "problem_5: ✓ passed, best 7 of 7, 1 attempt" in repr(progress())
    assert "problem_3: ○ not attempted" in repr(progress())


def test_a_file_where_its_folder_is_to_be_is_named(tmp_path, monkeypatch):
    (tmp_path / "home").write_text("")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    with pytest.raises(PipelineError, match="home: File exists; the workbench needs a folder"):
        progress()
