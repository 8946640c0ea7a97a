"""Reading submissions, and the answer cell as a learner uses it."""

import json
import textwrap
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from workbench.course import magic
from workbench.exercises import answers, check, registry
from workbench.exercises.answers import Answer
from workbench.exercises.check import read
from workbench.graph import PipelineError

RIGHT = """\
import os
import pandas as pd

def process_data(input_file, output_file):
    part = output_file + ".part"
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    os.replace(part, output_file)
"""


def notebook(path, *cells):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(book, path)
    return path


def test_both_parts_are_read_from_a_notebook(tmp_path):
    path = notebook(
        tmp_path / "a.ipynb",
        "1 + 1",
        f"%%answer problem_3\n{RIGHT}",
        "%%answer problem_3.explain\nSafe.",
    )
    answer = read("problem_3", path)
    assert answer == Answer(code=f"\n{RIGHT}", prose="Safe.")


@pytest.mark.parametrize(
    ("name", "part"), [("a.py", "code"), ("a.md", "prose"), ("a.txt", "prose")]
)
def test_a_plain_file_is_one_part(tmp_path, name, part):
    (tmp_path / name).write_text("something")
    assert read("problem_3", tmp_path / name) == Answer(**{part: "something"})


def test_lines_keep_their_numbers_in_the_cell(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "%%answer problem_5\n%matplotlib inline\nx = 7")
    assert read("problem_5", path).code.splitlines()[2] == "x = 7"


