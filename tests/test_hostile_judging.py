"""A fault of ours is a report that says so; a report is shown whatever becomes of the gradebook."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from workbench import progress, workspace
from workbench.course import magic
from workbench.exercises import check
from workbench.exercises.report import Report
from workbench.graph import PipelineError

pytestmark = pytest.mark.slow

EXERCISE = """
title = "An exercise whose judge is at fault"
parts = ["prose"]
another_way = "none"
hints = ["none"]

[criteria.one]
title = "One"
thought = "None."
"""
FAULTS = {
    "an error": "1 / 0",
    "no verdicts": "return None",
    "an error in any signs": "raise RuntimeError('\\ud800\\x1b[1m\\n' * 9999)",
    "a stack without end": "return judge(*arguments)",
    "memory without end": "raise MemoryError",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_judge_is_one_valid_object_and_exit_code_2(tmp_path, name):
    folder = tmp_path / "more" / "faulty"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(EXERCISE)
    (folder / "judge.py").write_text(f"def judge(*arguments):\n    {FAULTS[name]}\n")
    (tmp_path / "a.md").write_text("text")
    command = [sys.executable, "-m", "workbench", "check", "faulty", tmp_path / "a.md"]
    for options, locale in ((["--json"], "C.UTF-8"), ([], "C")):
        done = subprocess.run(
            command + options,
            env=os.environ
            | {"WORKBENCH_EXERCISES": str(folder.parent), "LC_ALL": locale, "PYTHONUTF8": "0"},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (2, b"")
        if not options:
            assert b"it could not be judged (" in done.stdout
        else:
            report = json.loads(done.stdout)
            assert (report["outcome"], len(report["criteria"])) == ("unusable", 1)


def test_where_no_job_can_be_begun_nothing_is_held_against_the_answer(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.sandbox.client.FORK", 0.0)
    (tmp_path / "a.py").write_text("def process_data(i, o): ...")
    report = check.check("problem_3", tmp_path / "a.py")
    assert (report.outcome, report.exit_code) == ("unusable", 2)


def test_names_in_any_bytes_are_told(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "check", b"\xff\x1b[1m", b"\xfe.py", "--json"],
        capture_output=True,
        check=False,
    )
    assert json.loads(done.stdout)["outcome"] == "unusable"
    assert done.returncode == 2


def corrupt(path):
    path.write_bytes(b"garbage" * 1000)


def of_another_form(path):
    with sqlite3.connect(path) as book:
        book.execute("create table attempts (x)")


def a_folder(path):
    path.mkdir()


@pytest.fixture(params=[corrupt, of_another_form, a_folder], ids=lambda make: make.__name__)
def gradebook(home, request):
    home.mkdir(exist_ok=True)
    request.param(home / "gradebook.sqlite")
    return home / "gradebook.sqlite"


@pytest.fixture
def answer(monkeypatch):
    """Run a cell `%%answer`; gives what is displayed."""
    displayed = []
    monkeypatch.setattr(magic, "display", displayed.append)
    workspace.start(seed=1)
    magics = magic.AnswerMagics(InteractiveShell.instance())

    def run(line, cell):
        magics.answer(line, cell)
        return displayed

    return run


def test_the_report_is_shown_whatever_the_gradebook_is(gradebook, answer, capsys):
    (report,) = answer("problem_1", "A DAG is directed.")
    assert isinstance(report, Report)
    assert report.outcome != "unusable"
    told = capsys.readouterr().out.strip()
    assert told.startswith(f"This attempt is not in your gradebook: {gradebook}: ")
    assert "\n" not in told
    with pytest.raises(PipelineError, match="a new one is begun"):
        progress()


def test_the_report_is_shown_while_another_holds_the_gradebook(home, answer, capsys, monkeypatch):
    monkeypatch.setattr("workbench.course.gradebook.PATIENCE", 0.1)
    home.mkdir(exist_ok=True)
    book = sqlite3.connect(home / "gradebook.sqlite")
    book.execute("begin exclusive")
    (report,) = answer("problem_1", "A DAG is directed.")
    book.close()
    assert report.outcome != "unusable"
    assert "database is locked" in capsys.readouterr().out


def test_the_report_is_shown_where_there_is_no_home(home, answer, monkeypatch, capsys):
    (home.parent / "file").touch()
    monkeypatch.setenv("WORKBENCH_HOME", str(home.parent / "file" / "home"))
    monkeypatch.setattr(workspace, "home", lambda: home.parent / "file" / "home")
    (report,) = answer("problem_1", "A DAG is directed.")
    assert report.outcome != "unusable"
    assert "is not in your gradebook" in capsys.readouterr().out


@pytest.mark.parametrize("cell", ["x = " + "-" * 100_000 + "1", "x = '\0'"])
def test_a_cell_that_is_too_much_has_a_report(answer, cell):
    (report,) = answer("problem_3", cell)
    assert report.outcome in ("failed", "unusable")


ANY_CELL = {  # what stands below the magic → what comes of it
    "a magic in a magic": ("problem_5", "%%answer problem_5\nx = 1"),
    "a shell": ("problem_5", "!echo hi\ndef retry_with_backoff(**k): return lambda f: f"),
    "nothing": ("problem_5", ""),
    "dots": ("problem_3.explain.explain", "x"),
    "markup": ("<script>alert(1)</script>", "x"),
    "an error of any text": ("problem_5", "raise ValueError('\\ud800')"),
    "an exit": ("problem_5", "import sys; sys.exit(3)"),
}


@pytest.mark.parametrize("name", ANY_CELL)
def test_a_cell_of_any_kind_has_a_report_or_a_line(answer, name):
    line, cell = ANY_CELL[name]
    if line != "problem_5":
        with pytest.raises(PipelineError, match="^[^\n]+$"):
            answer(line, cell)
        return
    (report,) = answer(line, cell)
    assert report.outcome in ("failed", "not_attempted")
    assert "<script" not in report.as_html()


@pytest.mark.parametrize("name", ["pandas", "json", "numpy", "typer"])
def test_a_module_in_the_current_folder_is_not_imported(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("open('imported', 'w')\nraise ImportError('planted')\n")
    (tmp_path / "a.py").write_text("def process_data(i, o): ...")
    command = [sys.executable, "-m", "workbench", "check", "problem_3", "a.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert not (tmp_path / "imported").exists()
