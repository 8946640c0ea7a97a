"""A criterion and a standing as they are read: a sign, a word, and what there is to say."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.cohort.standings import FOR_A_PERSON, NOT_HANDED_IN, NOT_JUDGED, Standing
from workbench.exercises.registry import exercises
from workbench.exercises.report import NOT_ATTEMPTED
from workbench.exercises.verdict import FAILED, NEEDS_REVIEW, NOT_REACHED, PASSED, UNTRIED

MET, MISSED, OPEN, UNKNOWN, ABSENT = "met", "missed", "open", "unknown", "absent"
SIGNS = {MET: "✓", MISSED: "✗", OPEN: "?", UNKNOWN: "○", ABSENT: "·"}
WORDS = {
    MET: "passed",
    MISSED: "not yet",
    OPEN: "for a person",
    UNKNOWN: "not tried",
    ABSENT: "not handed in",
}
KINDS = {PASSED: MET, FAILED: MISSED, NEEDS_REVIEW: OPEN}
UNTRIED_YET = "As the answer is, it could not be tried."


@dataclass(frozen=True)
class Line:
    """One criterion of one answer. decided: by a person, not by the judge."""

    title: str
    kind: str
    points: str
    text: str
    stretch: bool
    decided: bool

    @property
    def sign(self) -> str:
        return SIGNS[self.kind]

    @property
    def word(self) -> str:
        return WORDS[self.kind]


def kind_of(mark: Mapping) -> str:
    """met, missed, open (for a person) or unknown (it was not tried)."""
    if mark["outcome"] == NOT_REACHED or (mark["outcome"], mark["feedback"]) == (FAILED, UNTRIED):
        return UNKNOWN
    return KINDS[mark["outcome"]]


def kind_of_standing(standing: Standing) -> str:
    """What became of an answer as a whole; absent where there is none, unknown where it is not
    judged yet."""
    if standing.outcome in FOR_A_PERSON:
        return OPEN
    if standing.outcome in (NOT_HANDED_IN, NOT_ATTEMPTED):
        return ABSENT
    return UNKNOWN if standing.outcome == NOT_JUDGED else KINDS[standing.outcome]


def asked(standing: Standing) -> list[Mapping]:
    """The marks that count for anything."""
    return [mark for mark in standing.report.get("criteria", ()) if mark["max_points"]]


def lines(standing: Standing, decided: Mapping = {}) -> list[Line]:
    """A line for each criterion; decided: the criteria that a person has decided."""
    exercise = exercises().get(standing.problem)
    thoughts = exercise.thoughts if exercise else {}
    return [_line(mark, thoughts, mark["id"] in decided) for mark in asked(standing)]


def _line(mark: Mapping, thoughts: Mapping[str, str], decided: bool) -> Line:
    kind, text = kind_of(mark), mark["feedback"]
    if kind == UNKNOWN:
        text = UNTRIED_YET if text in ("", UNTRIED) else text
    elif kind == MISSED:
        text = text or thoughts.get(mark["id"], "")
    points = f"{mark['points']:g} of {mark['max_points']:g}"
    return Line(mark["title"], kind, points, text, mark["stretch"], decided)


def title_of(problem: str) -> str:
    """What the exercise is called, nothing where it is not known here."""
    exercise = exercises().get(problem)
    return exercise.title if exercise else ""


def named(problem: str) -> str:
    """problem_3 → Problem 3"""
    return problem.replace("_", " ").capitalize()