BAD = {
    "a missing file": (None, "a.py", "No such file"),
    "a missing notebook": (None, "a.ipynb", "No such file"),
    "another kind of file": (b"x", "a.docx", "an answer is a notebook or a file that ends in .py"),
    "bytes that are no text": (b"\xff\xfe\x00", "a.py", "or no text; save it as UTF-8"),
    "bytes of no UTF-8": (b"\xff\xfa", "a.py", "not UTF-8"),
    "an empty notebook file": (b"", "a.ipynb", "is not a notebook"),
    "a list": (b"[]", "a.ipynb", "is not a notebook"),
    "cells that are none": (b'{"cells": [1]}', "a.ipynb", "is not a notebook"),
    "no answer cell": (b'{"cells": []}', "a.ipynb", "no cell that begins with %%answer problem_3"),
    "a cell of another problem": (
        json.dumps({"cells": [{"cell_type": "code", "source": "%%answer problem_5\n1"}]}).encode(),
        "a.ipynb",
        "no cell that begins with %%answer problem_3",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_unusable_and_says_why(tmp_path, what):
    content, name, said = BAD[what]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    report = check.check("problem_3", tmp_path / name)
    assert (report.outcome, report.exit_code, report.score) == ("unusable", 2, 0)
    assert said in report.note
    assert said in report.as_text()


def test_a_folder_is_unusable(tmp_path):
    (tmp_path / "a.py").mkdir()
    assert check.check("problem_3", tmp_path / "a.py").outcome == "unusable"


def test_an_unknown_problem_is_unusable(tmp_path):
    report = check.check("problem_9", tmp_path / "a.py")
    assert (report.outcome, report.criteria) == ("unusable", ())
    assert "problem_1, problem_2" in report.note


@pytest.mark.parametrize(("problem", "name"), [("problem_1", "a.py"), ("problem_5", "a.md")])
def test_a_part_the_problem_does_not_have_is_unusable(tmp_path, problem, name):
    (tmp_path / name).write_text("x = 1")
    assert check.check(problem, tmp_path / name).outcome == "unusable"


@pytest.mark.parametrize("content", ["", " \n\n"])
def test_an_empty_answer_is_not_attempted(tmp_path, content):
    (tmp_path / "a.py").write_text(content)
    report = check.check("problem_3", tmp_path / "a.py")
    assert (report.outcome, report.exit_code) == ("not_attempted", 1)


def test_the_starter_is_not_attempted_and_one_changed_word_is(tmp_path):
    code = registry.find("problem_5").starter.read_text(encoding="utf-8")
    (tmp_path / "problem_5.ipynb").write_text(code)
    assert check.check("problem_5", tmp_path / "problem_5.ipynb").outcome == "not_attempted"
    (tmp_path / "b.ipynb").write_text(code.replace("def decorate", "def decorated"))
    assert check.check("problem_5", tmp_path / "b.ipynb").outcome == "failed"


def test_an_answer_that_is_saved_in_the_notebook_it_began_in_is_judged(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "PROJECT", tmp_path)
    (tmp_path / "exercises").mkdir()
    own = notebook(tmp_path / "exercises/problem_3.ipynb", f"%%answer problem_3\n{RIGHT}")
    assert check.check("problem_3", own, seed=3, words=False).outcome == "passed"


def test_code_passes_without_words_only_where_none_are_asked_for(tmp_path):
    (tmp_path / "a.py").write_text(RIGHT)
    report = check.check("problem_3", tmp_path / "a.py", seed=3)
    assert (report.outcome, report.points) == ("failed", "5 of 6, stretch 1 of 1")
    assert report.criteria[-1].feedback == "explanation: not handed in"
    report = check.check("problem_3", tmp_path / "a.py", seed=3, words=False)
    explained = report.criteria[-1]
    assert (report.outcome, report.exit_code, report.score, report.max_score) == (
        "passed",
        0,
        5.0,
        5.0,
    )
    assert (explained.id, explained.outcome, explained.max_points) == (
        "explained",
        "not_reached",
        0,
    )


def test_a_notebook_without_the_prose_is_told_so(tmp_path):
    path = notebook(tmp_path / "a.ipynb", f"%%answer problem_3\n{RIGHT}")
    report = check.check("problem_3", path, seed=3)
    assert (report.outcome, report.max_score, report.criteria[-1].outcome) == (
        "failed",
        6.0,
        "not_reached",
    )
    assert "explanation: not handed in" in report.as_text()


@pytest.mark.parametrize("problem", registry.exercises())
def test_every_criterion_is_judged_by_a_part_of_the_answer(problem):
    exercise = registry.find(problem)
    by_part = [exercise.of_part(part) for part in exercise.parts]
    assert all(by_part)
    assert sorted(sum(by_part, ())) == sorted(exercise.thoughts)


def executed(tmp_path, monkeypatch, *cells):
    monkeypatch.setenv("PYTHONPATH", str(Path(answers.__file__).parents[1]))
    path = notebook(tmp_path / "n.ipynb", "%load_ext workbench", *cells)
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    return book.cells[1:]


def test_an_answer_cell_runs_and_shows_its_report(tmp_path, monkeypatch):
    cell, after = executed(
        tmp_path,
        monkeypatch,
        f"%%answer problem_3\n{RIGHT}\nprint('ran')",
        "callable(process_data)",
    )
    printed, report = cell.outputs
    assert printed.text == "ran\n"
    assert "✓ The output is the input times two" in report.data["text/plain"]
    assert "The output is the input times two" in report.data["text/html"]
    assert after.outputs[0].data["text/plain"] == "True"


def test_the_same_cell_shows_the_same_report_twice(tmp_path, monkeypatch):
    wrong = textwrap.dedent(
        "%%answer problem_3\nimport pandas as pd\n" + RIGHT.replace("* 2", "* 3")
    )
    first, again = executed(tmp_path, monkeypatch, wrong, wrong)
    assert first.outputs[0].data == again.outputs[0].data


def test_a_cell_that_raises_shows_its_error_and_its_report(tmp_path, monkeypatch):
    (cell,) = executed(tmp_path, monkeypatch, "%%answer problem_5\n1 / 0")
    printed, report = cell.outputs
    assert "ZeroDivisionError" in printed.text
    assert "ZeroDivisionError: division by zero in line 2" in report.data["text/plain"]


def test_a_cell_for_no_problem_names_the_problems():
    magics = magic.AnswerMagics(InteractiveShell.instance())
    with pytest.raises(PipelineError, match="problem_1, problem_2"):
        magics.answer("problem_7", "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("practice_2 nonsense", "the name is enough: write `%%answer practice_2`, and nothing"),
        ("Problem 3.explain", "write `%%answer problem_3.explain`, and nothing"),
        (
            "problem_3.nonsense",
            "what answers one is %%answer problem_3, %%answer problem_3.explain",
        ),
        ("problem_7 nonsense", "%%answer problem_7 nonsense: there is no such problem"),
    ],
)
def test_what_stands_behind_a_name_is_told_apart_from_a_name_that_there_is_not(line, said):
    with pytest.raises(PipelineError) as told:
        magic.AnswerMagics(InteractiveShell.instance()).answer(line, "")
    assert said in str(told.value)


def test_code_and_prose_of_one_problem_are_judged_together(tmp_path, monkeypatch):
    prose = "%%answer problem_3.explain\nRunning it again gives the same result, "
    prose += "so a failed run can be repeated safely."
    code, explained = executed(tmp_path, monkeypatch, f"%%answer problem_3\n{RIGHT}", prose)
    assert "✗ problem_3: not yet, 5 of 6, stretch 1 of 1" in code.outputs[0].data["text/plain"]
    assert "✓ problem_3: passed, 6 of 6, stretch 1 of 1" in explained.outputs[0].data["text/plain"]
