"""What a learner has tried and reached: a small SQLite file in the project's own folder, never sent anywhere."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from workbench import workspace
from workbench.exercises.answers import PARTS
from workbench.exercises.report import Report

_TABLE = """CREATE TABLE IF NOT EXISTS attempts (
    problem TEXT NOT NULL, at TEXT NOT NULL, outcome TEXT NOT NULL, score REAL NOT NULL, max_score REAL NOT NULL,
    report TEXT NOT NULL)"""


@dataclass(frozen=True)
class Standing:
    """One problem: how often it was tried, the best score so far, and whether it was ever passed."""

    problem: str
    attempts: int
    best: float
    max_score: float
    passed: bool

    @property
    def words(self) -> str:
        if not self.attempts:
            return "○ not attempted"
        tries = f"{self.attempts} attempt{'s' * (self.attempts != 1)}"
        return f"{'✓ passed' if self.passed else '… not yet'}, best {self.best:g} of {self.max_score:g}, {tries}"


@dataclass(frozen=True)
class Progress:
    """Where a learner stands in every problem, as text and as a table."""

    standings: tuple[Standing, ...]

    def __repr__(self) -> str:
        done = sum(standing.passed for standing in self.standings)
        lines = [f"{done} of {len(self.standings)} problems passed"]
        return "\n".join(
            lines + [f"  {standing.problem}: {standing.words}" for standing in self.standings]
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = "".join(
            f"<tr><th scope='row'>{standing.problem}</th><td style='text-align:left'>{escape(standing.words)}</td></tr>"
            for standing in self.standings
        )
        return {"text/html": f"<table>{rows}</table>", "text/plain": repr(self)}


@contextlib.contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    """The gradebook; a second notebook that writes at the same time waits for its turn."""
    folder = workspace.home()
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / "gradebook.sqlite", timeout=30)) as book, book:
        book.execute(_TABLE)
        yield book


def enter(report: Report) -> None:
    """Write an attempt down; what could not be judged, and an answer that is still the starter, is none.

    A problem is passed when all its parts are there; one part alone counts as an attempt.
    """
    if report.outcome in ("not_attempted", "unusable"):
        return
    whole = all(criterion.max_points for criterion in report.criteria)
    outcome = "partial" if report.outcome == "passed" and not whole else report.outcome
    row = (report.problem, datetime.now(UTC).isoformat(timespec="seconds"), outcome, report.score)
    with _open() as book:
        book.execute(
            "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?)",
            (*row, report.max_score, json.dumps(report.as_json())),
        )


def progress() -> Progress:
    """Where you stand in the five problems."""
    with _open() as book:
        columns = "problem, count(*), max(score), max(max_score), max(outcome = 'passed')"
        rows = book.execute(f"SELECT {columns} FROM attempts GROUP BY problem").fetchall()
    found = {problem: Standing(problem, *rest) for problem, *rest in rows}
    return Progress(
        tuple(found.get(problem, Standing(problem, 0, 0, 0, False)) for problem in PARTS)
    )
