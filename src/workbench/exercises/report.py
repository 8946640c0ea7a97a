"""What a learner gets back: a report per submission, as data, as text and as the same in HTML.

A judge gives `{criterion: Verdict}`; `assemble` adds titles, points and the rule for passing. A
criterion without a verdict was not reached; one whose part is not asked for counts for nothing.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from html import escape

from workbench.exercises.registry import PROJECT, Criterion, Exercise
from workbench.exercises.verdict import (
    FAILED,
    NEEDS_REVIEW,
    NOT_REACHED,
    PASSED,
    UNTRIED,
    Verdict,
)
from workbench.language import t
from workbench.sandbox.client import layers_here
from workbench.sandbox.job import Observations
from workbench.sandbox.layers import Layers
from workbench.sandbox.message import printable

NOT_ATTEMPTED, UNUSABLE = "not_attempted", "unusable"
STOPPED = {
    "time": "it took too long and was ended; is there a loop or a wait that never ends, "
    "one in each of many calls, or an import that takes long?",
    "memory": "it needed more memory than is allowed; is something growing without bound?",
    "output": "it wrote more than is allowed; is something printed or written without bound?",
    "exit": "it ended the whole process; an answer returns or raises, it never exits.",
}
STOP = "While this was tried, the answer was stopped: {reason}"
WHY = STOP.removesuffix("{reason}")
SHOWN = {  # outcome → icon, words
    PASSED: ("✓", "passed"),
    FAILED: ("✗", "not yet"),
    NOT_REACHED: ("○", "not reached"),
    NEEDS_REVIEW: ("?", "needs review"),
    NOT_ATTEMPTED: ("○", "not attempted"),
    UNUSABLE: ("!", "could not be judged"),
}
UNREAD = "its file cannot be read here; a person has to look at it"
PARTS = {"code": "code", "prose": "explanation"}
LONGEST_FEEDBACK = 2000  # characters; it may quote what an answer has written without end
EDGES = {PASSED: "#009e73", FAILED: "#d55e00"}
EDGE = "#0072b2"
QUOTED = re.compile(r"(?<![`\\])`([^`\n]+)`(?!`)")  # code: signs that nothing else could pair
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Mark:
    """One criterion as it was judged; max_points is 0 when its part was not asked for."""

    id: str
    title: str
    outcome: str
    points: float
    max_points: float
    stretch: bool
    feedback: str


@dataclass(frozen=True)
class Report:
    """One submission as it was judged.

    stopped: by which limit, if it was; note: why it could not be judged, or what to do first;
    farewell: what is said to somebody who has passed; seed: what inputs were drawn from;
    confinement: what held where it was judged.
    """

    problem: str
    outcome: str
    criteria: tuple[Mark, ...] = ()
    duration_s: float = 0.0
    stopped: str | None = None
    note: str = ""
    farewell: str = ""
    seed: int | None = None
    confinement: Layers = field(default_factory=layers_here)

    @property
    def score(self) -> float:
        return sum(mark.points for mark in self.criteria if not mark.stretch)

    @property
    def max_score(self) -> float:
        return sum(mark.max_points for mark in self.criteria if not mark.stretch)

    @property
    def stretch(self) -> float:
        """What was reached beyond the score; it is never part of it."""
        return sum(mark.points for mark in self.criteria if mark.stretch)

    @property
    def max_stretch(self) -> float:
        return sum(mark.max_points for mark in self.criteria if mark.stretch)

    @property
    def points(self) -> str:
        """The score in words: `5 of 6, stretch 1 of 1`."""
        required = t("{score} of {most}", score=f"{self.score:g}", most=f"{self.max_score:g}")
        if not self.max_stretch:
            return required
        values = {"score": f"{self.stretch:g}", "most": f"{self.max_stretch:g}"}
        return required + t(", stretch {score} of {most}", **values)

    @property
    def exit_code(self) -> int:
        return {PASSED: 0, UNUSABLE: 2}.get(self.outcome, 1)

    def as_json(self) -> dict:
        """The report as `workbench check --json` prints it."""
        return {
            "schema": 1,
            "problem": self.problem,
            "outcome": self.outcome,
            "score": self.score,
            "max_score": self.max_score,
            "stretch": {"score": self.stretch, "max_score": self.max_stretch},
            "seed": self.seed,
            "confinement": self.confinement.as_json(),
            "duration_s": round(self.duration_s, 3),
            "stopped": self.stopped,
            "criteria": [asdict(mark) for mark in self.criteria],
        }

    def as_text(self) -> str:
        header, rows, closing = self._content()
        width = max((len(title) for _, title, *_ in rows), default=0)
        table = [
            f"  {icon} {title:<{width}}  {points:>4}  {word}" for icon, title, word, points in rows
        ]
        return "\n".join([header, *table, *(["", *closing] if rows else closing)])

    __str__ = as_text

    def as_html(self) -> str:
        """No colour of its own but the accent of the edge, so that it reads on light and dark."""
        header, rows, closing = self._content()
        cells = "".join(
            f"<tr><td>{icon}</td><td style='text-align:left'>{escape(title)}</td>"
            f"<td>{points}</td><td style='text-align:left'>{word}</td></tr>"
            for icon, title, word, points in rows
        )
        told = (QUOTED.sub(r"<code>\1</code>", escape(paragraph)) for paragraph in closing)
        text = "".join(f"<p style='white-space:pre-wrap;margin:.4em 0'>{part}</p>" for part in told)
        edge = EDGES.get(self.outcome, EDGE)
        frame = f"border-left:.4em solid {edge};padding:.2em .8em;max-width:60em"
        return (
            f"<div style='{frame}'><strong>{escape(header)}</strong>"
            f"<table style='margin:.4em 0'>{cells}</table>{text}</div>"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.as_text(), "text/html": self.as_html()}

    def _content(self) -> tuple[str, list[Row], list[str]]:
        """What text and HTML share.

        The header, rows of (icon, title, word, points), and closing paragraphs.
        """
        icon, words = SHOWN[self.outcome]
        header = f"{icon} {self.problem}: {t(words)}"
        if self.outcome in (NOT_ATTEMPTED, UNUSABLE):
            return header, [], [t(self.note)]
        paragraphs = [
            f"{mark.title}: {_told(mark.feedback)}"
            for mark in self.criteria
            if mark.feedback not in ("", UNTRIED)
        ]
        last = self.farewell if self.outcome == PASSED else ""
        closing = [text for text in (self.note, *paragraphs, last) if text]
        return f"{header}, {self.points}", [_row(mark) for mark in self.criteria], closing


def _told(feedback: str) -> str:
    """What the report itself has written is shown in the reader's language."""
    reason = feedback.removeprefix(WHY)
    return t(STOP, reason=t(reason)) if reason != feedback else t(feedback)


