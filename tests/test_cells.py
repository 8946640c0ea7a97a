"""Which cells answer: the same ones in a notebook's file and as they are run."""

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from workbench.course import magic
from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.cells import cell_of, plain

ANSWERS = {  # a cell → its code as it is read
    "a plain one": ("%%answer problem_5\nx = 1", "\nx = 1"),
    "an empty line above": ("\n%%answer problem_5\nx = 1", "\n\nx = 1"),
    "a comment above": ("# mine\n\n%%answer problem_5\nx = 1", "\n\n\nx = 1"),
    "Windows line ends": ("%%answer problem_5\r\nx = 1\r\ny = 2", "\nx = 1\ny = 2"),
    "a tab": ("%%answer\tproblem_5\nx = 1", "\nx = 1"),
    "a no-break space": ("%%answer\xa0problem_5\xa0\nx = 1", "\nx = 1"),
    "a comment beside it": ("%%answer problem_5  # done\nx = 1", "\nx = 1"),
    "a capital": ("%%answer Problem_5\nx = 1", "\nx = 1"),
    "no underscore": ("%%answer problem5\nx = 1", "\nx = 1"),
    "the part by its name": ("%%answer problem_5.code\nx = 1", "\nx = 1"),
    "the time it takes": ("%%time\n%%answer problem_5\nx = 1", "\n\nx = 1"),
    "prompts of Python": (
        "%%answer problem_5\n>>> def f():\n...     x = 1",
        "\ndef f():\n    x = 1",
    ),
    "prompts of IPython": (
        "%%answer problem_5\nIn [1]: def f():\n   ...:     x = 1",
        "\ndef f():\n    x = 1",
    ),
    "a body that is indented": ("%%answer problem_5\n    x = 1\n    y = 2", "\nx = 1\ny = 2"),
    "a comment and the time": ("# mine\n%%time\n%%answer problem_5\nx = 1", "\n\n\nx = 1"),
}
NO_ANSWERS = {
    "code above": "x = 1\n%%answer problem_5",
    "a comment": "# %%answer problem_5",
    "one more word": "%%answer problem_5 please\nx = 1",
    "no name": "%%answer\nx = 1",
    "another magic": "%%answers problem_5\nx = 1",
    "nothing": "",
}


def notebook(path, *cells):
    code = [nbformat.v4.new_code_cell(source, execution_count=count) for source, count in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    return path


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_file_and_a_running_cell_are_read_alike(kind, tmp_path, monkeypatch):
    source, code = ANSWERS[kind]
    read = check.read("problem_5", notebook(tmp_path / "a.ipynb", (source, 1)))
    assert read == Answer(code=code)
    judged = []
    monkeypatch.setattr(check, "judge", lambda name, answer, seed: judged.append((name, answer)))
    monkeypatch.setattr(magic.gradebook, "enter", lambda report: None)
    shell = InteractiveShell.instance()
    shell.register_magics(magic.AnswerMagics)
    assert shell.run_cell(source).success
    ((name, answer),) = judged
    assert (name, answer.code.strip()) == ("problem_5", code.strip())


@pytest.mark.parametrize("kind", NO_ANSWERS)
def test_other_cells_are_no_answers(kind):
    assert cell_of(NO_ANSWERS[kind]) is None


@pytest.mark.parametrize("name", ["Problem_3", "problem3", "problem-3", "PROBLEM_03"])
def test_a_name_is_known_however_it_is_written(name):
    assert plain(name) == plain("problem_3") != plain("problem_30")


SEVERAL = {  # execution counts of three cells → which one counts, and what is said
    "run in order": ((1, 2, 3), 3, "run last, [3]"),
    "the first one run again": ((9, 2, 3), 1, "run last, [9]"),
    "never run": ((None, None, None), 3, "the last one counts"),
    "one of them run": ((None, 4, None), 2, "run last, [4]"),
    "of two kernels": ((5, 1, 5), 3, "run last, [5]"),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_of_several_cells_the_one_that_was_run_last_counts(kind, tmp_path):
    counts, number, said = SEVERAL[kind]
    cells = [(f"%%answer problem_5\n{place}", count) for place, count in enumerate(counts, 1)]
    answer = check.read("problem_5", notebook(tmp_path / "a.ipynb", *cells))
    assert answer.code == f"\n{number}"
    assert "3 cells begin with %%answer problem_5" in answer.notes[0]
    assert said in answer.notes[0]
    assert answer.notes[0] in check.judge("problem_5", answer, seed=1).as_text()


def test_a_part_that_there_is_not_is_told(tmp_path):
    words = "the same input leaves the same output"
    named = [("%%answer problem_3\nx = 1", 1), (f"%%answer problem_3.explanation\n{words}", 2)]
    answer = check.read("problem_3", notebook(tmp_path / "a.ipynb", *named))
    assert answer.prose is None
    assert answer.notes[0] == (
        "A cell begins with %%answer problem_3.explanation, which answers no part of it: "
        "what does is %%answer problem_3, %%answer problem_3.explain."
    )
    quoted = [named[0], (f"%%answer 'problem_3.explain'\n{words}", 2)]
    assert check.read("problem_3", notebook(tmp_path / "b.ipynb", *quoted)).prose.strip() == words
