"""What learners are given: exercises and what they need to run; no solution, test or labelled
answer."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from workbench import exercises as package
from workbench.course.folder import holds_something
from workbench.exercises.registry import PROJECT, Exercise, exercises, find, graded
from workbench.graph import PipelineError

SOURCE = Path(package.__file__).parents[1]
BUILD = ("pyproject.toml", "hatch_build.py", "requirements.lock", "Makefile")
PARTS = ("*.py", "*.toml", "exercise.ipynb")  # of an exercise's folder
README = """\
# Exercises

    make setup
    .venv/bin/jupyter lab exercises

{listed}

Hand in the notebooks of this folder, saved and under these names.

An answer cell begins with `%%answer` and shows its report beneath when it is run; so does
`.venv/bin/workbench check PROBLEM FILE`. `.venv/bin/workbench refresh PROBLEM` sets a notebook
back and keeps yours beside it.
"""


def hand_out(target: Path, names: Sequence[str] = ()) -> list[Exercise]:
    """Write the folder; give the exercises in it. Raise PipelineError where there is something
    already, for an unknown exercise, and where this installation has no project."""
    chosen = [find(name) for name in dict.fromkeys(names or graded())]
    if holds_something(target):
        raise PipelineError(f"{target}: there is something already; name a new folder")
    if missing := [name for name in BUILD if not (PROJECT / name).is_file()]:
        raise PipelineError(f"{PROJECT}: no {missing[0]}; hand out from a clone of the project")
    try:
        _write(target, chosen)
    except BaseException:  # half a folder is no hand-out
        shutil.rmtree(target, ignore_errors=True)
        raise
    return chosen


def _write(target: Path, chosen: Sequence[Exercise]) -> None:
    (target / "exercises").mkdir(parents=True)
    own = {path.name for path in (SOURCE / "exercises").iterdir() if path.is_dir()}
    unwanted = ("__pycache__", *own.intersection(exercises()))
    shutil.copytree(SOURCE, target / "src/workbench", ignore=shutil.ignore_patterns(*unwanted))
    for exercise in chosen:
        folder = target / "src/workbench/exercises" / exercise.name
        folder.mkdir()
        for path in (path for pattern in PARTS for path in exercise.folder.glob(pattern)):
            shutil.copy(path, folder)
        shutil.copy(exercise.starter, target / "exercises" / f"{exercise.name}.ipynb")
    for name in BUILD:
        shutil.copy(PROJECT / name, target)
    listed = "\n".join(
        f"* `exercises/{exercise.name}.ipynb`: {exercise.title}" for exercise in chosen
    )
    (target / "README.md").write_text(README.format(listed=listed), encoding="utf-8")
