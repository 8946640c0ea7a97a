"""Notebooks as people have them: whatever one does, the others run and the report can be read."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as xml

import nbformat
import pytest
from test_cli import workbench
from test_course import write

from workbench.course import junit
from workbench.course.costs import under_way
from workbench.course.executions import DIED, Limits, execute, execute_all
from workbench.course.notebooks import notebooks_in, read

COLOURED = "raise ValueError('\\x1b[31mred\\x1b[0m \\x00\\x08 [/bold] :smile:')"
ENDLESS = "import time\nwhile True:\n    time.sleep(1)"
STUBBORN = (
    "import signal, time\n"
    "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('pid', __import__('os').getpid(), flush=True)\n"
    "while True:\n    time.sleep(1)"
)


def marked(path, **metadata):
    notebook = read(write(path, ("1 + 1",)))
    notebook.metadata = metadata
    nbformat.write(notebook, path)
    return path


@pytest.mark.slow
def test_two_notebooks_of_one_name_keep_their_outputs_apart(tmp_path):
    for folder in ("a", "b", "b/c"):
        write(tmp_path / "in" / folder / "lesson.ipynb", (f"print('from {folder}')",))
    write(tmp_path / "in" / "other.ipynb", ("1",))
    out = tmp_path / "out"
    done = workbench("run", tmp_path / "in", "--out", out, "--update")
    assert done.returncode == 0, done.stdout
    for folder in ("a", "b", "b/c"):
        for root in (tmp_path / "in", out):
            [output] = read(root / folder / "lesson.ipynb").cells[0].outputs
            assert output.text == f"from {folder}\n"
    names = {case.get("name") for case in xml.parse(out / "junit.xml").iter("testcase")}
    assert names == {"a/lesson.ipynb", "b/lesson.ipynb", "b/c/lesson.ipynb", "other.ipynb"}
    assert names - {word for line in done.stdout.split("\n") for word in line.split()} == set()


def test_a_notebook_that_is_named_twice_runs_once(tmp_path):
    path = write(tmp_path / "a" / "x.ipynb", ("1",))
    assert notebooks_in([path, tmp_path / "a" / ".." / "a", tmp_path]) == [path]


@pytest.mark.slow
def test_the_report_is_xml_and_the_table_whole_whatever_an_error_says(tmp_path):
    write(tmp_path / "in" / "a.ipynb", (COLOURED,))
    done = workbench("run", tmp_path / "in", "--out", tmp_path, env={"COLUMNS": "200"})
    assert done.returncode == 1, done.stderr
    message = xml.parse(tmp_path / "junit.xml").find("testcase/failure").get("message")
    assert message.startswith("cell [1] ValueError: red ")
    assert message.endswith("[/bold] :smile:")
    assert "[/bold] :smile:" in done.stdout
    assert "\x1b" not in done.stdout + message


def test_a_name_that_is_no_text_is_written_down_too(tmp_path):
    junit.write(tmp_path / "junit.xml", [junit.Case("a\udcff\x07.ipynb", 1.0, "\ud800\ufffe")])
    case = xml.parse(tmp_path / "junit.xml").find("testcase")
    assert case.get("name") == "a\ufffd\ufffd.ipynb"
    assert case.find("failure").get("message") == "\ufffd\ufffd"


@pytest.mark.parametrize("text", ['{"cells": [', "", "[]", '{"cells": [{}], "nbformat": 4}'])
def test_a_damaged_notebook_costs_only_itself(tmp_path, text):
    damaged, fine = tmp_path / "damaged.ipynb", write(tmp_path / "fine.ipynb", ("1 + 1",))
    damaged.write_text(text)
    results = execute_all([damaged, fine], tmp_path / "out", None, 1, lambda _: None)
    assert [result.error is None for result in results] == [False, True]
    assert results[0].error.startswith("not a notebook (")
    cases = xml.parse(tmp_path / "out" / "junit.xml").iter("testcase")
    assert [case.get("name") for case in cases] == ["damaged.ipynb", "fine.ipynb"]


def test_a_pipe_in_the_place_of_a_notebook_costs_only_itself(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    (result,) = execute_all([tmp_path / "pipe.ipynb"], tmp_path / "out", None, 1, lambda _: None)
    assert result.error == "not a notebook (not an ordinary file)"


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_interrupts_a_run_ends_all_of_it(tmp_path, jobs, sent, code):
    for name in ("a", "b", "c"):
        begin = f"import time; open({str(tmp_path / name)!r}, 'w').close()"
        write(tmp_path / f"{name}.ipynb", (begin,), ("time.sleep(600)",))
    command = [sys.executable, "-m", "workbench", "run", tmp_path, "--jobs", jobs]
    usual = signal.signal(signal.SIGINT, signal.SIG_DFL)  # who starts this may ignore it
    (scratch := tmp_path / "scratch").mkdir()
    run = subprocess.Popen(
        command,
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, usual)
    while len(begun := [name for name in "abc" if (tmp_path / name).exists()]) < int(jobs):
        assert run.poll() is None
        time.sleep(0.1)
    os.killpg(run.pid, sent)
    said, _ = run.communicate()
    assert (run.returncode, "Traceback" in said) == (code, False), said
    assert [name for name in "abc" if (tmp_path / name).exists()] == begun
    assert not [*scratch.iterdir()]


@pytest.mark.slow
def test_a_damaged_notebook_is_named_in_the_table_and_in_the_exit_code(tmp_path):
    (tmp_path / "damaged.ipynb").write_text(json.dumps({"cells": 3}))
    (tmp_path / "gone.ipynb").symlink_to(tmp_path / "nowhere.ipynb")
    done = workbench("run", tmp_path, "--out", tmp_path / "out", env={"COLUMNS": "200"})
    assert done.returncode == 1
    assert done.stdout.count("✗ not a notebook (") == 2
    assert "damaged.ipynb" in done.stdout
    assert "gone.ipynb" in done.stdout


def test_a_cell_that_may_fail_does_not_end_the_notebook(tmp_path):
    expected = ("raise ValueError('on purpose')", ["raises-exception"])
    path = write(tmp_path / "a.ipynb", expected, ("print('after')",))
    assert execute(path, tmp_path / "out.ipynb").error is None
    first, second = read(tmp_path / "out.ipynb").cells
    assert (first.outputs[0].ename, second.outputs[0].text) == ("ValueError", "after\n")
    write(path, expected, ("1 / 0",), ("print('after')",))
    assert execute(path, tmp_path / "out.ipynb").error.startswith("cell [2] ZeroDivisionError")


def test_a_stored_error_is_none_of_this_run(tmp_path):
    path = write(tmp_path / "a.ipynb", ("1 + 1",))
    notebook = read(path)
    notebook.cells[0].outputs = [nbformat.v4.new_output("error", ename="E", evalue="old")]
    nbformat.write(notebook, path)
    assert execute(path, tmp_path / "out.ipynb").error is None


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, "'ir' (R)"),
        ({"kernelspec": {"name": "julia-1.10"}, "language_info": {"name": "julia"}}, "(julia)"),
        ({"language_info": {"name": "javascript"}}, "'unknown' (javascript)"),
        ({"kernelspec": {"name": "python2", "language": "python"}}, "'python2' (Python 2)"),
        ({"kernelspec": {"name": "my-venv", "language": "python"}}, None),
        ({"kernelspec": {"name": "my-venv", "display_name": "mine"}}, None),
        ({}, None),
    ],
)
def test_a_notebook_of_another_language_is_refused_and_one_of_another_environment_is_not(
    tmp_path, metadata, words
):
    error = execute(marked(tmp_path / "a.ipynb", **metadata), tmp_path / "out.ipynb").error
    if words is None:
        assert error is None
    else:
        assert error.startswith("its kernel is ")
        assert f"{words}; only notebooks in Python 3 are executed here" in error


@pytest.mark.slow
def test_a_cell_that_does_not_end_is_ended_with_its_kernel(tmp_path):
    path = write(tmp_path / "a.ipynb", ("1",), (STUBBORN,), ("print('after')",))
    error = execute(path, tmp_path / "out.ipynb", limits=Limits(cell=3)).error
    assert error == "cell [2] did not end within 3 s, a cell's limit; --cell-limit sets another"
    _, hung, after = read(tmp_path / "out.ipynb").cells
    assert after.outputs == []
    pid = hung.outputs[0].text.split()[1]
    status = Path(f"/proc/{pid}/stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.slow
def test_a_notebook_that_does_not_end_names_the_cell_it_was_in(tmp_path):
    write(tmp_path / "in" / "a.ipynb", ("2",), (ENDLESS,))
    limits = ("--cell-limit", 60, "--limit", 3)
    done = workbench("run", tmp_path / "in", *limits, env={"COLUMNS": "200"})
    assert done.returncode == 1
    assert "✗ cell [2] was running after 3 s, a notebook's limit; --limit sets another" in (
        done.stdout
    )


@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_a_kernel_that_dies_names_its_cell(tmp_path, end):
    path = write(tmp_path / "a.ipynb", ("import os",), (end,), ("1",))
    error = execute(path, tmp_path / "out.ipynb").error
    assert error == f"cell [2] {DIED}"


def test_a_notebook_may_end_itself(tmp_path):
    path = write(tmp_path / "a.ipynb", ("raise SystemExit(0)",), ("1 / 0",))
    assert execute(path, tmp_path / "out.ipynb").error is None
    assert execute(write(path, ("raise SystemExit(3)",)), path).error == "cell [1] SystemExit: 3"


@pytest.mark.slow
def test_what_cells_cost_is_told_with_the_notebook(tmp_path):
    large = "rows = bytearray(400_000_000); del rows"
    write(tmp_path / "in" / "a.ipynb", ("1",), ("import time; time.sleep(2.2)",), (large,))
    done = workbench("run", tmp_path / "in", "--out", tmp_path / "out", env={"COLUMNS": "200"})
    [row] = [line for line in done.stdout.splitlines() if "✓ ran" in line]
    _, name, cells, _, peak, slowest, _, _ = (cell.strip() for cell in row.split("│"))
    assert (name, cells) == ("a.ipynb", "3")
    assert 400 < int(peak) < 1000
    assert slowest.startswith(("[2] ", "[3] "))  # a busy machine may take longer for the third
    assert "[2] " in slowest


@pytest.mark.slow
def test_the_cell_under_way_is_told_and_afterwards_none(tmp_path):
    told = tmp_path / "told"
    told.mkdir()
    files = f"Path({str(told)!r}).iterdir() if p.is_file()"
    look = f"from pathlib import Path\nprint(*(p.read_text() for p in {files}))"
    paths = [write(tmp_path / "a.ipynb", ("1",), (look,), ("2",))]
    [result] = execute_all(paths, tmp_path / "out", None, 1, lambda _: None, under_way=told)
    assert result.error is None
    assert read(result.copy).cells[1].outputs[0].text == "a.ipynb [2/3]\n"
    assert under_way(told) == ""


def test_a_notebook_of_an_older_format_is_executed(tmp_path):
    cell = {"cell_type": "code", "input": "6 * 7", "outputs": [], "language": "python"}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    (result,) = execute_all([tmp_path / "old.ipynb"], tmp_path / "out", None, 1, lambda _: None)
    assert (result.cells, result.error) == (1, None)
    assert "42" in (tmp_path / "out/old.ipynb").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["while True: print('y' * 10_000)", "while True: display('y')"])
def test_a_cell_that_prints_without_end_is_ended(tmp_path, cell):
    path = write(tmp_path / "a.ipynb", ("1 + 1",), (cell,))
    (result,) = execute_all([path], tmp_path / "out", None, 1, lambda _: None)
    assert result.error.startswith("cell [2] printed more than 50 MB")
    assert (tmp_path / "out/a.ipynb").stat().st_size < 120 << 20
