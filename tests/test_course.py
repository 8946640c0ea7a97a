"""Notebooks run headlessly, say which cell failed, and keep outputs that do not change."""

import json
from xml.etree import ElementTree as xml

import nbformat
import psutil
import pytest

from workbench import PipelineError
from workbench.course.executions import execute, execute_all
from workbench.course.notebooks import notebooks_in, read
from workbench.course.outputs import store

PARAMETERS = ("seed = 7", ["parameters"])


def write(path, *cells):
    notebook = nbformat.v4.new_notebook()
    for source, *tags in cells:
        notebook.cells.append(
            nbformat.v4.new_code_cell(source, metadata={"tags": tags[0] if tags else []})
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def test_a_notebook_runs_in_a_folder_of_its_own_with_the_seed(tmp_path):
    notebook = write(tmp_path / "a.ipynb", PARAMETERS, ("open('litter', 'w').close(); seed + 1",))
    result = execute(notebook, tmp_path / "out.ipynb", seed=41)
    assert (result.error, result.cells) == (None, 2)
    assert read(tmp_path / "out.ipynb").cells[-1].outputs[0].data["text/plain"] == "42"
    assert not (tmp_path / "litter").exists()


def test_a_failing_cell_is_named_with_its_error(tmp_path):
    notebook = write(
        tmp_path / "a.ipynb", PARAMETERS, ("1 + 1",), ("raise KeyError('no  such\\ncolumn')",)
    )
    assert (
        execute(notebook, tmp_path / "out.ipynb").error == "cell [3] KeyError: 'no such\\ncolumn'"
    )


STARTS = """
import os, pathlib, subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(3600)"]
child = subprocess.Popen(sleep, start_new_session=True).pid
reader, writer = os.pipe()
if not os.fork():
    os.setsid()
    orphan = os.fork()
    if not orphan:
        os.execv(sleep[0], sleep)
    os.write(writer, str(orphan).encode())
    os._exit(0)
os.wait()
pathlib.Path(FILE).write_text(f"{child} {os.read(reader, 99).decode()}")
"""


@pytest.mark.parametrize("last", ["'done'", "raise KeyError", "os._exit(1)"])
def test_what_a_notebook_has_started_ends_with_it(tmp_path, last):
    told = tmp_path / "processes"
    cells = STARTS.replace("FILE", repr(str(told))), last
    notebook = write(tmp_path / "a.ipynb", *((cell,) for cell in cells))
    execute(notebook, tmp_path / "out.ipynb")
    started = [int(number) for number in told.read_text().split()]
    assert len(started) == 2
    assert not [number for number in started if psutil.pid_exists(number)]


def test_several_notebooks_give_a_table_of_results_and_junit(tmp_path):
    good = write(tmp_path / "in" / "good.ipynb", PARAMETERS)
    bad = write(tmp_path / "in" / "bad.ipynb", PARAMETERS, ("1 / 0",))
    seen = []
    results = execute_all(notebooks_in([tmp_path / "in"]), tmp_path / "out", 1, 2, seen.append)
    assert [(result.notebook, result.error is None) for result in results] == [
        (bad, False),
        (good, True),
    ]
    assert len(seen) == 2
    suite = xml.parse(tmp_path / "out" / "junit.xml").getroot()
    assert suite.attrib.items() >= {"tests": "2", "failures": "1"}.items()
    assert "ZeroDivisionError" in suite.find("testcase/failure").get("message")


def test_a_notebook_without_a_parameters_cell_cannot_take_a_seed(tmp_path):
    notebook = write(tmp_path / "a.ipynb", ("1",))
    assert (
        "no cell is tagged 'parameters'" in execute(notebook, tmp_path / "out.ipynb", seed=1).error
    )
    assert execute(notebook, tmp_path / "out.ipynb").error is None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "nowhere", "nowhere: no such file or folder"),
        (lambda folder: folder, "no notebook .* here"),
        (lambda folder: write(folder / "a.ipynb").rename(folder / "a.txt"), r"a\.txt: no notebook"),
    ],
)
def test_a_path_without_notebooks_is_named(tmp_path, make, words):
    with pytest.raises(PipelineError, match=words):
        notebooks_in([make(tmp_path)])


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"cells": 3}'])
def test_a_file_that_is_no_notebook_is_named(tmp_path, text):
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(PipelineError, match=r"a\.ipynb: not a notebook"):
        read(path)


def test_stored_outputs_are_the_same_after_every_run(tmp_path):
    notebook = write(
        tmp_path / "a.ipynb",
        PARAMETERS,
        ("print('x')\nseed",),
        ("from workbench import Graph, draw\ndraw(Graph.of('a'))",),
    )
    stored = []
    for _ in range(2):
        execute(notebook, tmp_path / "out.ipynb")
        store(tmp_path / "out.ipynb", notebook)
        stored.append(notebook.read_bytes())
    assert stored[0] == stored[1]
    content = json.loads(stored[0])
    assert [cell["execution_count"] for cell in content["cells"]] == [1, 2, 3]
    assert content["cells"][0]["metadata"] == {"tags": ["parameters"]}
    assert set(content["cells"][2]["outputs"][0]["data"]) == {"text/html", "text/plain"}
