"""What was judged, as files: a report for each hand-in, and one table of all that lie there.

Every file is written to the side and renamed: whoever reads sees the older one or the new one, and
a link in its place is replaced, never followed.
"""

import contextlib
import csv
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from workbench.cohort.handins import HandIn
from workbench.exercises.report import Report
from workbench.graph import PipelineError
from workbench.sandbox.message import printable

GRADES, LOCK = "grades.csv", ".grades.lock"
COLUMNS = ("learner", "problem", "outcome", "score", "max_score", "note")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet knows what it is to compute
RESERVED = {GRADES, LOCK, *("con", "prn", "aux", "nul")}
RESERVED |= {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
EXPLAINED = "--out is the folder that the reports go to"


def folder_of(learner: str) -> str:
    """The name of a learner's folder below OUT: their own, unless a file system or a table would
    take it for something else; then in percent signs."""
    # What is not UTF-8 in a name comes as surrogates, which stand for its bytes.
    name = quote(os.fsencode(learner), safe=" ") if printable(learner) != learner else learner
    if name.split(".")[0].lower() in RESERVED or name.lower() in RESERVED:
        return f"%{ord(name[0]):02X}{name[1:]}"
    return name


def write_report(hand_in: HandIn, report: Report, out: Path) -> None:
    """Write OUT/<learner>/problem_N.json; raise PipelineError where that cannot be."""
    if not hand_in.problem:
        return
    folder = out / folder_of(hand_in.learner)
    with _writing():
        if folder.is_symlink():
            raise PipelineError(f"{folder}: it is a link to something else; {EXPLAINED}")
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(report.as_json(), indent=1, allow_nan=False) + "\n"
        _replace(folder / f"{hand_in.problem}.json", text)


def write_grades(reports: Mapping[HandIn, Report], out: Path) -> Path:
    """Write OUT/grades.csv: these in their order, then the rows of others that are there already.

    Raise PipelineError where that cannot be.
    """
    path = out / GRADES
    with _writing(), _turn(out):
        rows = {(row[0], row[1]): row for row in map(_row, reports, reports.values())}
        others = [row for row in _rows(path) if (row[0], row[1]) not in rows]
        with _beside(path) as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            table.writerows([*rows.values(), *others])
    return path


def _row(hand_in: HandIn, report: Report) -> tuple[str, ...]:
    points = f"{report.score:g}", f"{report.max_score:g}"
    cells = (hand_in.learner, hand_in.problem, report.outcome, *points, report.note)
    return tuple(map(_harmless, cells))


def _harmless(cell: str) -> str:
    """The cell as text in every spreadsheet."""
    text = printable(os.fsencode(cell).decode(errors="backslashreplace"))
    return f"'{text}" if text.startswith(FORMULA) else text


def _rows(path: Path) -> list[list[str]]:
    """The rows of an older table whose reports are still there."""
    with contextlib.suppress(OSError, ValueError, csv.Error):
        if path.is_symlink():
            return []
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
            if tuple(header) == COLUMNS:
                return [row for row in rows if len(row) == len(COLUMNS)]
    return []


@contextmanager
def _turn(out: Path) -> Iterator[None]:
    """Alone with the table: a second grader waits, so that neither loses the other's rows."""
    descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, text: str) -> None:
    with _beside(path) as file:
        file.write(text)


@contextmanager
def _beside(path: Path) -> Iterator:
    """A file that takes the place of ``path`` when all of it is written."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", newline="", encoding="utf-8") as file:
            yield file
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = printable(os.fsdecode(error.filename2 or error.filename or "the disk"))
        raise PipelineError(f"{where}: {error.strerror}; {EXPLAINED}") from None
