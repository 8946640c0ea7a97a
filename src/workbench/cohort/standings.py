"""Where each learner stands in each problem: what was judged, what a person decided, what is
missing."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.cohort import collected, decisions, roster
from workbench.cohort.results import Result
from workbench.cohort.settings import Settings
from workbench.exercises.registry import exercises
from workbench.exercises.report import NOT_ATTEMPTED, UNUSABLE
from workbench.exercises.verdict import FAILED, NEEDS_REVIEW, PASSED
from workbench.wording import counted

NOT_HANDED_IN = "not_handed_in"
NOT_JUDGED = "not_judged"  # handed in, and grading was stopped, or is another shard's
OPEN = "{} for a person: points may be added"
FOR_A_PERSON = (NEEDS_REVIEW, UNUSABLE)
WITHOUT_POINTS = (*FOR_A_PERSON, NOT_JUDGED)  # yet, which is not 0


@dataclass(frozen=True)
class Standing:
    """One learner in one problem; report: as it counts, {} where nothing was judged."""

    learner: str
    problem: str
    attempt: str
    outcome: str
    late: str
    note: str
    report: Mapping
    result: Result | None = None

    @property
    def score(self) -> float | None:
        """The points without the stretch; None as long as there are none, which is not 0."""
        return None if self.outcome in WITHOUT_POINTS else self.report.get("score", 0.0)

    @property
    def max_score(self) -> float:
        return self.report.get("max_score", full(self.problem))

    @property
    def stretch(self) -> float:
        return self.report.get("stretch", {}).get("score", 0.0)

    @property
    def max_stretch(self) -> float:
        return self.report.get("stretch", {}).get("max_score", 0.0)

    @property
    def open(self) -> int:
        """How many of its criteria wait for a person, whatever its outcome: points may be added."""
        marks = self.report.get("criteria", ())
        return sum(mark["outcome"] == NEEDS_REVIEW and mark["max_points"] > 0 for mark in marks)

    @property
    def seed(self) -> int | None:
        return self.report.get("seed")


def full(problem: str) -> float:
    """Its points without the stretch; 0 where there is no such exercise any more."""
    criteria = exercises()[problem].criteria if problem in exercises() else ()
    return sum(criterion.points for criterion in criteria if not criterion.stretch)


def standings(
    root: Path, results: Iterable[Result], settings: Settings, unjudged: Set[tuple[str, str]]
) -> list[Standing]:
    """A standing for each learner and problem that something is known of, in their order.

    unjudged: the (learner, problem) of what was handed in and has no result.
    """
    decided = decisions.read(root)
    taken = [line.timed(settings.due) for line in collected.read(root)]
    tried = [row for row in taken if row.attempt]
    late = collected.late(tried)
    said = {row.whose: replace(row, late=late[row.whose]) for row in tried}
    waiting = {(row.learner, row.problem): row for row in taken if row.waits}
    judged = [_judged(result, decided, said, settings, waiting) for result in results]
    known = {(standing.learner, standing.problem) for standing in judged} | unjudged
    later = [
        Standing(*whose, "", NOT_JUDGED, "", "handed in, and not judged yet", {})
        for whose in unjudged
    ]
    absent = [
        _absent(learner, problem, waiting)
        for learner, problem in sorted(_asked(root, known, settings, waiting) - known)
    ]
    return sorted(judged + later + absent, key=lambda one: (one.learner, one.problem))


def _judged(
    result: Result, decided: decisions.Decided, said: Mapping, settings: Settings, waiting: Mapping
) -> Standing:
    whose = result.learner, result.problem
    own = decided.get(decisions.key(*whose, result.key.answer), {})
    report = decisions.applied(result.report, own)
    outcome = _by_share(report, settings)
    gone = "withdrawn: its hand-in is not there any more" if result.withdrawn else ""
    line = said.get((*whose, result.attempt))
    less = line.lacking if line else ""
    is_late = line.late if line else ""
    made = Standing(*whose, result.attempt, outcome, is_late, "", report, result)
    # Where there are no points yet, the outcome says so.
    asked = made.open if made.score is not None else 0
    added = OPEN.format(counted(asked, "question")) if asked else ""
    notes = report["note"], gone, added, less, _waits(*whose, waiting)
    return replace(made, note=" ".join(filter(None, notes)))


def _by_share(report: Mapping, settings: Settings) -> str:
    """The outcome by the class's rule, where it is a share of the points."""
    outcome, share = report["outcome"], settings.passing
    if share == "criteria" or outcome in (UNUSABLE, NOT_ATTEMPTED):
        return outcome
    beyond = report["stretch"]["score"] if settings.stretch else 0.0
    needed, score = share * report["max_score"], report["score"] + beyond
    open_ = [mark for mark in report["criteria"] if mark["outcome"] == NEEDS_REVIEW]
    if score >= needed:
        return PASSED
    could = score + sum(mark["max_points"] for mark in open_ if not mark["stretch"])
    return NEEDS_REVIEW if could >= needed else FAILED


def _asked(
    root: Path, known: Set[tuple[str, str]], settings: Settings, waiting: Mapping
) -> set[tuple[str, str]]:
    """Every learner of the roster, or of whom anything is there, with every problem asked."""
    learners = {person.id for person in roster.read(root)}
    problems = set(settings.problems) or {problem for _, problem in known if problem}
    pairs = {(learner, problem) for learner in learners for problem in problems}
    pairs |= {(learner, problem) for learner, problem in waiting if problem and learner}
    heard = {learner for learner, _ in pairs | known}
    return pairs | {whose for whose in waiting if whose[0] and whose[0] not in heard}


def _waits(learner: str, problem: str, waiting: Mapping) -> str:
    """What is said of a file of theirs that may be for the problem, and that nobody has decided."""
    row = waiting.get((learner, problem)) or waiting.get((learner, ""))
    return f"a file waits for a person: {row.source} ({row.rule})" if row else ""


def _absent(learner: str, problem: str, waiting: Mapping) -> Standing:
    note = _waits(learner, problem, waiting)
    outcome = NEEDS_REVIEW if note else NOT_HANDED_IN
    return Standing(learner, problem, "", outcome, "", note, {})
