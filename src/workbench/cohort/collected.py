"""What became of every file that was handed in: `collected.csv`, a line for each."""

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from workbench.cohort import files
from workbench.cohort.layouts import CANVAS
from workbench.graph import PipelineError

FILE = "collected.csv"
LESS = "an earlier attempt has more: "  # an attempt counts as a whole
TAKEN, IGNORED, WAITS = "taken", "ignored", "for a person"


@dataclass(frozen=True)
class Line:
    """One file. became: taken, ignored, or for a person; rule: by which rule, or why.

    source: the export and the path in it; file: where it lies in the class; late: yes, no, or
    nothing where it is not known.
    """

    learner: str
    problem: str
    attempt: str
    became: str
    rule: str
    source: str
    file: str = ""
    sha256: str = ""
    submitted: str = ""
    late: str = ""
    name: str = ""

    @property
    def whose(self) -> tuple[str, str, str]:
        """The attempt that it is part of: the learner's, at a problem, which one."""
        return self.learner, self.problem, self.attempt

    @property
    def row(self) -> tuple[str, ...]:
        """Which line it is: of what file, and whose it is as which attempt."""
        return self.source, self.sha256, *self.whose

    @property
    def place(self) -> str:
        """The path in its export, which may be called otherwise when it is downloaded again."""
        return self.source.partition("/")[2]

    @property
    def is_moved(self) -> bool:
        """Whether it is said to be somebody else's than where it was stored: by a person."""
        stored = self.file.split("/")[1:2]
        return self.became == TAKEN and bool(stored) and self.learner not in ("", *stored)

    @property
    def waits(self) -> bool:
        """Whether a person has to say what it is."""
        return self.became == WAITS

    @property
    def lacking(self) -> str:
        """What is said of an attempt that lacks what an earlier one has."""
        _, less, more = self.rule.partition(LESS)
        return less + more

    def timed(self, due: datetime | None) -> "Line":
        """The same with late as it is by this due time, where it is known when it was handed in;
        what its learning system has marked stays late."""
        if not self.submitted or due is None:
            return self
        is_late = datetime.fromisoformat(self.submitted).astimezone() > due.astimezone()
        return replace(self, late="yes" if is_late or self._is_marked else "no")

    def named(self, layout: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """How this learning system has named it: outermost, or deeper where it was taken by that;
        what a learner has named so says nothing."""
        by = self.rule.partition(LESS)[0].rstrip("; ").rpartition(", ")[2]
        parts = self.source.split("/")[1:]
        if self.became == TAKEN and self.rule.startswith("by ") and by != layout:
            return None
        within = parts if by == layout else parts[:1]
        return next(filter(None, map(pattern.fullmatch, within)), None)

    @property
    def _is_marked(self) -> bool:
        """Whether Canvas has said so."""
        mark = self.named("Canvas", CANVAS)
        return bool(mark and mark["late"])


COLUMNS = tuple(field.name for field in fields(Line))


def read(root: Path) -> list[Line]:
    """The lines of a class, none where nothing was collected.

    Raise PipelineError for a line of which a person has said what is not understood.
    """
    lines = []
    for number, row in enumerate(files.rows_of(root / FILE, COLUMNS[:6]), 2):
        became = " ".join(row["became"].casefold().split())
        if became not in (TAKEN, IGNORED, WAITS):
            known = f"{TAKEN}, {IGNORED} or {WAITS}"
            said = f"{row['became']!r} is none of {known}"
            raise PipelineError(f"{root / FILE}: line {number} ({row['source']}): {said}")
        told = {name: row.get(name, "") for name in COLUMNS}
        lines.append(Line(**told | {"became": became}))
    return lines


def kept(earlier: Iterable[Line], lines: Iterable[Line]) -> list[Line]:
    """The earlier ones that hold beside these: of what was taken and is not there any more, and of
    an earlier attempt with the same in the same file."""
    told = {
        line.row[:length] for line in lines for length in ((1, 2, 4, 5) if line.attempt else (1, 2))
    }
    return [
        line
        for line in earlier
        if (line.became == TAKEN or line.row[:1] not in told)
        and (line.row[:2] not in told or (line.row[:4] in told and line.row not in told))
    ]


def late(lines: Iterable[Line]) -> dict[tuple[str, str, str], str]:
    """Of each attempt (learner, problem, attempt) whether it is late: as the last of its files is,
    each of which counts from when it was first handed in."""
    parts = {}
    for line in lines:
        said = [line.late, parts.get((*line.whose, line.file), "")]
        parts[*line.whose, line.file] = min(filter(None, said), default="")
    attempts: dict[tuple[str, str, str], str] = {}
    for (*whose, _), said in parts.items():
        attempts[*whose] = max(said, attempts.get((*whose,), ""))
    return attempts


def write(root: Path, lines: list[Line]) -> None:
    """Put these in the place of those there; call it in your turn."""
    files.write(root / FILE, files.table(COLUMNS, map(astuple, lines)))
