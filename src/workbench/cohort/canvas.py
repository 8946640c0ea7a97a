"""A class's points and feedback as Canvas imports them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.cohort import collected, files
from workbench.cohort.layouts import CANVAS
from workbench.cohort.ledger import Ledger
from workbench.cohort.standings import full

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
NEXT = (
    "In Canvas: Grades, Import, canvas.csv; it asks for each problem_N whether that is a new "
    "assignment or which one it is.",
    "Whom neither a download from there nor the roster numbers has the roster's id as SIS Login "
    "ID, and who is not in the roster none: fill in theirs.",
    "In the assignment, Upload Submissions takes canvas-feedback.zip: a comment for each learner. "
    "It is there once `workbench report` has written feedback.",
)


def write(export: Ledger) -> Iterable[Path]:
    """The gradebook's own columns, and a zip of feedback for each download of submissions."""
    for older in export.folder.glob("canvas*"):
        older.unlink()
    downloads = _downloads(export)
    numbers = {who: number for own in downloads.values() for who, (number, _) in own.items()}
    yield export.table("canvas.csv", (*COLUMNS, *export.problems), _rows(export, numbers))
    for name, own in downloads.items():
        pages = {f"{prefix}feedback.html": export.feedback(who) for who, (_, prefix) in own.items()}
        pages = {called: page for called, page in pages.items() if page.is_file()}
        which = f"-{name}" if len(downloads) > 1 else ""
        if pages:
            yield files.zipped(export.folder / f"canvas-feedback{which}.zip", pages)


def _rows(export: Ledger, numbers: Mapping[str, str]) -> list[list[str]]:
    most = {problem: full(problem) for problem in export.problems}
    most |= {standing.problem: standing.max_score for standing in export.standings}
    rows = [
        ["    Points Possible", *[""] * 4, *(f"{most[problem]:g}" for problem in export.problems)]
    ]
    for learner, own in sorted(export.by_learner.items()):
        person = export.person(learner)
        # A name or a login in the place of its own number makes Canvas refuse the line; that of
        # another system may be somebody else's there.
        number = numbers.get(learner) or person.called("id")
        number = number if number.isdecimal() else ""
        known = [number, person.called("sis user id"), person.called("sis login id", "login id")]
        if not any(known) and person.row:
            known[-1] = learner
        known.insert(0, person.name if any(known) else export.called(learner))
        points = (export.points(own.get(problem)) for problem in export.problems)
        shown = ("" if value is None else f"{value:g}" for value in points)
        rows.append([*known, person.called("section"), *shown])
    return rows


def _downloads(export: Ledger) -> dict[str, dict[str, tuple[str, str]]]:
    """Download → learner → (Canvas's number for them, what the name of one of their files begins
    with): by that Canvas knows whom a file that is uploaded is for."""
    downloads: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for line in collected.read(export.root):
        name, match = line.source.split("/")[0], line.named("Canvas", CANVAS)
        if match and line.became == collected.TAKEN:
            prefix = match[0][: match.start("rest")]
            stem = re.sub(r"\.zip$", "", name, flags=re.I)
            downloads[stem].setdefault(line.learner, (match["id"], prefix))
    return downloads
