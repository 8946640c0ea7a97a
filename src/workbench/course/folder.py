"""A learner's folder of the course: laid out by `workbench new`, brought up to date by
`workbench update`; an exercise in it is set back by `workbench refresh`.

`.course.json` in it says what the course gave, so that what the learner has changed is known.
"""

import importlib.metadata
import json
import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from workbench import workspace
from workbench.course import carrying
from workbench.course.carrying import mark
from workbench.exercises.registry import PROJECT, exercises, find
from workbench.extras import PROJECT as DISTRIBUTION
from workbench.graph import PipelineError

SHIPPED = Path(__file__).parents[1] / "shipped"
IGNORED = ".workbench/\n.venv/\n.ipynb_checkpoints/\n__pycache__/\n"


@dataclass(frozen=True)
class Change:
    """What has been done with one file, in words; nothing for one that is as it was."""

    file: str
    done: str

    def __str__(self) -> str:
        return f"{self.file}: {self.done}"


def course_files() -> dict[str, bytes]:
    """Path in a learner's folder → content, as this version of the course has it. Raise
    PipelineError for an installation without notebooks, as a hand-out is one."""
    notebooks = next(
        (folder for folder in (SHIPPED, PROJECT) if (folder / "notebooks").is_dir()), None
    )
    if notebooks is None:
        raise PipelineError(f"{SHIPPED}: this installation holds no course; install its wheel")
    files = {name: SHIPPED / name for name in ("README.md", "Makefile")}
    for path in sorted((notebooks / "notebooks").glob("*.ipynb")):
        files[f"notebooks/{path.name}"] = path
    for exercise in exercises().values():
        if exercise.starter.exists():
            files[f"exercises/{exercise.name}.ipynb"] = exercise.starter
    contents = {name: path.read_bytes() for name, path in files.items()}
    return {".gitignore": IGNORED.encode()} | contents


def lay_out(target: Path) -> list[str]:
    """Write the course into a new folder; give the files. Raise PipelineError where there is
    something already."""
    if holds_something(target):
        more = "; to bring it up to date: workbench update" if _note_of(target).exists() else ""
        raise PipelineError(f"{target}: there is something already; name a new folder{more}")
    files = course_files()
    for name, content in files.items():
        _write(target / name, content)
    _note(target, {name: _marks(name, content) for name, content in files.items()})
    return list(files)


def holds_something(target: Path) -> bool:
    """Whether there is a file of this name, or a folder that is not empty."""
    return target.exists() and any(target.iterdir() if target.is_dir() else [target])


def update(folder: Path) -> list[Change]:
    """Bring this version of the course into a learner's folder; say what was done.

    What the learner has not changed is replaced. What they have changed is kept beside the new
    file, and their answers are carried over into it. Nothing is ever taken away. Raise
    PipelineError for a folder that `workbench new` has not made.
    """
    given, files = _given(folder), course_files()
    changes = []
    for name, content in files.items():
        if done := _brought(folder / name, content, given.get(name, [])):
            changes.append(Change(name, done))
        given[name] = _marks(name, content)
        _note(folder, given)  # after each file: an update that is interrupted goes on from here
    gone = (name for name in given.keys() - files.keys() if (folder / name).exists())
    return [*changes, *(Change(name, "no part of the course any more; left") for name in gone)]


def refresh(name: str) -> tuple[Path, Path | None]:
    """Set an exercise's notebook back; give it and where the older one is kept, None where it was
    as it begins. Raise PipelineError where there is no folder of exercises."""
    beginning = find(name).starter.read_bytes()
    folders = (Path.cwd() / "exercises", PROJECT / "exercises")
    folder = next((path for path in folders if path.is_dir()), None)
    if folder is None:
        raise PipelineError(f"{Path.cwd()}: no exercises here; change into the course's folder")
    notebook, kept = folder / f"{name}.ipynb", None
    if notebook.exists() and notebook.read_bytes() != beginning:
        kept = _kept_beside(notebook, notebook.read_bytes())
    _write(notebook, beginning)
    return notebook, kept


def _brought(path: Path, new: bytes, given: list[str]) -> str:
    """Bring one file; what was done, in words."""
    if not path.exists():
        _write(path, new)
        return "was gone; written again" if given else "new"
    mine = path.read_bytes()
    if mine == new or mark(new) in given[:1]:  # the course's own, or yours and nothing is new
        return ""
    if mark(mine) in given[:1]:
        _write(path, new)
        return "replaced by the newer one"
    merged = carrying.carry(mine, new, given[1:]) if path.suffix == ".ipynb" else None
    kept = _kept_beside(path, mine)
    _write(path, merged.content if merged else new)
    return f"{merged or 'the newer one is in its place'}; yours is kept as {kept.name}"


def _kept_beside(path: Path, content: bytes) -> Path:
    names = (path.with_name(f"{path.stem}-before-{number}{path.suffix}") for number in count(1))
    kept = next(name for name in names if not os.path.lexists(name))
    _write(kept, content)
    return kept


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)


def _note_of(folder: Path) -> Path:
    return folder / workspace.COURSE


def _note(folder: Path, marks: dict[str, list[str]]) -> None:
    version = importlib.metadata.version(DISTRIBUTION)
    _write(_note_of(folder), json.dumps({"version": version, "files": marks}, indent=1).encode())


def _given(folder: Path) -> dict[str, list[str]]:
    note = _note_of(folder)
    if not note.is_file():
        raise PipelineError(
            f"{folder}: no course was laid out here; change into its folder, or make one: "
            "workbench new FOLDER"
        )
    try:
        files = json.loads(note.read_text(encoding="utf-8"))["files"]
        return {name: [str(part) for part in marks] for name, marks in files.items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        # Nothing is known of what was given, so everything counts as changed, and is kept.
        return {}


def _marks(name: str, content: bytes) -> list[str]:
    """What a file and, if it is a notebook, its cells are known by."""
    sources = carrying.sources_of(content) if name.endswith(".ipynb") else []
    return [mark(content), *(mark(source.encode()) for source in sources)]
