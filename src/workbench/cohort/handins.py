"""What was handed in: a folder for each learner, a file for each part of a problem."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from workbench.cohort.files import OURS, PAGES
from workbench.cohort.names import is_canonical, problem_in
from workbench.exercises.answers import SUFFIXES
from workbench.exercises.registry import exercises
from workbench.graph import PipelineError

SEVERAL = "there are several files for it ({}); hand in one"
MISNAMED = "{} is not a name that is judged; hand it in as {}.ipynb, .py, .md or .txt"
LINK = "it is a link to something else; hand in the file itself"
LINKED = "the folder is a link to something else; hand in the folder itself"
NO_FOLDER = "it is no folder; hand in a folder"
ONLY = "1"  # the attempt of who hands in once
LEARNERS = "learners"


@dataclass(frozen=True)
class HandIn:
    """What one learner handed in for one problem; ``refused`` says why no file is opened."""

    learner: str
    problem: str
    files: tuple[Path, ...]
    attempt: str = ONLY
    refused: str = ""

    @property
    def file(self) -> Path:
        """The file that the others lie beside."""
        return self.files[0]

    @property
    def is_there(self) -> bool:
        """Whether any of it is there by now; whoever it is of may have been forgotten."""
        return any(os.path.lexists(file) for file in self.files)


def hand_ins(folder: Path) -> list[HandIn]:
    """All of a class (CLASS/learners/<learner>/<attempt>/…) or of a plain folder of submissions
    (FOLDER/<learner>/problem_N.*), sorted; raise PipelineError when there are none."""
    if not folder.is_dir():
        raise PipelineError(f"{folder}: no such folder; give one that holds a folder per learner")
    attempts = is_class(folder)
    # From here on, a link in a path is one that a learner has put there, maybe later than now.
    root = (folder / LEARNERS if attempts else folder).resolve()
    learners = sorted(path for path in root.iterdir() if _is_somebodys(path, attempts))
    handed_in = [hand_in for learner in learners for hand_in in _of_learner(learner, attempts)]
    if not handed_in and not attempts:
        raise PipelineError(
            f"{folder}: no submissions; they are named <learner>/problem_1.ipynb (or .py, .md, "
            f".txt); of an export of another kind, make a class: workbench collect {folder} "
            "--into CLASS"
        )
    return handed_in


def is_class(folder: Path) -> bool:
    """Whether it has `learners/`, and no learner is called so: a class's own files are there, or
    nobody beside it has handed in anything."""
    if not (folder / LEARNERS).is_dir():
        return False
    own = {*PAGES, "exercises", "solutions"}
    beside = [path for path in folder.iterdir() if _is_folder(path) and path.name not in own]
    ours = any((folder / name).is_file() for name in OURS)
    return ours or not any(_in_folder(path.name, ONLY, path) for path in beside)


def in_order(attempt: str) -> list:
    """What attempts are sorted by: numbers as numbers."""
    parts = re.split(r"(\d+)", attempt)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _of_learner(folder: Path, attempts: bool) -> Iterable[HandIn]:
    if not attempts or not _is_folder(folder):
        return _in_place(folder.name, ONLY, folder)
    if folder.is_symlink():
        return [HandIn(folder.name, "", (folder,), refused=LINKED)]
    try:
        inside = [path for path in folder.iterdir() if path.name[0] != "." and _is_somebodys(path)]
    except OSError as error:
        return [_unread(folder.name, folder, error)]
    inside = [path for path in inside if _is_folder(path) or path.suffix not in SUFFIXES]
    if not inside:
        return _in_folder(folder.name, ONLY, folder)
    inside.sort(key=lambda path: in_order(path.name))
    return [hand_in for path in inside for hand_in in _in_place(folder.name, path.name, path)]


def _in_place(learner: str, attempt: str, folder: Path) -> list[HandIn]:
    """What is in a folder; where it is none, or a link, nothing goes without a line for that."""
    handed_in = _in_folder(learner, attempt, folder) if _is_folder(folder) else []
    if handed_in or not (folder.is_symlink() or not _is_folder(folder)):
        return handed_in
    refused = LINKED if folder.is_symlink() else NO_FOLDER
    return [HandIn(learner, "", (folder,), attempt, refused)]


def _is_somebodys(path: Path, any_file: bool = False) -> bool:
    """Whether it is a folder, or in a folder's place: a link to one, or to nothing, a pipe, …;
    any_file: also what is an ordinary file."""
    if _is_folder(path):
        return True
    return path.name[0] != "." and (any_file or not path.is_file())


def _is_folder(path: Path) -> bool:
    """Also of what cannot be looked at: why not is told when it is opened."""
    try:
        return path.is_dir()
    except OSError:
        return True


def _unread(learner: str, folder: Path, error: OSError) -> HandIn:
    why = f"the folder cannot be read: {error.strerror}"
    return HandIn(learner, "", (folder,), refused=why)


def _in_folder(learner: str, attempt: str, folder: Path) -> list[HandIn]:
    """One for each problem; one for none where the folder cannot be looked into."""
    try:
        files = sorted(file for file in folder.iterdir() if _problem(file))
        files.sort(key=_problem)
        groups = groupby(files, key=_problem)
        return [_hand_in(learner, attempt, problem, [*several]) for problem, several in groups]
    except OSError as error:
        return [_unread(learner, folder, error)]


def _problem(file: Path) -> str:
    """The problem that a file is meant for, whatever it is and however its name is spoilt."""
    if file.suffix == ".json" or file.name.startswith("."):  # a report, of when they lay there
        return ""
    return problem_in(file.name) or ""


def _hand_in(learner: str, attempt: str, problem: str, files: list[Path]) -> HandIn:
    """Links are refused unseen: they could lead out of the folder, to another learner's answer."""
    named = [file for file in files if is_canonical(file) and file.suffix in SUFFIXES]
    kinds = {SUFFIXES[file.suffix] for file in named}
    own = [file for file in files if not file.is_symlink() and not file.parent.is_symlink()]
    named = [file for file in named if file in own]
    refused = ""
    if len(files) > 1 and len(kinds) < len(files):
        refused = SEVERAL.format(", ".join(file.name for file in files))
    elif not own:
        refused = LINK
    elif not named:
        refused = MISNAMED.format(files[0].name, problem)
    else:
        asked = ("notebook", *exercises()[problem].cells)
        named.sort(key=lambda file: SUFFIXES[file.suffix] not in asked)
        files = sorted(named, key=lambda file: SUFFIXES[file.suffix] != "notebook")
    return HandIn(learner, problem, tuple(files), attempt, refused)
