"""What the learner saw is what counts: a notebook edited as learners do is read as it was run."""

import json
import random
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from workbench.exercises import check
from workbench.exercises.cells import begun_with_magic, cell_of
from workbench.exercises.registry import find

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "tests/answers"
WORDS = "Running it again leaves the same output, so a failed pipeline can be repeated safely."


def code_of(path):
    return path.read_text(encoding="utf-8")


def bases():
    """Right answers: (problem, code or prose of the first cell, explanation)."""
    for problem in ("problem_1", "problem_2", "problem_3", "problem_5"):
        answer = check.read(problem, ROOT / "solutions" / f"{problem}.ipynb")
        yield problem, (answer.code or answer.prose).strip("\n"), (answer.prose or "").strip("\n")
    for name in ("right_replace", "right_csv_module", "right_pathlib", "right_namedtemp"):
        yield "problem_3", code_of(ANSWERS / "problem_3" / f"{name}.py"), WORDS


BASES = list(bases())
# Each edit: (problem, body, explanation) → cells of the notebook, (type, source, execution count).
CODE = "code"


def cells(first, words=None, *more):
    explained = [(CODE, words, 3)] if words else []
    return [(CODE, first, 2), *explained, *more]


def magic(problem):
    return f"%%answer {problem}"


def wordy(problem, words, name=None):
    return f"%%answer {name or problem}.explain\n{words}" if problem != "problem_1" else None


EDITS = {
    "none": lambda p, b, w: cells(f"{magic(p)}\n{b}", wordy(p, w)),
    "an empty line above": lambda p, b, w: cells(f"\n{magic(p)}\n{b}", wordy(p, w)),
    "three empty lines and blanks": lambda p, b, w: cells(
        f"\n  \n\t\n{magic(p)}\n{b}", wordy(p, w)
    ),
    "a comment above": lambda p, b, w: cells(f"# my answer\n{magic(p)}\n{b}", wordy(p, w)),
    "%%time above": lambda p, b, w: cells(f"%%time\n{magic(p)}\n{b}", wordy(p, w)),
    "%%capture and a comment": lambda p, b, w: cells(
        f"# x\n%%capture\n{magic(p)}\n{b}", wordy(p, w)
    ),
    "CRLF": lambda p, b, w: cells(f"{magic(p)}\n{b}".replace("\n", "\r\n"), wordy(p, w)),
    "a tab": lambda p, b, w: cells(f"%%answer\t{p}\n{b}", wordy(p, w)),
    "two blanks": lambda p, b, w: cells(f"%%answer  {p}  \n{b}", wordy(p, w)),
    "a no-break space": lambda p, b, w: cells(f"%%answer\xa0{p}\n{b}", wordy(p, w)),
    "a capital": lambda p, b, w: cells(
        f"%%answer {p.capitalize()}\n{b}", wordy(p, w, p.capitalize())
    ),
    "no underscore": lambda p, b, w: cells(
        f"%%answer {p.replace('_', '')}\n{b}", wordy(p, w, p.replace("_", ""))
    ),
    "a hyphen": lambda p, b, w: cells(f"%%answer {p.replace('_', '-')}\n{b}", wordy(p, w)),
    "a zero": lambda p, b, w: cells(f"%%answer {p.replace('_', '_0')}\n{b}", wordy(p, w)),
    "a comment beside": lambda p, b, w: cells(f"{magic(p)}  # done\n{b}", wordy(p, w)),
    "blanks before": lambda p, b, w: cells(f"  {magic(p)}\n{b}", wordy(p, w)),
    "blanks after": lambda p, b, w: cells(f"{magic(p)}\n{b}\n\n  \n", wordy(p, w)),
    "the same cell twice": lambda p, b, w: cells(
        f"{magic(p)}\n{b}", wordy(p, w), (CODE, f"{magic(p)}\n{b}", 4)
    ),
    "a first attempt above": lambda p, b, w: [
        (CODE, f"{magic(p)}\nnot_yet = 1", 1),
        *cells(f"{magic(p)}\n{b}", wordy(p, w)),
    ],
    "a later attempt that was not run last": lambda p, b, w: cells(
        f"{magic(p)}\n{b}", wordy(p, w), (CODE, f"{magic(p)}\nnot_yet = 1", 1)
    ),
    "cells never run, the last counts": lambda p, b, w: [
        (CODE, f"{magic(p)}\nnot_yet = 1", None),
        (CODE, f"{magic(p)}\n{b}", None),
        *cells("1 + 1", wordy(p, w)),
    ],
    "the words first": lambda p, b, w: [*reversed(cells(f"{magic(p)}\n{b}", wordy(p, w)))],
    "words in Markdown": lambda p, b, w: [
        (CODE, f"{magic(p)}\n{b}", 2),
        ("markdown", wordy(p, w) or "text", None),
    ],
    "words in a raw cell": lambda p, b, w: [
        (CODE, f"{magic(p)}\n{b}", 2),
        ("raw", wordy(p, w) or "text", None),
    ],
    "another problem's cell beside": lambda p, b, w: cells(
        f"{magic(p)}\n{b}", wordy(p, w), (CODE, "%%answer problem_4\nx = 1", 9)
    ),
    "a shell line inside": lambda p, b, w: cells(
        f"{magic(p)}\n{b}\n", wordy(p, w), (CODE, "!ls", 9)
    ),
}
PAIRS = [(edit, number) for edit in EDITS for number in range(len(BASES))]


