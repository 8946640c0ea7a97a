"""What was judged, as files: a report for each hand-in, and one table of all."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workbench.cohort.handins import HandIn
from workbench.exercises.report import Report
from workbench.graph import PipelineError

COLUMNS = ("learner", "problem", "outcome", "score", "max_score", "note")


def write_report(hand_in: HandIn, report: Report, out: Path) -> None:
    """Write OUT/<learner>/problem_N.json; raise PipelineError where that cannot be."""
    target = out / hand_in.learner / f"{hand_in.problem}.json"
    with _writing():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(report.as_json(), indent=1) + "\n", encoding="utf-8")


def write_grades(reports: Mapping[HandIn, Report], out: Path) -> Path:
    """Write OUT/grades.csv, in the order of ``reports``; raise PipelineError where that cannot
    be."""
    path = out / "grades.csv"
    with _writing(), path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for hand_in, report in reports.items():
            points = f"{report.score:g}", f"{report.max_score:g}"
            row = (hand_in.learner, hand_in.problem, report.outcome, *points, report.note)
            rows.writerow(row)
    return path


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PipelineError(
            f"{error.filename}: {error.strerror}; --out is the folder that the reports go to"
        ) from None
