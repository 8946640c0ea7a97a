"""What was handed in: a folder for each learner, a file for each problem."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from workbench.exercises.answers import SUFFIXES
from workbench.exercises.registry import exercises
from workbench.graph import PipelineError

SEVERAL = "there are several files for it ({}); hand in one"
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
    files = [file for file in sorted(folder.glob("*/*")) if _is_answer(file)]
    if not files:
        raise PipelineError(
            f"{folder}: no submissions; "
            "they are named <learner>/problem_1.ipynb (or .py, .md, .txt)"
        )
    groups = groupby(files, key=lambda file: (file.parent.name, file.stem))
    return [_hand_in(learner, problem, [*several]) for (learner, problem), several in groups]


def _is_answer(file: Path) -> bool:
    named = file.stem in exercises() and file.suffix in SUFFIXES
    return named and (file.is_file() or file.is_symlink())


def _hand_in(learner: str, problem: str, files: list[Path]) -> HandIn:
    """Links are refused unseen: they could lead out of the folder, to another learner's answer."""
    refused = ""
    if len(files) > 1:
        refused = SEVERAL.format(", ".join(file.name for file in files))
    elif files[0].is_symlink() or files[0].parent.is_symlink():
        refused = LINK
    return HandIn(learner, problem, files[0], refused)
