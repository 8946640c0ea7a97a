"""A class's points as a learning system imports them, in CLASS/export/."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

from workbench.cohort import canvas, collected, files, formats, moodle, roster, table
from workbench.cohort.ledger import Ledger
from workbench.cohort.standings import NOT_HANDED_IN, NOT_JUDGED
from workbench.graph import PipelineError

NBGRADER = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email")
NBGRADER += ("raw_score", "late_submission_penalty", "score", "max_score")


def write(name: str, export: Ledger) -> list[Path]:
    """Write it for this system; give the files. Raise PipelineError for one that is not known,
    and where nothing is graded yet."""
    if name not in WRITERS:
        raise PipelineError(f"--for {name}: the systems are {', '.join(WRITERS)}")
    if not export.standings:
        raise PipelineError(f"{export.root}: nothing is graded yet; workbench grade {export.root}")
    with files.turn(export.root):
        return list(WRITERS[name](export))


def _nbgrader(export: Ledger) -> Iterable[Path]:
    """As nbgrader's own CSV exporter writes it."""
    rows = []
    for standing in filter(attrgetter("problem"), export.standings):
        person, points = export.person(standing.learner), export.points(standing)
        last, first = person.called(*roster.LAST), person.called(*roster.FIRST)
        score = "" if points is None else f"{points:g}"
        known = (last, first, person.called("email address", "email"))
        whose = (standing.problem, export.settings.due or "", "", standing.learner, *known)
        rows.append((*whose, score, "0", score, f"{standing.max_score:g}"))
    yield export.table("nbgrader.csv", NBGRADER, rows)


def _reports(name: str, file: str) -> Callable[[Ledger], Iterable[Path]]:
    """A report for each learner and problem, as a grader on that platform would have written it."""

    def write(export: Ledger) -> Iterable[Path]:
        shutil.rmtree(export.folder / name, ignore_errors=True)
        times = _times(export)
        for standing in export.standings:
            if standing.outcome not in (NOT_HANDED_IN, NOT_JUDGED) and standing.problem:
                empty = {"problem": standing.problem, "criteria": ()}
                report = (standing.report or empty) | {"outcome": standing.outcome}
                time = times.get((standing.learner, standing.problem, standing.attempt))
                known = {"OWNER": standing.learner, "SUBMITTED_AT": time or "1970-01-01T00:00:00Z"}
                content = formats.rendered(name, report, standing.note, known)
                home = export.folder / name / files.folder_of(standing.learner)
                path = home / standing.problem / file
                files.write(path, json.dumps(content, indent=1) + "\n")
        yield export.folder / name

    return write


def _times(export: Ledger) -> dict[tuple[str, str, str], str]:
    """When each attempt was handed in, in UTC, where that is known."""
    taken = (line for line in collected.read(export.root) if line.attempt and line.submitted)
    moments = ((datetime.fromisoformat(line.submitted), line.whose) for line in taken)
    told = sorted((moment.astimezone(UTC), whose) for moment, whose in moments)
    return {whose: f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment, whose in told}


def _junit(export: Ledger) -> Iterable[Path]:
    table.write(export.root, list(export.standings))
    yield export.root / table.JUNIT


NEXT = {  # what to do with them there
    "canvas": canvas.NEXT,
    "moodle": moodle.NEXT,
}
WRITERS: Mapping[str, Callable[[Ledger], Iterable[Path]]] = {
    "canvas": canvas.write,
    "moodle": moodle.write,
    "gradescope": _reports("gradescope", "results.json"),
    "classroom50": _reports("classroom50", "result.json"),
    "nbgrader": _nbgrader,
    "junit": _junit,
}
