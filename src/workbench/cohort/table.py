"""The tables of a class, of all results there are: `grades.csv`, `junit.xml`, `timings.csv`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as xml

from workbench.cohort import files
from workbench.cohort.standings import NOT_HANDED_IN, WITHOUT_POINTS, Standing
from workbench.course.junit import legible
from workbench.exercises.verdict import PASSED

GRADES, JUNIT, TIMINGS = "grades.csv", "junit.xml", "timings.csv"
COLUMNS = ("learner", "problem", "attempt", "outcome", "score", "max_score")
COLUMNS += ("stretch", "max_stretch", "late", "seed", "note")
TIMED = ("learner", "problem", "attempt", "seconds")
Timings = Mapping[tuple[str, str, str], float]


def write(root: Path, standings: list[Standing]) -> Path:
    """Write grades.csv and junit.xml; give the path of the first. Call it in your turn."""
    files.write(root / GRADES, files.table(COLUMNS, map(_row, standings)))
    files.write(root / JUNIT, _junit(standings))
    return root / GRADES


def add_timings(root: Path, timed: Callable[[], Timings]) -> None:
    """Write down how long judging took, as is asked in the turn; what was not judged anew keeps its
    line."""
    with files.turn(root):
        rows = {
            tuple(row.values())[:3]: row["seconds"] for row in files.rows_of(root / TIMINGS, TIMED)
        }
        rows |= {
            tuple(map(files.as_read, whose)): f"{seconds:.3f}" for whose, seconds in timed().items()
        }
        files.write(root / TIMINGS, files.table(TIMED, ((*key, rows[key]) for key in sorted(rows))))


def _row(standing: Standing) -> tuple[str, ...]:
    score = "" if standing.score is None else f"{standing.score:g}"
    points = (standing.max_score, standing.stretch, standing.max_stretch)
    whose = standing.learner, standing.problem, standing.attempt, standing.outcome
    seed = "" if standing.seed is None else str(standing.seed)
    return (*whose, score, *(f"{value:g}" for value in points), standing.late, seed, standing.note)


def _junit(standings: list[Standing]) -> str:
    failed = [
        standing for standing in standings if standing.outcome not in (PASSED, *WITHOUT_POINTS)
    ]
    skipped = [standing for standing in standings if standing.outcome in WITHOUT_POINTS]
    counts = {"tests": len(standings), "failures": len(failed), "errors": 0}
    counts["skipped"] = len(skipped)
    suite = xml.Element("testsuite", name="class", **{name: str(n) for name, n in counts.items()})
    for standing in standings:
        whose, title = legible(files.harmless(standing.learner)), standing.problem or "a file"
        case = xml.SubElement(suite, "testcase", classname=whose, name=title)
        if standing.outcome != PASSED:
            kind = "skipped" if standing.outcome in WITHOUT_POINTS else "failure"
            xml.SubElement(case, kind, message=legible(_missing(standing)))
    xml.indent(suite)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{xml.tostring(suite, encoding='unicode')}\n"


def _missing(standing: Standing) -> str:
    """What is not met, in a line."""
    marks = standing.report.get("criteria", ())
    titles = [mark["title"] for mark in marks if mark["outcome"] != PASSED and not mark["stretch"]]
    where = "; ".join(titles) if standing.outcome != NOT_HANDED_IN else ""
    return ": ".join(filter(None, (standing.outcome, standing.note or where)))
