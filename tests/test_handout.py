"""What learners are given holds no answer, runs by itself, and can be set back."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import workbench

from workbench import PipelineError
from workbench.cli.app import writing
from workbench.cohort.handout import hand_out
from workbench.exercises.check import read
from workbench.exercises.registry import exercises

ROOT = Path(__file__).parent.parent


def texts(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".svg")
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in files}


def test_a_hand_out_holds_no_solution_no_test_and_no_labelled_answer(tmp_path):
    done = workbench("hand-out", tmp_path / "out", "--problems", "3,problem_5")
    assert done.returncode == 0, done.stderr
    assert "problem_3, problem_5 →" in done.stdout
    given = texts(tmp_path / "out")
    names = {path.relative_to(tmp_path / "out").parts[0] for path in given}
    assert names == {
        "README.md",
        "Makefile",
        "hatch_build.py",
        "exercises",
        "pyproject.toml",
        "requirements.lock",
        "src",
    }
    notebooks = {path.name for path in (tmp_path / "out/exercises").iterdir()}
    assert notebooks == {"problem_3.ipynb", "problem_5.ipynb"}
    assert not [path for path in given if path.name == "labels.json" or "solution" in path.name]
    for problem in exercises():
        answer = read(problem, ROOT / "solutions" / f"{problem}.ipynb")
        lines = max((answer.code or answer.prose).splitlines(), key=len)
        assert not [path for path, text in given.items() if lines.strip() in text], problem


def elsewhere(folder, *arguments):
    environ = {"PYTHONPATH": str(folder / "src"), "WORKBENCH_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "workbench", *arguments]
    return subprocess.run(
        command, cwd=folder, env=os.environ | environ, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_hand_out_judges_and_sets_an_exercise_back(tmp_path):
    folder = tmp_path / "out"
    hand_out(folder, ["problem_5"])
    notebook = folder / "exercises/problem_5.ipynb"
    begins = notebook.read_bytes()
    done = elsewhere(folder, "check", "problem_5", notebook, "--json")
    assert json.loads(done.stdout)["outcome"] == "not_attempted", done.stderr
    notebook.write_bytes((ROOT / "solutions/problem_5.ipynb").read_bytes())
    passed = elsewhere(folder, "check", "problem_5", notebook)
    assert "passed" in passed.stdout, passed.stderr
    assert "solutions/" not in passed.stdout
    for kept in ("problem_5-before-1.ipynb", None):
        done = elsewhere(folder, "refresh", "problem_5")
        assert done.returncode == 0, done.stderr
        assert (f"yours is kept as {kept}" if kept else "nothing was in its place") in done.stdout
        assert notebook.read_bytes() == begins
    kept = folder / "exercises/problem_5-before-1.ipynb"
    assert kept.read_bytes() == (ROOT / "solutions/problem_5.ipynb").read_bytes()
    assert "there is no 'problem_3'" in elsewhere(folder, "refresh", "problem_3").stderr


def test_an_exercise_of_ones_own_is_handed_out_like_the_others(tmp_path, monkeypatch):
    own = tmp_path / "own/practice_9"
    own.mkdir(parents=True)
    for name in ("exercise.toml", "judge.py", "probe.py", "exercise.ipynb"):
        source = ROOT / "src/workbench/exercises/problem_5" / name
        (own / name).write_text(source.read_text())
    for name in ("calls", "clock", "logs", "waits"):
        source = ROOT / f"src/workbench/exercises/problem_5/{name}.py"
        (own / f"{name}.py").write_text(source.read_text())
    (own / "solution.ipynb").write_text("secret")
    environ = os.environ | {"WORKBENCH_EXERCISES": str(own.parent)}
    done = workbench("hand-out", tmp_path / "out", "--problems", "practice_9", env=environ)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/exercises/practice_9.ipynb").exists()
    assert not [path for path, text in texts(tmp_path / "out").items() if text == "secret"]


def test_nothing_is_handed_out_over_something(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine").touch()
    with pytest.raises(PipelineError, match="there is something already"):
        hand_out(tmp_path / "out")
    with pytest.raises(PipelineError, match="there is no 'problem_9'"):
        hand_out(tmp_path / "new", ["problem_9"])


def test_an_exercise_that_is_named_twice_is_handed_out_once(tmp_path):
    (exercise,) = hand_out(tmp_path / "out", ["problem_1", "problem_1"])
    assert exercise.name == "problem_1"


def test_a_hand_out_onto_a_full_disk_is_one_line_and_no_half_a_folder(tmp_path, monkeypatch):
    reason = (str(tmp_path), str(tmp_path / "out/a.py"), "[Errno 28] No space left on device")

    def full(source, target, **options):
        target.mkdir(parents=True)
        raise shutil.Error([reason])

    monkeypatch.setattr(shutil, "copytree", full)
    told = "out/a.py: .*No space left on device; it goes there"
    full_disk = pytest.raises(PipelineError, match=told)
    with full_disk, writing("it goes there"):
        hand_out(tmp_path / "out")
    assert not (tmp_path / "out").exists()
