"""What a learner has tried and reached: a small SQLite file of their own, never sent anywhere."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from workbench import workspace
from workbench.exercises.registry import graded
from workbench.exercises.report import NOT_ATTEMPTED, UNUSABLE, Report
from workbench.exercises.verdict import PASSED
from workbench.graph import PipelineError
from workbench.wording import counted

PATIENCE = 30  # seconds for another notebook's turn
_TABLE = """CREATE TABLE IF NOT EXISTS attempts (
    problem TEXT NOT NULL, at TEXT NOT NULL, outcome TEXT NOT NULL,
    score REAL NOT NULL, max_score REAL NOT NULL, report TEXT NOT NULL)"""
# SQLite keeps whatever another program has put into a column.
_OURS = """typeof(problem) = 'text' AND typeof(score) IN ('real', 'integer')
    AND typeof(max_score) IN ('real', 'integer')"""
_PLACES = "CREATE TABLE IF NOT EXISTS places (place TEXT PRIMARY KEY, done INTEGER NOT NULL)"


@dataclass(frozen=True)
class Standing:
    """One problem: how often it was tried, the best score so far, whether it was ever passed."""

    problem: str
    attempts: int
    best: float
    max_score: float
    passed: bool

    @property
    def words(self) -> str:
        if not self.attempts:
            return "○ not attempted"
        tries = counted(self.attempts, "attempt")
        passed = "✓ passed" if self.passed else "… not yet"
        return f"{passed}, best {self.best:g} of {self.max_score:g}, {tries}"


@dataclass(frozen=True)
class Progress:
    """Where a learner stands in every problem, as text and as a table; ``places`` counts those in
    the lessons where the learner acted and had it right, ``practised`` what is in no grade."""

    standings: tuple[Standing, ...]
    places: int = 0
    practised: tuple[Standing, ...] = ()

    def __repr__(self) -> str:
        done = sum(standing.passed for standing in self.standings)
        shown = (*self.standings, *self.practised)
        lines = [f"  {standing.problem}: {standing.words}" for standing in shown]
        acted = [f"right answers in the lessons: {self.places}"] if self.places else []
        return "\n".join([f"{done} of {len(self.standings)} problems passed", *lines, *acted])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = "".join(
            f"<tr><th scope='row'>{standing.problem}</th>"
            f"<td style='text-align:left'>{escape(standing.words)}</td></tr>"
            for standing in (*self.standings, *self.practised)
        )
        acted = f"<p>{repr(self).splitlines()[-1]}</p>" if self.places else ""
        return {"text/html": f"<table>{rows}</table>{acted}", "text/plain": repr(self)}


@contextlib.contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    """The gradebook; a second notebook that writes at the same time waits for its turn.

    Raise PipelineError for a file that is none, or is not to be had.
    """
    path = workspace.home() / "gradebook.sqlite"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE)) as book, book:
            book.execute(_TABLE)
            book.execute(_PLACES)
            yield book
    except OSError as error:
        told = f"{error.filename}: {error.strerror}; {workspace.NEEDED}"
        raise PipelineError(told) from None
    except sqlite3.Error as error:
        raise PipelineError(
            f"{path}: {error}; close what holds it, or move it away and a new one is begun"
        ) from None


def enter(report: Report) -> None:
    """Write an attempt down.

    What could not be judged is none, nor is an answer that is still the starter. A problem is
    passed when all its parts are there; one part alone counts as an attempt.
    """
    if report.outcome in (NOT_ATTEMPTED, UNUSABLE):
        return
    whole = all(criterion.max_points for criterion in report.criteria)
    outcome = "partial" if report.outcome == PASSED and not whole else report.outcome
    row = (report.problem, datetime.now(UTC).isoformat(timespec="seconds"), outcome, report.score)
    with _open() as book:
        book.execute(
            "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?)",
            (*row, report.max_score, json.dumps(report.as_json())),
        )


def note(place: str, right: bool) -> None:
    """Write down that the learner acted at a place in a lesson; once right, it stays so."""
    with _open() as book:
        book.execute(
            "INSERT INTO places VALUES (?, ?) ON CONFLICT DO UPDATE SET done = max(done, ?)",
            (place, right, right),
        )


def progress() -> Progress:
    """Where you stand in the exercises."""
    with _open() as book:
        columns = "problem, count(*), max(score), max(max_score), max(outcome = 'passed')"
        table = f"SELECT {columns} FROM attempts WHERE {_OURS} GROUP BY problem"
        rows = book.execute(table).fetchall()
        places = book.execute("SELECT count(*) FROM places WHERE done").fetchone()[0]
    tried = {problem: Standing(problem, *rest) for problem, *rest in rows}
    untried = {problem: Standing(problem, 0, 0, 0, False) for problem in graded()}
    asked = tuple((untried | tried)[problem] for problem in untried)
    return Progress(asked, places, tuple(tried[one] for one in sorted(tried.keys() - untried)))
