"""What was handed in: a folder for each learner, a file for each problem."""

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from workbench.exercises.answers import SUFFIXES
from workbench.exercises.registry import exercises
from workbench.graph import PipelineError

SEVERAL = "there are several files for it ({}); hand in one"
MISNAMED = "{} is not a name that is judged; hand it in as {}.ipynb, .py, .md or .txt"
LINK = "it is a link to something else; hand in the file itself"


@dataclass(frozen=True)
class HandIn:
    """What one learner handed in for one problem; ``refused`` says why the file is not opened."""

    learner: str
    problem: str
    file: Path
    refused: str = ""


def hand_ins(folder: Path) -> list[HandIn]:
    """FOLDER/<learner>/problem_N.(ipynb|py|md|txt), sorted; raise PipelineError when there are
    none."""
    if not folder.is_dir():
        raise PipelineError(f"{folder}: no such folder; give one that holds a folder per learner")
    learners = sorted(path for path in folder.iterdir() if path.is_dir())
    handed_in = [hand_in for learner in learners for hand_in in _of_learner(learner)]
    if not handed_in:
        raise PipelineError(
            f"{folder}: no submissions; "
            "they are named <learner>/problem_1.ipynb (or .py, .md, .txt)"
        )
    return handed_in


def _of_learner(folder: Path) -> list[HandIn]:
    """One for each problem; one for none where the folder cannot be looked into."""
    try:
        files = sorted(file for file in folder.iterdir() if _problem(file))
    except OSError as error:
        return [HandIn(folder.name, "", folder, f"the folder cannot be read: {error.strerror}")]
    files.sort(key=_problem)
    groups = groupby(files, key=_problem)
    return [_hand_in(folder.name, problem, [*several]) for problem, several in groups]


def _problem(file: Path) -> str:
    """The problem that a file is meant for, whatever it is and however its name is spoilt."""
    if file.suffix == ".json":  # a report, where OUT is the folder itself
        return ""
    first = re.match(r"[a-z]+_\d+", file.name.casefold())
    return first[0] if first and first[0] in exercises() else _named(file)


def _named(file: Path) -> str:
    return file.stem if file.stem in exercises() and file.suffix in SUFFIXES else ""


def _hand_in(learner: str, problem: str, files: list[Path]) -> HandIn:
    """Links are refused unseen: they could lead out of the folder, to another learner's answer."""
    own = [file for file in files if not file.is_symlink() and not file.parent.is_symlink()]
    if len(files) > 1 and not _are_parts(files):
        refused = SEVERAL.format(", ".join(file.name for file in files))
    elif not own:
        refused = LINK
    elif not _named(own[0]):
        refused = MISNAMED.format(own[0].name, problem)
    else:
        asked = (*exercises()[problem].cells, "notebook")
        own.sort(key=lambda file: SUFFIXES[file.suffix] not in asked)
        return HandIn(learner, problem, own[0])
    return HandIn(learner, problem, files[0], refused)


def _are_parts(files: list[Path]) -> bool:
    """Whether each is another part of one answer: code in one, words in another."""
    kinds = {SUFFIXES[file.suffix] for file in files if _named(file)}
    return len(kinds - {"notebook"}) == len(files)
