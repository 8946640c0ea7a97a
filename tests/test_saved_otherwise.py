"""A right answer, saved by other tools or edited in other ways: what is read of each file, or what
is said of it. The labels were written down before the code read any of them."""

import json

import pytest
from test_edited import CODE, lines

from workbench.exercises import check

BODY = 'def process_data(a, b):\n    x = "größer"\n\n\nprint("done")'
WORDS = "Running it again leaves the same output.\n\nSo it is safe."
FIRST, SECOND = f"%%answer problem_3\n{BODY}", f"%%answer problem_3.explain\n{WORDS}"
BOTH, CODE_ONLY = "both", "code"  # anything else: what is said of a file that is not read


def cell(source, count=None, kind=CODE, **more):
    made = {"cell_type": kind, "metadata": {}, "source": source, **more}
    return made | ({"outputs": [], "execution_count": count} if kind == CODE else {})


def book(*cells, minor=5, **metadata):
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}


def usual(first=FIRST, second=SECOND, **more):
    return book(cell(first, 2), cell(second, 3), **more)


def indented(text):
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


def commented(text):
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def old_cell(source, kind=CODE):
    """As nbformat 3 has it."""
    made = {"cell_type": kind, "metadata": {}}
    named = {"input": source, "prompt_number": 2, "language": "python", "outputs": []}
    return made | (named if kind == CODE else {"source": source})


HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     format_name: {}\n# ---\n\n"
CALLED = "get_ipython().run_cell_magic('answer', {!r}, {!r})\n"
COLAB = {"colab": {"provenance": [], "name": "P"}, "kernelspec": {"name": "python3"}}
RAN = {"executionInfo": {"status": "ok", "user": {"displayName": "J"}}, "outputId": "ab", "id": "x"}
COLABS = "# Commented out IPython magic to ensure Python compatibility.\n"
FENCES = "# Problem 3\n\n```{}\n{}\n```\n\nSome text.\n\n```{}\n{}\n```\n\n```{}\n1 + 1\n```\n"
PICTURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 400_000}}
OTHER = "%%answer problem_5\nx = 1"