def _row(mark: Mark) -> Row:
    title = t("{title} (stretch)", title=mark.title) if mark.stretch else mark.title
    points = f"{mark.points:g}/{mark.max_points:g}" if mark.max_points else "–"
    icon, words = SHOWN[mark.outcome]
    return icon, title, t(words), points


def assemble(
    exercise: Exercise,
    verdicts: Mapping[str, Verdict],
    *,
    stopped: Observations | None = None,
    missing: Collection[str] = (),
    unread: Collection[str] = (),
    unasked: Collection[str] = (),
    duration_s: float = 0.0,
) -> Report:
    """The report that these verdicts make.

    stopped: the step in which the submission was stopped; missing: parts that were not handed in;
    unread: parts of which a file cannot be read, so that a person has to; unasked: parts that count
    for nothing.
    """
    verdicts = dict(verdicts)
    if stopped and not verdicts.get(stopped.stage, Verdict(FAILED)).stops:
        verdicts[stopped.stage] = Verdict(FAILED, WHY + STOPPED[stopped.stopped])
    unreached = {part: Verdict(NOT_REACHED, f"{PARTS[part]}: not handed in") for part in missing}
    unreached |= {part: Verdict(NEEDS_REVIEW, f"{PARTS[part]}: {UNREAD}") for part in unread}
    marks = tuple(
        _mark(
            criterion,
            verdicts.get(criterion.id) or unreached.get(criterion.part, Verdict(NOT_REACHED)),
            criterion.part not in unasked,
        )
        for criterion in exercise.criteria
    )
    return Report(
        exercise.name,
        outcome_of(exercise, {mark.id: mark.outcome for mark in marks if mark.max_points}),
        marks,
        duration_s,
        stopped.stopped if stopped else None,
        farewell=f"{_where(exercise)}Another way: {exercise.another_way}.",
    )


def _mark(criterion: Criterion, verdict: Verdict, asked: bool) -> Mark:
    outcome = verdict.outcome if asked else NOT_REACHED
    return Mark(
        criterion.id,
        criterion.title,
        outcome,
        points=criterion.points if outcome == PASSED else 0.0,
        max_points=criterion.points if asked else 0.0,
        stretch=criterion.stretch,
        feedback=printable(verdict.feedback[:LONGEST_FEEDBACK]) if asked else "",
    )


def _where(exercise: Exercise) -> str:
    """Where a solution lies; nothing where learners were given none."""
    solution = exercise.solution
    if not solution.exists():
        return ""
    inside = solution.is_relative_to(PROJECT)
    return f"One solution: {solution.relative_to(PROJECT) if inside else solution}. "


def outcome_of(exercise: Exercise, outcomes: Mapping[str, str]) -> str:
    """The outcome by the exercise's rule; outcomes: of the criteria that were asked."""
    every = [outcomes[name] for name in exercise.every if name in outcomes]
    groups = [
        (least, [outcomes[name] for name in group if name in outcomes])
        for least, group in exercise.at_least
    ]

    def holds(good: set[str]) -> bool:
        enough = (sum(outcome in good for outcome in group) >= least for least, group in groups)
        return bool(every or groups) and good.issuperset(every) and all(enough)

    if holds({PASSED}):
        return PASSED
    return NEEDS_REVIEW if holds({PASSED, NEEDS_REVIEW}) else FAILED


def unusable(problem: str, reason: str, exercise: Exercise | None = None) -> Report:
    """A submission that could not be judged; nothing is said about the answer."""
    note = printable(" ".join(reason[:LONGEST_FEEDBACK].split()))
    return Report(printable(problem), UNUSABLE, _unreached(exercise), note=note)


def not_attempted(exercise: Exercise) -> Report:
    """A submission that is still what the exercise begins with."""
    note = "The answer is empty or what the exercise begins with. Change it, then run the cell."
    return Report(exercise.name, NOT_ATTEMPTED, _unreached(exercise), note=note)


def _unreached(exercise: Exercise | None) -> tuple[Mark, ...]:
    criteria = exercise.criteria if exercise else ()
    return tuple(_mark(criterion, Verdict(NOT_REACHED), True) for criterion in criteria)
