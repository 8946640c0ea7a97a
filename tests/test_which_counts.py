"""What counts as an answer, by one rule: what somebody has written, never what the exercise begins
with; of two different things nothing is chosen silently, and nothing is lost."""

import json

import pytest
from classes import graded, put, rows

from workbench.exercises import check
from workbench.exercises.registry import find

CODE = """import os

import pandas as pd


def process_data(input_file, output_file):
    beside = f"{output_file}.tmp"
    try:
        (pd.read_csv(input_file) * 2).to_csv(beside, index=False)
        os.replace(beside, output_file)
    finally:
        if os.path.exists(beside):
            os.remove(beside)
"""
OTHER = CODE.replace("* 2", "* 3")
WORDS = """A function is idempotent when running it several times leaves the same result as running
it once. In a pipeline that matters: a failed task can be retried safely, without doubled rows.
"""
STARTER = find("problem_3").starter.read_text(encoding="utf-8")
BEGINNING = check.starter(find("problem_3"))
FIRST, SECOND = "%%answer problem_3\n", "%%answer problem_3.explain\n"


def book(*cells):
    made = [
        {"cell_type": kind, "source": text, "metadata": {}}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, text in (cell if isinstance(cell, tuple) else ("code", cell) for cell in cells)
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def filled(code=None, words=None, beside=""):
    """The exercise's own notebook, with what a learner has put into its cells, or beside them."""
    notebook = json.loads(STARTER)
    notebook["cells"] += [{"cell_type": "markdown", "source": beside, "metadata": {}}]
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code" and text.startswith(SECOND) and words:
            cell["source"] = SECOND + words
        elif cell["cell_type"] == "code" and text.startswith(FIRST) and code:
            cell["source"] = FIRST + code
    return json.dumps(notebook)


def read(tmp_path, files):
    put(tmp_path, files)
    first = sorted(tmp_path.glob("problem_3.*"), key=lambda path: path.suffix != ".ipynb")[0]
    return check.read("problem_3", first, links=False)


RIGHT = book(FIRST + CODE, SECOND + WORDS)
SAME = {  # what is handed in → how the report says that something does not count
    "the starter below": (
        {"problem_3.ipynb": book(FIRST + CODE, FIRST + BEGINNING.code, SECOND + WORDS)},
        "more than the exercise begins with",
    ),
    "an empty cell below": (
        {"problem_3.ipynb": book(FIRST + CODE, FIRST, SECOND + WORDS, SECOND + "  \n")},
        "more than the exercise begins with",
    ),
    "a first try, then right, then empty": (
        {"problem_3.ipynb": book(FIRST + OTHER, FIRST + CODE, FIRST, SECOND + WORDS)},
        "2 cells begin with %%answer problem_3",
    ),
    "beside the untouched notebook": (
        {"problem_3.py": CODE, "problem_3.md": WORDS, "problem_3.ipynb": STARTER},
        "problem_3.ipynb: its code is empty or what the exercise begins with",
    ),
    "words in the notebook, code beside it": (
        {"problem_3.py": CODE, "problem_3.ipynb": filled(words=WORDS)},
        "so that of problem_3.py counts",
    ),
    "code in the notebook, words beside it": (
        {"problem_3.md": WORDS, "problem_3.ipynb": filled(code=CODE)},
        "so that of problem_3.md counts",
    ),
    "the notebook's own export": ({"problem_3.py": f"\n{CODE}\n\n", "problem_3.ipynb": RIGHT}, ""),
    "code in a text": ({"problem_3.txt": CODE, "problem_3.ipynb": filled(words=WORDS)}, "as code"),
    "code between words": (
        {"problem_3.md": f"{WORDS}\n```python\n{CODE}```\n"},
        "between ``` in problem_3.md counts as code",
    ),
    "the same between words": (
        {"problem_3.md": f"{WORDS}\n```\n{CODE}```\n", "problem_3.ipynb": STARTER},
        "counts as code",
    ),
    "an example between words": (
        {"problem_3.md": f"{WORDS}\n```python\n{OTHER}```\n", "problem_3.py": CODE},
        "",
    ),
}


@pytest.mark.parametrize("kind", SAME)
def test_what_somebody_has_written_counts(tmp_path, kind):
    files, told = SAME[kind]
    answer = read(tmp_path, files)
    assert answer.code.strip() == CODE.strip()
    assert answer.prose.startswith(WORDS)
    assert (answer.different, answer.unread) == ("", ())
    assert told in " ".join(answer.notes)
    assert bool(answer.notes) == bool(told)


BARE = "\n".join(BEGINNING.code.split("\n\n"))
TRIES = {  # cells of one answer, (execution count, text), and which of them counts
    "right, and the starter run later": ([(3, CODE), (9, BEGINNING.code)], 0),
    "the same, with a comment above": ([(3, CODE), (9, "# mine\n" + BEGINNING.code)], 0),
    "the same, with a comment at its end": ([(3, CODE), (9, BEGINNING.code + "  # later")], 0),
    "the same, spaced otherwise": ([(3, CODE), (9, BEGINNING.code.replace(", ", " ,  "))], 0),
    "the same, without blank lines": ([(9, BARE), (3, CODE)], 1),
    "a comment alone, run later": ([(3, CODE), (9, "# nothing yet\n")], 0),
    "a blank cell, run later": ([(9, "  \n"), (3, CODE)], 1),
    "the starter between two": ([(3, OTHER), (9, BEGINNING.code), (5, CODE)], 2),
    "the one run last stands first": ([(9, CODE), (3, OTHER)], 0),
    "run last, and without comments the same": ([(3, CODE), (9, "# again\n" + CODE)], 1),
    "a number changed in the starter": ([(3, OTHER), (9, BEGINNING.code.replace("2", "3"))], 1),
    "a sign in a text of the starter": ([(3, CODE), (9, BEGINNING.code.replace('"a"', '"#a"'))], 1),
    "more than the starter, broken": ([(3, CODE), (9, BEGINNING.code + "\n    )")], 1),
    "a text that is never closed": ([(3, CODE), (9, '"""' + BEGINNING.code)], 1),
    "starters only": ([(9, BEGINNING.code), (3, "# one\n" + BEGINNING.code)], 0),
    "comments only": ([(3, "# one"), (9, "# other")], 1),
    "never run": ([(None, CODE), (None, "# one\n" + BEGINNING.code)], 0),
}


@pytest.mark.parametrize("kind", TRIES)
def test_of_several_tries_the_last_run_that_is_more_than_the_starter_counts(tmp_path, kind):
    tries, counts = TRIES[kind]
    notebook = json.loads(book(*(FIRST + text for _, text in tries), SECOND + WORDS))
    for cell, (count, _) in zip(notebook["cells"], tries, strict=False):
        cell["execution_count"] = count
    answer = read(tmp_path, {"problem_3.ipynb": json.dumps(notebook)})
    assert answer.code.removeprefix("\n") == tries[counts][1]
    assert answer.notes


def test_in_words_a_sign_of_comments_is_a_headline(tmp_path):
    cells = FIRST + CODE, SECOND + BEGINNING.prose, SECOND + f"# {WORDS.splitlines()[0]}"
    notebook = json.loads(book(*cells))
    for count, cell in enumerate(notebook["cells"]):
        cell["execution_count"] = 9 - count
    assert (
        read(tmp_path, {"problem_3.ipynb": json.dumps(notebook)}).prose == cells[2][len(SECOND) :]
    )


DIFFERENT = [
    {"problem_3.py": CODE, "problem_3.ipynb": RIGHT.replace("* 2", "* 3")},
    {"problem_3.py": OTHER, "problem_3.ipynb": RIGHT},
    {"problem_3.md": "It is safe.", "problem_3.ipynb": RIGHT},
    {"problem_3.txt": CODE, "problem_3.py": OTHER},
]


@pytest.mark.parametrize("files", DIFFERENT)
def test_of_different_ones_a_person_says_which_counts(tmp_path, files):
    put(tmp_path / "in/ann", files)
    graded(tmp_path / "out", tmp_path / "in")
    row = rows(tmp_path / "out")["ann", "problem_3"]
    assert (row["outcome"], row["score"]) == ("unusable", "")
    assert all(name in row["note"] for name in files)
    assert "hold different" in row["note"]


UNREAD = {  # what may be there and is not read: never told as missing
    "an explanation in a text cell": (
        "prose",
        {"p.ipynb": book(FIRST + CODE, ("markdown", WORDS))},
    ),
    "the same in the exercise's own notebook": (
        "prose",
        {"p.ipynb": filled(CODE, beside=WORDS)},
    ),
    "code among words": ("code", {"p.md": f"{WORDS}\n{CODE}"}),
    "two pieces of code": ("code", {"p.md": f"{WORDS}\n```\n{CODE}```\nor\n```\n{OTHER}```\n"}),
    "code that was broken by a mailer": ("code", {"p.txt": CODE.replace("    ", "")}),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_what_may_be_there_is_for_a_person(tmp_path, kind):
    part, files = UNREAD[kind]
    files = {f"problem_3{name[1:]}": text for name, text in files.items()}
    answer = read(tmp_path, files)
    assert answer.unread == (part,)
    assert answer.part(part) is None
    report = check.judge("problem_3", answer, seed=5)
    criteria = {criterion.id: criterion.part for criterion in find("problem_3").criteria}
    told = {mark.outcome for mark in report.criteria if criteria[mark.id] == part}
    assert told == {"needs_review"}
    assert report.note


def test_whose_notebook_is_the_exercises_own_has_not_answered(tmp_path):
    answer = read(tmp_path, {"problem_3.ipynb": STARTER})
    assert check.judge("problem_3", answer, seed=5).outcome == "not_attempted"
    assert not answer.unread


@pytest.mark.parametrize("text", ["Safe.", "import", "Pandas is imported; def is a word.", ""])
def test_words_are_words(tmp_path, text):
    answer = read(tmp_path, {"problem_3.txt": text, "problem_3.py": CODE})
    assert (answer.code, answer.prose, answer.unread) == (CODE, text, ())
