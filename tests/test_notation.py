"""What is right in a notebook's cell is right when it is judged, in whatever notation it stands."""

import builtins
import json
from types import ModuleType

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from labelled import HERE

from workbench.exercises import check
from workbench.sandbox.notebook import SHELL, python_of, run

KEPT = {  # cells that leave `x` as 3 → as they do in IPython, which is asked, too
    "a magic above all": "%matplotlib inline\nx = 3",
    "a cell's magic above a future": "%%time\nfrom __future__ import annotations\nx = 3",
    "a magic that runs": "%time x = 3",
    "a magic that runs in a block": "for x in range(4):\n    %time y = x",
    "a magic alone in a block": "x = 3\nif x:\n    %matplotlib inline\nelse:\n    x = 2",
    "a magic's value": "y = %env HOME\nx = 3",
    "a command": "x = 3\n!echo \"it's (\nx += 0",
    "a command over two lines": "!echo a \\\n   b\nx = 3",
    "a command's lines": "lines = !echo a; echo b; echo c\nx = len(lines)",
    "a command in a block": "x = 2\nif x:\n    !true\n    x = 3",
    "help after": "x = 3\nx?",
    "help after, twice": "x = 3\nstr.split??\n",
    "help before": "x = 3\n?x",
    "help for a magic": "x = 3\n%time?",
    "what looks like a magic in a text": '%matplotlib inline\nx = len("""\n%d\n!ls\n?""") - 6',
    "what looks like a magic and is none": "!true\nx = 11 \\\n  % 4",
    "a comparison": "!true\ny = 3\nx = y if y != 2 else 1",
    "an await": "import asyncio\nx = await asyncio.sleep(0, 3)",
    "awaits of every kind": (
        "import contextlib\n"
        "async def each():\n    yield 3\n"
        "@contextlib.asynccontextmanager\nasync def held():\n    yield 3\n"
        "async with held() as x:\n    pass\n"
        "x = [y async for y in each()][0]\n"
        "async for x in each():\n    pass"
    ),
    "an await below a magic": "%matplotlib inline\nimport asyncio\nx = await asyncio.sleep(0, 3)",
    "a display": "x = 3\ndisplay(x, x)",
    "the shell": "x = 3\nget_ipython().run_line_magic('matplotlib', 'inline')",
    "the shell, imported": "from IPython import get_ipython\nget_ipython().system('true')\nx = 3",
    "the shell's lines": "x = len(get_ipython().getoutput('echo a; echo b; echo c'))",
    "the shell's names": "x = 3\ny = get_ipython().user_ns['x']",
    "the shell's events": "get_ipython().events.register('pre_run_cell', lambda *_: None)\nx = 3",
}


@pytest.fixture(autouse=True)
def _a_notebooks_names(monkeypatch):
    monkeypatch.setattr(builtins, "display", print, raising=False)
    monkeypatch.setattr(builtins, "get_ipython", lambda: SHELL, raising=False)
    import IPython

    monkeypatch.setattr(IPython, "get_ipython", IPython.get_ipython)


@pytest.mark.parametrize("name", KEPT)
def test_a_cell_leaves_what_it_leaves_in_a_notebook(name, monkeypatch):
    module = ModuleType("answer")
    module.__file__ = "answer.py"
    monkeypatch.setitem(__import__("sys").modules, "answer", module)
    source = python_of(KEPT[name])
    assert source.count("\n") == KEPT[name].count("\n")
    run(source, module)
    assert module.x == 3


@pytest.mark.parametrize("name", KEPT)
def test_ipython_takes_such_a_cell(name):
    shell = InteractiveShell.instance()
    compile(TransformerManager().transform_cell(KEPT[name]), "", "exec", 0x2000)  # top-level await
    assert shell.check_complete(KEPT[name] + "\n\n")[0] == "complete"


@pytest.mark.parametrize("source", ["x = = 3\n!ls", "!ls\nx = '", "x = (\n%d", "\n%\0"])
def test_what_is_no_python_stays_as_it_is(source):
    assert python_of(source) == source


AROUND = (
    "%load_ext autoreload\n%autoreload 2\n!pip install pandas\n{}\n"
    "get_ipython().system('ls')\ndisplay({{'x': 1}})\nlines = !echo a\nassert lines == ['a']\n"
    "%timeit -n1 len(lines)\nlines?\n"
)
AWAITED = "import asyncio\nawait asyncio.sleep(0)\n"
RIGHT = {
    "problem_2": "right_with_timedelta",
    "problem_3": "right_replace",
    "problem_5": "right_plain",
}


@pytest.mark.parametrize("problem", [pytest.param(p, marks=pytest.mark.slow) for p in RIGHT])
def test_a_right_answer_in_a_notebooks_notation_is_right(problem, tmp_path):
    right = (HERE / "answers" / problem / f"{RIGHT[problem]}.py").read_text()
    body = AROUND.format(right) + (AWAITED if problem != "problem_2" else "")
    cell = {"cell_type": "code", "source": f"%%answer {problem}\n{body}", "metadata": {}}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4}))
    report = check.check(problem, tmp_path / "a.ipynb", seed=7, words=False)
    assert report.outcome == "passed", report.as_text()
