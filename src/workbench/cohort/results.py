"""What was judged, a file for each learner and problem: results are added to it, never lost.

The file is the report that counts, as `workbench check --json` prints it, without what differs
from run to run; beside it stand `note`, `learner`, `attempt`, `key` (what it depends on) and
`withdrawn`; `others` holds the results that do not count, or not any more.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.cohort import files
from workbench.cohort.fingerprint import Key
from workbench.cohort.handins import LEARNERS, HandIn, in_order
from workbench.exercises.report import SHOWN, Report
from workbench.graph import PipelineError

OTHERS = "others"
# In what is quoted, an address in memory or the name of a job's folder, which say nobody anything.
DRAWN = re.compile(r"(?P<kind>\b0x|/workbench-)(?:(?<=0x)[0-9a-fA-F]{6,}|(?<=-)\w{8}\b)")
FOLDER = "folder"  # in the place of a problem, where a learner's folder could not be read


class Points(BaseModel):
    """What was reached, of how much."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)
    score: float
    max_score: float


class Marked(BaseModel):
    """A criterion as it is kept, of which everything can be told."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)
    id: str
    title: str
    outcome: Literal[*SHOWN]
    points: float
    max_points: float
    stretch: bool
    feedback: str


class Kept(Points):
    """A result as its file has it: another program, or a hand, may have written there since."""

    problem: str
    outcome: Literal[*SHOWN]
    stretch: Points
    seed: int | None
    note: str
    criteria: list[Marked]
    learner: str
    attempt: str
    key: dict
    withdrawn: bool


@dataclass(frozen=True)
class Result:
    """One judgement; withdrawn: its hand-in is not there any more."""

    learner: str
    problem: str
    attempt: str
    key: Key
    report: dict
    withdrawn: bool = False

    def is_of(self, attempt: str, key: Key) -> bool:
        """Whether it is what judging this would give."""
        return (self.attempt, self.key) == (attempt, key)

    def as_json(self) -> dict:
        whose = {"learner": self.learner, "attempt": self.attempt}
        return {**self.report, **whose, "key": asdict(self.key), "withdrawn": self.withdrawn}


def told(report: Report) -> dict:
    """The report as it is kept: the same for the same answer, whenever it is judged."""
    content = {**report.as_json(), "note": report.note}
    del content["duration_s"]
    for mark in content["criteria"]:
        mark["feedback"] = DRAWN.sub(r"\g<kind>…", mark["feedback"])
    return content


@dataclass(frozen=True)
class Store:
    """Where the results of a class lie: CLASS/results/<learner>/, of a plain folder OUT/<learner>/.

    root: where the class's own files lie.
    """

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "results" if (self.root / LEARNERS).is_dir() else self.root

    def path(self, learner: str, problem: str) -> Path:
        """The file of their results."""
        return self.folder / files.folder_of(learner) / f"{problem or FOLDER}.json"

    def of(self, learner: str, problem: str) -> list[Result]:
        """All that are kept, the one that counts first; none where there is no such file."""
        return _read(self.path(learner, problem), learner, problem)

    def everything(self) -> Iterator[list[Result]]:
        """The results of each learner and problem, in the order of their names."""
        for path in sorted(self.folder.glob("*/*.json")):
            if not path.is_symlink() and not path.parent.is_symlink():
                learner = _content(path).get("learner")
                if isinstance(learner, str) and files.folder_of(learner) == path.parent.name:
                    yield from filter(None, [_read(path, learner, _named(path))])

    def add(self, result: Result, hand_in: HandIn) -> bool:
        """Keep a result beside the older ones, one that says the same once; of a hand-in that is
        not there any more, as somebody may have been forgotten, none: give whether it is kept.

        Raise PipelineError where that cannot be.
        """
        with files.turn(self.root):
            if not hand_in.is_there:
                return False
            kept = self.of(result.learner, result.problem)
            others = [other for other in kept if replace(other, withdrawn=False) != result]
            self.write([result, *others])
        return True

    def write(self, results: list[Result]) -> None:
        """Put these in the place of what is kept of them, the first being the one that counts.

        Call it in your turn. The others are in the order of their attempts. Raise PipelineError
        where a link lies in the place of the folder.
        """
        counting, *others = results
        others.sort(key=lambda one: (in_order(one.attempt), json.dumps(one.as_json())))
        path = self.path(counting.learner, counting.problem)
        if path.parent.is_symlink():
            raise PipelineError(f"{path.parent}: it is a link; take it away, results go to there")
        content = counting.as_json() | {OTHERS: [result.as_json() for result in others]}
        text = json.dumps(content, indent=1, allow_nan=False) + "\n"
        if path.is_symlink() or not path.is_file() or path.read_text("utf-8") != text:
            files.write(path, text)


def newest(results: Iterable[Result], attempt: str, key: Key) -> Result | None:
    """The first of the results that is of this, None where there is none."""
    return next((result for result in results if result.is_of(attempt, key)), None)


def _named(path: Path) -> str:
    return "" if path.stem == FOLDER else path.stem


def _content(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _read(path: Path, learner: str, problem: str) -> list[Result]:
    """The results in a file; a file that is none of ours, or spoilt, has none."""
    if path.is_symlink():
        return []
    content = _content(path)
    try:
        told = [content, *content.pop(OTHERS)]
        return [_result(entry, learner, problem) for entry in told]
    except (LookupError, TypeError, ValidationError):
        return []


def _result(content: dict, learner: str, problem: str) -> Result:
    Kept.model_validate(content)
    ours = ("learner", "attempt", "key", "withdrawn")
    _, attempt, key, withdrawn = (content.pop(name) for name in ours)
    return Result(learner, problem, attempt, Key(**key), content, withdrawn)
