"""What became of every file that was handed in: `collected.csv`, a line for each."""

from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from workbench.cohort import files
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
    def waits(self) -> bool:
        """Whether a person has to say what it is."""
        return self.became == WAITS

    @property
    def lacking(self) -> str:
        """What is said of an attempt that lacks what an earlier one has."""
        _, less, more = self.rule.partition(LESS)
        return less + more

    def timed(self, due: datetime | None) -> "Line":
        """The same with late as it is by this due time, where it is known when it was handed in."""
        if not self.submitted or due is None:
            return self
        is_late = datetime.fromisoformat(self.submitted).astimezone() > due.astimezone()
        return replace(self, late="yes" if is_late else "no")


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


def write(root: Path, lines: list[Line]) -> None:
    """Put these in the place of those there; call it in your turn."""
    files.write(root / FILE, files.table(COLUMNS, map(astuple, lines)))
