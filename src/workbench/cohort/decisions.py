"""What a person has decided: `decisions.csv`, a line for a criterion of one answer.

A decision goes with the hash of the answer: it survives a regrade, and a new attempt does not
inherit it. Of several for the same criterion the last one counts.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from workbench.cohort import files
from workbench.exercises.registry import exercises
from workbench.exercises.report import UNUSABLE, outcome_of
from workbench.exercises.verdict import FAILED, NEEDS_REVIEW, PASSED
from workbench.graph import PipelineError

FILE = "decisions.csv"


@dataclass(frozen=True)
class Decision:
    """One criterion of one answer, decided by a person: passed or failed."""

    learner: str
    problem: str
    answer: str
    criterion: str
    outcome: str
    comment: str = ""
    who: str = ""
    at: str = ""


COLUMNS = tuple(field.name for field in fields(Decision))
Key = tuple[str, str, str]
Decided = Mapping[Key, Mapping[str, Decision]]


def key(learner: str, problem: str, answer: str) -> Key:
    """What decisions on this answer are found by: as the table's lines call its learner."""
    return files.as_read(learner), problem, answer


def read(root: Path) -> dict[Key, dict[str, Decision]]:
    """The decisions on each (learner, problem, answer), by criterion.

    Raise PipelineError for a table that lacks a column, or an outcome that is none.
    """
    decided: dict[Key, dict[str, Decision]] = {}
    for row in files.rows_of(root / FILE, COLUMNS[:5]):
        decision = Decision(**{name: row.get(name, "") for name in COLUMNS})
        if decision.outcome not in (PASSED, FAILED):
            where = f"{root / FILE}: {decision.learner}, {decision.criterion}"
            raise PipelineError(f"{where}: {decision.outcome!r} is neither {PASSED} nor {FAILED}")
        whose = decision.learner, decision.problem, decision.answer
        decided.setdefault(whose, {})[decision.criterion] = decision
    return decided


def add(root: Path, *decisions: Decision) -> None:
    """Write decisions down, beside those of before."""
    with files.turn(root):
        rows = [[row.get(name, "") for name in COLUMNS] for row in files.rows_of(root / FILE)]
        rows += [[*astuple(decision)] for decision in decisions]
        files.write(root / FILE, files.table(COLUMNS, rows))


def take_back(root: Path, *decisions: Decision) -> None:
    """Take away the last line about each of these criteria of these answers; the one before it, if
    there is any, counts again."""
    with files.turn(root):
        rows = files.rows_of(root / FILE)
        for decision in decisions:
            whose = decision.learner, decision.problem, decision.answer, decision.criterion
            about = [row for row in rows if tuple(row[name] for name in COLUMNS[:4]) == whose]
            if about:
                rows = [row for row in rows if row is not about[-1]]
        files.write(root / FILE, files.table(COLUMNS, (row.values() for row in rows)))


def applied(report: Mapping, decided: Mapping[str, Decision]) -> dict:
    """The report with what a person has decided in it: criteria, points and outcome."""
    if not decided:
        return dict(report)
    marks = [_decided(mark, decided.get(mark["id"])) for mark in report["criteria"]]
    required = [mark for mark in marks if not mark["stretch"]]
    return {
        **report,
        "criteria": marks,
        "outcome": _outcome(report, marks, decided),
        "score": sum(mark["points"] for mark in required),
        "stretch": {
            "score": sum(mark["points"] for mark in marks if mark["stretch"]),
            "max_score": report["stretch"]["max_score"],
        },
    }


def _decided(mark: Mapping, decision: Decision | None) -> dict:
    if decision is None:
        return dict(mark)
    points = mark["max_points"] if decision.outcome == PASSED else 0.0
    # What the judge doubted is no word to somebody whom a person lets pass.
    feedback = decision.comment or ("" if decision.outcome == PASSED else mark["feedback"])
    return {**mark, "outcome": decision.outcome, "points": points, "feedback": feedback}


def _outcome(report: Mapping, marks: list[dict], decided: Mapping[str, Decision]) -> str:
    """By the exercise's rule; what could not be judged is for a person until all is decided."""
    asked = [mark for mark in marks if mark["max_points"]]
    open_ = [mark for mark in asked if mark["id"] not in decided and not mark["stretch"]]
    if report["outcome"] == UNUSABLE and open_:
        return NEEDS_REVIEW
    exercise = exercises().get(report["problem"])
    outcomes = {mark["id"]: mark["outcome"] for mark in asked}
    return outcome_of(exercise, outcomes) if exercise else report["outcome"]
