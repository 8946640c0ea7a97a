"""The command line: what it prints, and that a mistake is one line and an exit code."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from test_course import PARAMETERS, write

from workbench import doctor
from workbench.cli.app import app
from workbench.course.executions import names_of
from workbench.course.notebooks import read
from workbench.engines.registry import specs

PIPELINE = """
from workbench import Pipeline

pipeline = Pipeline("p")

@pipeline.task
def load(): ...

@pipeline.task
def train(load): ...
"""


ROOT = Path(__file__).parent.parent


def workbench(*arguments, **options):
    command = [sys.executable, "-m", "workbench", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, **options
    )


@pytest.mark.slow  # kernels start
def test_run_executes_a_folder_of_notebooks(tmp_path):
    write(tmp_path / "n" / "good.ipynb", PARAMETERS, ("assert seed == 5",))
    done = workbench("run", tmp_path / "n", "--seed", 5, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "good.ipynb" in done.stdout
    assert "✓ ran" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["good.ipynb", "junit.xml"]


def test_notebooks_of_one_name_have_a_copy_each(tmp_path):
    paths = [tmp_path / folder / "x.ipynb" for folder in "ab"]
    names = names_of(paths)
    assert len(set(names.values())) == 2
    assert all(Path(name).name == "x.ipynb" for name in names.values())


def test_what_executes_a_file_says_so():
    for command in ("draw", "step"):
        assert "execut" in workbench(command, "--help").stdout


@pytest.mark.slow
def test_run_says_which_cell_failed(tmp_path):
    write(tmp_path / "bad.ipynb", PARAMETERS, ("1 / 0",))
    done = workbench(
        "run",
        tmp_path / "bad.ipynb",
        env={"COLUMNS": "200", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "✗ cell [2] ZeroDivisionError: division by zero" in done.stdout


@pytest.mark.slow
def test_update_stores_outputs_and_leaves_a_failed_notebook_as_it_was(tmp_path):
    good = write(tmp_path / "n" / "good.ipynb", PARAMETERS, ("seed",))
    bad = write(tmp_path / "n" / "bad.ipynb", PARAMETERS, ("1 / 0",))
    before = bad.read_bytes()
    assert workbench("run", tmp_path / "n", "--update").returncode == 1
    assert read(good).cells[1].outputs[0].data["text/plain"] == "7"
    assert bad.read_bytes() == before


def test_draw_prints_the_words_and_writes_the_picture(tmp_path):
    (tmp_path / "p.py").write_text(PIPELINE)
    done = workbench("draw", tmp_path / "p.py", "--out", tmp_path / "p.svg")
    assert done.stdout.startswith("pipeline: 2 tasks in 2 waves: load → train\n")
    assert "<svg" in (tmp_path / "p.svg").read_text()


def test_draw_shows_a_record_with_its_states(tmp_path):
    (tmp_path / "p.py").write_text(
        PIPELINE + "from workbench import Run\nRun(pipeline, 'r').run_to('load')\n"
    )
    subprocess.run([sys.executable, "p.py"], cwd=tmp_path, check=True)
    assert "✓ load: success" in workbench("draw", tmp_path / "r" / "record.jsonl").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "nowhere"], "nowhere: no such file or folder; give notebooks"),
        (["run", "--update", "--seed", "1"], "so leave --seed and --acts away"),
        (["run", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["run", "n.ipynb", "--out", "x.txt"], "x.txt: File exists; --out is the folder that"),
        (["draw", "nowhere.py"], "nowhere.py: no such file; give a .py"),
        (["draw", "broken.py"], "broken.py, line 2: ZeroDivisionError: division by zero"),
        (["draw", "syntax.py"], "syntax.py, line 1: SyntaxError"),
        (["draw", "exits.py"], "exits.py, line 1: SystemExit: 3"),
        (["draw", "empty.py"], "nothing to draw; it defines no Pipeline"),
        (["draw", "cycle.py"], "form a cycle: load → train → load"),
        (["draw", "x.jsonl"], "not a record of a run"),
        (["draw", "x.txt"], "cannot be drawn; give a .py"),
        (["draw", "p.py", "--out", "no/p.svg"], "no/p.svg: No such file or directory; --out is"),
        (["lab"], "no notebooks here; change into the course's folder, or make one: "),
        (["exercises", "problem_3"], "problem_3: all exercises are derived at once; to prove one"),
        (["nix"], "No such command 'nix'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_two(tmp_path, arguments, words):
    files = {
        "broken.py": "x = 0\n1 / x\n",
        "syntax.py": "def (:\n",
        "exits.py": "raise SystemExit(3)\n",
        "empty.py": "x = 1\n",
        "cycle.py": PIPELINE.replace("def load()", "def load(train)"),
        "p.py": PIPELINE,
        "x.jsonl": "{}\n",
        "x.txt": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    write(tmp_path / "n.ipynb", PARAMETERS)
    done = workbench(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("workbench: ")
    assert words in done.stderr


@pytest.mark.parametrize("command", ["progress", "lab"])
def test_a_home_that_cannot_be_written_to_is_one_line_too(tmp_path, command):
    (tmp_path / "file").touch()
    environment = {**os.environ, "WORKBENCH_HOME": str(tmp_path / "file")}
    done = workbench(command, cwd=Path(__file__).parent, env=environment)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "file: File exists; the workbench needs a folder to write to" in done.stderr


GRAMMAR = """
import sys
from workbench.cli import main
sys.argv = ["workbench", "coverage"]
try:
    main()
finally:
    assert "nbformat" in sys.modules
    assert not sys.modules["rfc3987_syntax"]
"""


def test_no_command_waits_for_a_grammar_that_nobody_asks_for():
    subprocess.run([sys.executable, "-c", GRAMMAR], check=True, capture_output=True, cwd=ROOT)


def test_the_help_says_of_each_command_and_option_in_one_line_what_it_is_for():
    for command in app.registered_commands:
        words = inspect.getdoc(command.callback)
        assert re.fullmatch(r"[A-Z][^\n]{20,90}\.", words), command.callback.__name__
        for parameter in inspect.signature(command.callback, eval_str=True).parameters.values():
            if parameter.annotation is not typer.Context:
                [described] = parameter.annotation.__metadata__
                assert described.help, f"{parameter.name} of {command.callback.__name__}"


@pytest.mark.slow  # it imports every engine
def test_doctor_finds_this_machine_well():
    done = workbench("doctor")
    assert done.returncode == 0, done.stdout
    engines = [spec.title for spec in specs().values() if spec.distribution]
    assert len(engines) > 2
    for subject in (*engines, "Python", "drawing", "libgomp", "free port", "Chromium"):
        assert subject in done.stdout


def test_doctor_says_how_to_mend_what_does_not_work(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(doctor, "LIBRARIES", {"Nothing": ("nothing", "import nothing")})
    monkeypatch.setattr(doctor, "specs", dict)  # engines take seconds, and are whole
    broken = {
        finding.subject: finding.remedy for finding in doctor.examine() if finding.works is False
    }
    assert broken == {
        "Nothing": "make clean setup",
        "folder to write to": "set WORKBENCH_HOME to a folder of yours",
    }
