"""The wheel holds the course: installed into an empty environment, it is all a learner needs.

Packages come from uv's cache; what is not in it (a wheel's other version, a machine that is new) is
fetched from the index that pip is set to.
"""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from zipfile import ZipFile

import pytest
from test_lab import _address as address_of

from workbench.exercises.registry import exercises, graded

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).with_name("uv")
FOREIGN = ("PYTHONPATH", "VIRTUAL_ENV", "WORKBENCH_HOME", "WORKBENCH_TEMPLATES")


def run(*command, cwd=ROOT, code=0):
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """As `make wheel` builds it."""
    dist = tmp_path_factory.mktemp("dist")
    options = ["--no-build-isolation", "--python", sys.executable, "--out-dir", dist]
    run(UV, "build", "--quiet", "--wheel", *options)
    (path,) = dist.glob("*.whl")
    return path


def installed(wheel, folder, extra):
    """The `bin` of an empty environment with the wheel, one extra, and the locked versions."""
    run(UV, "venv", "--quiet", "--python", sys.executable, folder)
    lock = ROOT / "requirements.lock"
    options = ["--quiet", "--python", folder, "--constraints", lock, f"{wheel}[{extra}]"]
    try:
        run(UV, "pip", "install", "--offline", *options)
    except AssertionError:
        run(UV, "pip", "install", *options)
    return folder / "bin"


def test_the_wheel_holds_lessons_exercises_and_solutions_and_nothing_else_of_the_project(wheel):
    names = ZipFile(wheel).namelist()
    inside = {f"notebooks/{path.name}" for path in ROOT.glob("notebooks/*.ipynb")}
    shipped = {name.partition("shipped/")[2] for name in names if "/shipped/" in name}
    assert shipped == inside | {"Makefile", "README.md"}
    for name in exercises():
        for file in ("exercise", "solution"):
            assert f"workbench/exercises/{name}/{file}.ipynb" in names
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"workbench", f"{'-'.join(wheel.stem.split('-')[:2])}.dist-info"}


def test_the_readme_says_what_is_done_here(wheel):
    text = (ROOT / "README.md").read_text()
    commands = re.findall(r"^\$ (.*)", text, re.M)
    assert f"pip install 'dist/{wheel.name}[prefect,models]'" in commands
    assert {"workbench new course", "cd course && workbench lab"} <= set(commands)


@pytest.mark.slow
def test_a_learner_with_one_engine_works_outside_a_clone(wheel, tmp_path):
    bin_ = installed(wheel, tmp_path / "venv", "prefect")
    workbench, course = bin_ / "workbench", tmp_path / "course"
    assert "go on with" in run(workbench, "new", course, cwd=tmp_path)
    assert "there is something already" in run(workbench, "new", course, cwd=tmp_path, code=2)
    assert run(workbench, "update", cwd=course).startswith("everything is as this version has it")
    told = " ".join(run(workbench, "doctor", cwd=course).replace("│", " ").split())
    assert "Prefect ✓" in told
    assert "Airflow – not installed pip install" in told
    begun = course / "exercises/problem_3.ipynb"
    report = run(workbench, "check", "problem_3", begun, "--json", cwd=course, code=1)
    assert json.loads(report)["outcome"] == "not_attempted"
    begun.write_bytes((ROOT / "solutions/problem_3.ipynb").read_bytes())
    ways = ["PROBLEM=problem_3", f"WORKBENCH={workbench}"]
    assert "problem_3: passed" in run("make", "check", *ways, cwd=course)
    learner = tmp_path / "class/ann"
    learner.mkdir(parents=True)
    (learner / "problem_3.ipynb").write_bytes(begun.read_bytes())
    run(workbench, "grade", "class", "--out", "out", cwd=tmp_path)
    assert "ann,problem_3" in (tmp_path / "out/grades.csv").read_text()
    _answered_in_a_line(workbench, course)
    _served(workbench, course, tmp_path)


def _answered_in_a_line(workbench, course):
    """One lesson runs, and one says which extra it needs."""
    run(workbench, "run", "notebooks/0-start-here.ipynb", "--out", "out", cwd=course)
    told = run(workbench, "run", "notebooks/3.2-airflow.ipynb", "--out", "out", cwd=course, code=1)
    assert "cell [2] PipelineError: this notebook" in " ".join(re.sub("[│ ]+", " ", told).split())
    told = run(
        workbench, "check", "problem_2", ROOT / "solutions/problem_2.ipynb", cwd=course, code=2
    )
    assert "pip install 'pipeline-workbench[airflow]'" in told
    (course / "dag.py").write_text("from airflow.sdk import DAG\nDAG('d')\n")
    assert run(workbench, "draw", "dag.py", cwd=course, code=2) == (
        "workbench: Airflow is not installed here: pip install 'pipeline-workbench[airflow]'\n"
    )


def _served(workbench, course, folder):
    """JupyterLab opens on the start page."""
    log = folder / "log"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith("JUPYTER")
    }
    environment |= {"JUPYTER_RUNTIME_DIR": str(folder), "JUPYTER_CONFIG_DIR": str(folder)}
    with log.open("wb") as file:
        lab = subprocess.Popen(
            [workbench, "lab", "--no-browser", "--ServerApp.port=0"],
            cwd=course,
            env=environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        base, token = re.match(r"(http://[^/]+)/.*token=(\w+)", address_of(log, lab)).groups()
        page = f"{base}/api/contents/notebooks/0-start-here.ipynb?token={token}"
        with urllib.request.urlopen(page, timeout=150) as notebook:
            assert json.load(notebook)["type"] == "notebook"
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(150)


@pytest.mark.long
def test_with_everything_every_lesson_and_every_exercise_works_outside_a_clone(wheel, tmp_path):
    bin_ = installed(wheel, tmp_path / "venv", "all")
    workbench, course = bin_ / "workbench", tmp_path / "course"
    run(workbench, "new", course, cwd=tmp_path)
    assert "not installed" not in run(workbench, "doctor", cwd=course)
    _served(workbench, course, tmp_path)
    learner = tmp_path / "class/ann"
    learner.mkdir(parents=True)
    for name in exercises():
        solved = ROOT / f"solutions/{name}.ipynb"
        assert f"{name}: passed" in run(workbench, "check", name, solved, cwd=course)
        (learner / f"{name}.ipynb").write_bytes(solved.read_bytes())
    run(workbench, "grade", "class", "--out", "out", cwd=tmp_path)
    with (tmp_path / "out/grades.csv").open() as file:
        grades = {row["problem"]: row["outcome"] for row in csv.DictReader(file)}
    assert grades == dict.fromkeys(graded(), "passed")
    run(workbench, "run", "notebooks", "--acts", "--out", "out", cwd=course)