NOTEBOOKS = {
    "Colab": (
        book(cell(FIRST, 2, metadata=RAN), cell(SECOND, 3, metadata=RAN), minor=0, **COLAB),
        BOTH,
    ),
    "Colab, a title of a form above": (
        usual(f'#@title Answer {{ display-mode: "form" }}\n{FIRST}', minor=0),
        BOTH,
    ),
    "Colab, a hidden cell with %%capture": (
        usual(f"# @markdown here\n%%capture out\n{FIRST}"),
        BOTH,
    ),
    "VS Code, no ids": (
        book(
            cell(FIRST.splitlines(keepends=True), 1, metadata={"vscode": {"languageId": "python"}}),
            cell(SECOND.splitlines(keepends=True), 2),
            minor=2,
        ),
        BOTH,
    ),
    "Deepnote": (
        book(
            cell(FIRST, 1, metadata={"cell_id": "a", "deepnote_cell_type": "code"}),
            cell(SECOND, 2),
            deepnote={},
            deepnote_execution_queue=[],
        ),
        BOTH,
    ),
    "Kaggle": (
        book(cell(FIRST, None, metadata={"_uuid": "a", "trusted": True}), cell(SECOND), minor=4),
        BOTH,
    ),
    "nbformat 4.0": (usual(minor=0), BOTH),
    "nbformat 3": (
        {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {"name": ""},
            "worksheets": [{"cells": [old_cell(FIRST), old_cell(SECOND.splitlines(True))]}],
        },
        BOTH,
    ),
    "a heading of nbformat 3": (
        book(cell("Problem", kind="heading", level=1), cell(FIRST, 1), cell(SECOND, 2)),
        BOTH,
    ),
    "a cell that lost its source": (
        book({"cell_type": CODE, "metadata": {}}, cell(FIRST, 1), cell(SECOND, 2)),
        BOTH,
    ),
    "a cell that is null": (book(None, cell(FIRST, 1), cell(SECOND, 2)), BOTH),
    "a source that is null": (book(cell(None), cell(FIRST, 1), cell(SECOND, 2)), BOTH),
    "counts that are no numbers": (book(cell(FIRST, "*"), cell(SECOND, "2")), BOTH),
    "the same count after a restart": (
        book(cell("%%answer problem_3\nnot_yet = 1", 1), cell(FIRST, 1), cell(SECOND, 2)),
        BOTH,
    ),
    "a picture and NaN in outputs": (
        book(cell(FIRST, 1) | {"outputs": [PICTURE, {"data": {"x": float("nan")}}]}, cell(SECOND)),
        BOTH,
    ),
    "widgets": (usual(widgets={"application/vnd.jupyter.widget-state+json": {}}), BOTH),
    "carriage returns": (usual(FIRST.replace("\n", "\r"), SECOND.replace("\n", "\r")), BOTH),
    "code in a raw cell": (book(cell(FIRST, kind="raw"), cell(SECOND, 2)), BOTH),
    "all of the cell indented": (usual(indented(FIRST)), BOTH),
    "a heading above the words": (
        book(cell(FIRST, 1), cell(f"### Explanation\n\n{SECOND}", kind="markdown")),
        BOTH,
    ),
    "words in Markdown, the magic as code": (
        book(
            cell(FIRST, 1),
            cell(f"`%%answer problem_3.explain`\n\n{WORDS}", kind="markdown"),
        ),
        BOTH,
    ),
    "a capital in the part": (usual(FIRST, SECOND.replace("explain", "Explain")), BOTH),
    "words under a heading, without the magic": (
        book(cell(FIRST, 1), cell(f"## Explanation\n{WORDS}", kind="markdown")),
        CODE_ONLY,
    ),
    "words named otherwise": (usual(FIRST, SECOND.replace("explain", "explanation")), CODE_ONLY),
    "both cells merged": (book(cell(f"{FIRST}\n\n{SECOND}", 2)), BOTH),
    "merged, the words first": (book(cell(f"{SECOND}\n\n{FIRST}", 2)), BOTH),
    "merged with another problem's": (book(cell(f"{FIRST}\n{OTHER}", 2), cell(SECOND, 3)), BOTH),
    "a line magic above": (usual(f"%matplotlib inline\n{FIRST}"), r"Line 2 of a cell"),
    "an import above": (usual(f"import pandas as pd\n\n{FIRST}"), r"Line 3 of a cell"),
    "one percent sign": (usual(FIRST[1:], SECOND[1:]), r"has no cell that begins with %%answer"),
    "a capital in the magic": (
        usual(FIRST.replace("answer", "Answer"), SECOND.replace("answer", "Answer")),
        r"has no cell that begins with %%answer",
    ),
    "another problem's cell only": (book(cell(OTHER, 1)), r"it answers problem_5"),
    "a name in two words": (
        usual(FIRST.replace("m_3", "m 3"), SECOND.replace("m_3", "m 3")),
        r"has no cell that begins with %%answer problem_3",
    ),
}
SCRIPTS = {
    "jupytext, percent": (
        ".py",
        f"{HEADER.format('percent')}# %% [markdown]\n# # Problem 3\n# Do it.\n\n# %%\n# {FIRST}\n\n"
        f"# %%\n# {SECOND}\n\n# %%\n1 + 1\n",
        BOTH,
    ),
    "jupytext, light": (
        ".py",
        f"{HEADER.format('light')}# # Problem 3\n# Do it.\n\n# +\n# {FIRST}\n\n# +\n# {SECOND}\n"
        "# -\n\n1 + 1\n",
        BOTH,
    ),
    "jupytext, hydrogen": (
        ".py",
        f"{HEADER.format('hydrogen')}# %%\n{FIRST}\n\n# %%\n{SECOND}\n\n# %%\n1 + 1\n",
        BOTH,
    ),
    "jupytext, sphinx": (
        ".py",
        f'{HEADER.format("sphinx")}"""\n# Problem 3\n"""\n\n# {FIRST}\n\n""\n# {SECOND}\n\n""\n1\n',
        BOTH,
    ),
    "jupytext, Markdown": (
        ".md",
        FENCES.format("python", FIRST, "python", SECOND, "python"),
        BOTH,
    ),
    "jupytext, MyST": (
        ".md",
        FENCES.format("{code-cell}", FIRST, "{code-cell} ipython3", SECOND, "{code-cell}"),
        BOTH,
    ),
    "nbconvert to Markdown": (
        ".md",
        FENCES.format("python", FIRST, "python", SECOND, "python") + "\n    2\n",
        BOTH,
    ),
    "Spyder": (".py", f"#%%\n{FIRST}\n\n#%%\n{SECOND}\n", BOTH),
    "PyCharm": (".py", f"#%% md\n# Problem 3\n#%%\n{FIRST}\n#%%\n{SECOND}\n#%%\n1 + 1\n", BOTH),
    "VS Code's export": (
        ".py",
        f"# %%\n{CALLED.format('problem_3', BODY)}\n# %% [markdown]\n# text\n\n# %%\n"
        + CALLED.format("problem_3.explain", WORDS),
        BOTH,
    ),
    "Colab's export": (
        ".py",
        '# -*- coding: utf-8 -*-\n"""P.ipynb\n\nAutomatically generated by Colab.\n"""\n\n'
        f"{COLABS}{commented(FIRST)}\n\n{COLABS}{commented(SECOND)}\n\n1 + 1\n",
        BOTH,
    ),
}
ENCODED = {
    "a notebook with BOM and CRLF": (
        ".ipynb",
        json.dumps(usual(), indent=1).replace("\n", "\r\n").encode("utf-8-sig"),
        BOTH,
    ),
    "a notebook of PowerShell, UTF-16": (".ipynb", json.dumps(usual()).encode("utf-16"), BOTH),
    "a script with BOM and CRLF": (
        ".py",
        BODY.replace("\n", "\r\n").encode("utf-8-sig"),
        CODE_ONLY,
    ),
    "a script of Windows, cp1252": (".py", BODY.encode("cp1252"), r"it is not UTF-8 text"),
    "a script of UTF-32": (".py", BODY.encode("utf-32"), CODE_ONLY),
    "a script of UTF-32, a mark in front": (".py", f"\ufeff{BODY}".encode("utf-32-be"), CODE_ONLY),
    "a script of UTF-32, unmarked": (".py", BODY.encode("utf-32-le"), r"UTF-32 without a mark"),
    "a text of UTF-16, unmarked": (".md", WORDS.encode("utf-16-be"), r"UTF-32 without a mark"),
    "conflicts of git": (
        ".ipynb",
        b"<<<<<<< HEAD\n" + json.dumps(usual()).encode() + b"\n=======\n{}\n>>>>>>> main\n",
        r"is not a notebook",
    ),
    "a script called a notebook": (".ipynb", BODY.encode(), r"is not a notebook"),
}
KINDS = {name: (".ipynb", json.dumps(one).encode(), as_) for name, (one, as_) in NOTEBOOKS.items()}
KINDS |= {name: (ending, text.encode(), as_) for name, (ending, text, as_) in SCRIPTS.items()}
KINDS |= ENCODED


def test_there_are_enough():
    assert len(KINDS) >= 40


@pytest.mark.parametrize("name", KINDS)
def test_what_is_saved_otherwise_is_read_or_told(name, tmp_path):
    ending, content, expected = KINDS[name]
    file = tmp_path / f"problem_3{ending}"
    file.write_bytes(content)
    if expected not in (BOTH, CODE_ONLY):
        report = check.check("problem_3", file)
        assert expected in report.note
        assert report.outcome != "passed"
        return
    answer = check.read("problem_3", file)
    assert lines(answer.code) == lines(BODY)
    assert lines(answer.prose) == (lines(WORDS) if expected == BOTH else [])
