"""What a learner gets back: a report per submission, as data, as text and as HTML of the same content.

A judge returns `{criterion: Verdict}`; `assemble` adds titles, points and the rule for passing. A criterion without a
verdict was not reached; one whose part is absent from the file counts for nothing.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

TOLD = tomllib.loads(Path(__file__).with_name("criteria.toml").read_text(encoding="utf-8"))
STOPPED, THOUGHTS = (
    TOLD.pop("stopped"),
    {problem: told.get("thoughts", {}) for problem, told in TOLD.items()},
)
# problem → (criterion, title, whether it is a stretch)
CRITERIA = {
    problem: tuple((name, title, name in told["stretch"]) for name, title in told["titles"].items())
    for problem, told in TOLD.items()
}
WORDS = {"passed": "passed", "failed": "not yet", "not_attempted": "not attempted", "needs_review": "needs review",
         "unusable": "could not be judged", "not_reached": "not reached"}  # fmt: skip
ICONS = {
    "passed": "✓",
    "failed": "✗",
    "not_reached": "○",
    "needs_review": "?",
    "not_attempted": "○",
    "unusable": "!",
}


@dataclass(frozen=True)
class Verdict:
    """One criterion, decided; feedback says what was called, what came, what was expected and one next thought."""

    outcome: str
    feedback: str = ""


@dataclass(frozen=True)
class Criterion:
    id: str
    title: str
    outcome: str
    points: float
    max_points: float  # 0 when the part it belongs to is absent
    stretch: bool
    feedback: str


@dataclass(frozen=True)
class Report:
    problem: str
    outcome: str
    criteria: tuple[Criterion, ...] = ()
    duration_s: float = 0.0
    stopped: str | None = None
    note: str = ""  # why it could not be judged, or what to do first

    @property
    def score(self) -> float:
        return sum(criterion.points for criterion in self.criteria)

    @property
    def max_score(self) -> float:
        return sum(criterion.max_points for criterion in self.criteria if not criterion.stretch)

    @property
    def exit_code(self) -> int:
        return {"passed": 0, "unusable": 2}.get(self.outcome, 1)

    def as_json(self) -> dict:
        """The report as `workbench check --json` prints it."""
        return {"schema": 1, "problem": self.problem, "outcome": self.outcome, "score": self.score,
                "max_score": self.max_score, "duration_s": round(self.duration_s, 3), "stopped": self.stopped,
                "criteria": [asdict(criterion) for criterion in self.criteria]}  # fmt: skip

    def _lines(self) -> tuple[str, list[tuple[str, str, str, str]], list[str]]:
        """Header, rows (icon, title, word, points) and closing paragraphs: the content that text and HTML share."""
        header = f"{ICONS[self.outcome]} {self.problem}: {WORDS[self.outcome]}"
        if self.outcome in ("not_attempted", "unusable"):
            return header, [], [self.note]
        rows = [
            (ICONS[each.outcome], each.title + (" (stretch)" if each.stretch else ""), WORDS[each.outcome],
             f"{each.points:g}/{each.max_points:g}" if each.max_points else "–")
            for each in self.criteria
        ]  # fmt: skip
        wrong = next((each for each in self.criteria if each.outcome == "failed"), None)
        shown = [
            each
            for each in self.criteria
            if each.feedback and (each is wrong or each.outcome != "failed")
        ]
        closing = [f"{each.title}: {each.feedback}" for each in shown]
        if self.outcome == "passed":
            closing.append(
                f"One solution: solutions/{self.problem}.ipynb. Another way: {TOLD[self.problem]['another_way']}."
            )
        return (
            f"{header}, {self.score:g} of {self.max_score:g} points",
            rows,
            [self.note] * bool(self.note) + closing,
        )

    def as_text(self) -> str:
        header, rows, closing = self._lines()
        width = max((len(title) for _, title, *_ in rows), default=0)
        table = [
            f"  {icon} {title:<{width}}  {points:>4}  {word}" for icon, title, word, points in rows
        ]
        return "\n".join([header, *table, *(["", *closing] if rows else closing)])

    __str__ = as_text

    def as_html(self) -> str:
        """No colour of its own but the accent of the edge, so that it reads on light and dark."""
        header, rows, closing = self._lines()
        edge = {"passed": "#009e73", "failed": "#d55e00"}.get(self.outcome, "#0072b2")
        cells = "".join(
            f"<tr><td>{icon}</td><td style='text-align:left'>{escape(title)}</td><td>{points}</td><td>{word}</td></tr>"
            for icon, title, word, points in rows
        )
        text = "".join(
            f"<p style='white-space:pre-wrap;margin:.4em 0'>{escape(paragraph)}</p>"
            for paragraph in closing
        )
        frame = f"border-left:.4em solid {edge};padding:.2em .8em;max-width:60em"
        return (
            f"<div style='{frame}'><strong>{escape(header)}</strong>"
            f"<table style='margin:.4em 0'>{cells}</table>{text}</div>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/plain": self.as_text(), "text/html": self.as_html()}


def assemble(problem: str, verdicts: Mapping[str, Verdict], *, stopped: str | None = None, stage: str | None = None,
             absent: Collection[str] = (), duration_s: float = 0.0, note: str = "") -> Report:  # fmt: skip
    """The report that these verdicts make. stage: the criterion in which the submission was stopped."""
    criteria = []
    for name, title, stretch in CRITERIA[problem]:
        verdict = verdicts.get(name, Verdict("not_reached"))
        if stopped and name == stage:
            verdict = Verdict(
                "failed", f"While this was tried, the answer was stopped: {STOPPED[stopped]}"
            )
        if name in absent:
            verdict = Verdict("not_reached", verdict.feedback)
        feedback = verdict.feedback[:2000]  # it may quote what an answer has written without end
        points = float(verdict.outcome == "passed")
        criteria.append(
            Criterion(
                name, title, verdict.outcome, points, float(name not in absent), stretch, feedback
            )
        )
    return Report(problem, _outcome(problem, criteria), tuple(criteria), duration_s, stopped, note)


def _outcome(problem: str, criteria: list[Criterion]) -> str:
    counted = [each for each in criteria if each.max_points and not each.stretch]

    def passes(*good: str) -> bool:
        right = [each.outcome in good for each in counted]
        if problem == "problem_1":
            return all(right[:3]) and sum(right[3:7]) >= 2 and right[7]
        return bool(right) and all(right)

    return (
        "passed"
        if passes("passed")
        else "needs_review"
        if passes("passed", "needs_review")
        else "failed"
    )


def unusable(problem: str, reason: str) -> Report:
    """A submission that could not be judged; nothing is said about the answer."""
    return _unjudged(problem, "unusable", reason)


def not_attempted(problem: str) -> Report:
    return _unjudged(
        problem,
        "not_attempted",
        "The answer is still the one the exercise begins with. Change it, then run the cell.",
    )


def _unjudged(problem: str, outcome: str, note: str) -> Report:
    rows = CRITERIA.get(problem, ())
    return Report(
        problem,
        outcome,
        tuple(Criterion(n, t, "not_reached", 0.0, 1.0, s, "") for n, t, s in rows),
        note=note,
    )