def notebook(path, made):
    content = []
    for kind, source, count in made:
        cell = {"cell_type": kind, "source": source, "metadata": {}}
        content.append(cell | ({"outputs": [], "execution_count": count} if kind == CODE else {}))
    book = {"cells": content, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


def as_run(source):
    """The answer cell as IPython hands it to the magic; None where it would not."""
    manager = TransformerManager()
    manager.cleanup_transforms.append(begun_with_magic)
    called = []

    class Shell:
        def run_cell_magic(self, name, line, body):
            called.append((name, line, body))

    exec(manager.transform_cell(source), {"get_ipython": Shell})
    name, line, body = called[0]
    while name != "answer":  # a magic above, which runs the rest
        return as_run(body)
    return cell_of(f"%%answer {line}\n{body}")


def lines(text):
    """What is judged: the text without lines that are blank or only a magic's place."""
    return [line.rstrip() for line in (text or "").splitlines() if line.strip()]


def test_there_are_enough():
    assert len(PAIRS) >= 150


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_notebook_is_read_as_its_cells_were_run(edit, tmp_path):
    for problem, body, words in BASES:
        made = EDITS[edit](problem, body, words)
        answer = check.read(problem, notebook(tmp_path / f"{problem}.ipynb", made))
        first = answer.prose if problem == "problem_1" else answer.code
        assert lines(first) == lines(body), problem
        if problem not in ("problem_1", "problem_5"):
            assert lines(answer.prose) == lines(words), problem
        runs = [as_run(source) for kind, source, _ in made if kind == CODE and "%%answer" in source]
        own = [cell for cell in runs if cell.answers(problem) and cell.suffix is None]
        assert lines(body) in [lines(cell.text) for cell in own]


def percent(problem, body, words):
    explained = f"# %%\n# %%answer {problem}.explain\n{words}\n"
    return f"# %%\nx = 1\n\n# %%\n# %%answer {problem}\n{body}\n\n{explained}# %%\n1 + 1\n"


def commented(problem, body, words):
    told = "\n".join(f"# {line}" for line in words.splitlines())
    explained = f"# %% [markdown]\n# %%answer {problem}.explain\n{told}\n"
    return f"# %%\n# %%answer {problem}\n{body}\n\n{explained}"


def converted(problem, body, words):
    calls = ((problem, body), (f"{problem}.explain", words))
    told = (f"# In[1]:\n\nget_ipython().run_cell_magic('answer', {n!r}, {t!r})\n" for n, t in calls)
    return "#!/usr/bin/env python\n# coding: utf-8\n\n" + "\n\n".join(told)


def timed(problem, body, words):
    inner = f"%%answer {problem}\n{body}"
    return f"get_ipython().run_cell_magic('time', '', {inner!r})\n" + converted(
        f"{problem}", body, words
    ).replace("[1]", "[2]")


def bare(problem, body, words):
    return f"%%answer {problem}\n{body}\n%%answer {problem}.explain\n{words}\n"


@pytest.mark.parametrize("script", [percent, commented, converted, timed, bare])
def test_a_script_is_read_as_the_notebook_it_was(script, tmp_path):
    for problem, body, words in BASES:
        if problem in ("problem_2", "problem_3"):
            (tmp_path / f"{problem}.py").write_text(script(problem, body, words), encoding="utf-8")
            answer = check.read(problem, tmp_path / f"{problem}.py")
            assert lines(answer.code) == lines(body)
            assert lines(answer.prose) == lines(words)


def test_a_part_that_is_missing_in_the_notebook_may_lie_beside_it(tmp_path):
    _, body, words = BASES[2]
    file = notebook(tmp_path / "problem_3.ipynb", [(CODE, f"%%answer problem_3\n{body}", 1)])
    (tmp_path / "problem_3.md").write_text(f"%%answer problem_3.explain\n{words}")
    answer = check.read("problem_3", file)
    assert (lines(answer.code), lines(answer.prose)) == (lines(body), lines(words))
    file.write_text("no notebook")
    answer = check.read("problem_3", file)
    assert (answer.code, lines(answer.prose)) == (None, lines(words))
    assert "is not a notebook" in answer.notes[0]


def test_a_part_too_large_leaves_the_other(tmp_path):
    *_, words = BASES[2]
    made = cells(f"%%answer problem_3\n{'#' * (2 << 20)}", wordy("problem_3", words))
    answer = check.read("problem_3", notebook(tmp_path / "problem_3.ipynb", made))
    assert (answer.code, lines(answer.prose)) == (None, lines(words))
    assert "at most 1 MB" in answer.notes[0]


def test_code_in_a_text_cell_is_read_without_its_fence_and_said(tmp_path):
    _, body, _ = BASES[2]
    made = [("markdown", f"%%answer problem_3\n```python\n{body}\n```\n", None)]
    answer = check.read("problem_3", notebook(tmp_path / "problem_3.ipynb", made))
    assert lines(answer.code) == lines(body)
    assert "none that is run" in answer.notes[0]


def test_a_comment_in_plain_code_begins_no_cell(tmp_path):
    (tmp_path / "problem_3.py").write_text("import os\n# %%answer problem_3\nx = os\n")
    assert "import os" in check.read("problem_3", tmp_path / "problem_3.py").code


@pytest.mark.slow
def test_a_right_answer_that_passed_live_passes(tmp_path):
    drawn = random.Random(5).sample([pair for pair in PAIRS if pair[1] in (2, 4, 5, 6, 7)], 12)
    with find("problem_3").warm() as keeper:
        for edit, number in drawn:
            problem, body, words = BASES[number]
            made = EDITS[edit](problem, body, words)
            file = notebook(tmp_path / f"{problem}.ipynb", made)
            report = check.check(problem, file, seed=3, keeper=keeper)
            unmet = {mark.id for mark in report.criteria if mark.outcome not in ("passed",)}
            assert unmet <= {"explained", "crash_safe"}, (edit, report)
