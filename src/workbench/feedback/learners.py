"""What goes back to a learner: feedback/<id>.html and .md."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.cohort import decisions, files
from workbench.cohort.ledger import FEEDBACK, Ledger
from workbench.cohort.standings import NOT_JUDGED, Standing
from workbench.exercises.report import NOT_ATTEMPTED, UNUSABLE
from workbench.feedback import marks, templates
from workbench.feedback.marks import Line

WORDS = {NOT_ATTEMPTED: "not attempted", NOT_JUDGED: "not judged yet"}


@dataclass(frozen=True)
class Part:
    """One problem, as its learner reads it."""

    problem: str
    title: str
    kind: str
    word: str
    points: str
    late: bool
    note: str
    lines: Sequence[Line]
    again: str

    @property
    def sign(self) -> str:
        return marks.SIGNS[self.kind]

    @property
    def required(self) -> list[Line]:
        return [line for line in self.lines if not line.stretch]

    @property
    def stretch(self) -> list[Line]:
        return [line for line in self.lines if line.stretch]


def write(whole: Ledger) -> list[Path]:
    """The pages of all learners; give the HTML ones. What lay there of nobody goes."""
    decided, folder = decisions.read(whole.root), whole.root / FEEDBACK
    written = []
    with files.turn(whole.root), files.telling():
        for learner, own in sorted(whole.by_learner.items()):
            content = _content(whole, learner, own, decided)
            for ending in ("html", "md"):
                path = folder / f"{files.folder_of(learner)}.{ending}"
                files.write(path, templates.page(f"learner.{ending}", **content))
                written.append(path)
        for path in set(folder.glob("*.*")).difference(written):
            path.unlink()
    return written[::2]


def _content(whole: Ledger, learner: str, own: Mapping, decided: decisions.Decided) -> dict:
    parts = [_part(standing, decided) for problem, standing in sorted(own.items()) if problem]
    kinds = [*marks.SIGNS]
    words = Counter(part.word for part in sorted(parts, key=lambda part: kinds.index(part.kind)))
    person = whole.person(learner)
    return {
        "learner": learner,
        "name": person.name or learner,
        "total": whole.total(learner),
        "counts": ", ".join(f"{count} {word}" for word, count in words.items()),
        "parts": parts,
    }


def _part(standing: Standing, decided: decisions.Decided) -> Part:
    result = standing.result
    answer = result.key.answer if result else ""
    own = decided.get(decisions.key(standing.learner, standing.problem, answer), {})
    seed = f" --seed {standing.seed}" if standing.seed is not None else ""
    kind = marks.kind_of_standing(standing)
    word = WORDS.get(standing.outcome, marks.WORDS[kind])
    unread = standing.outcome in (NOT_ATTEMPTED, UNUSABLE)
    lines = () if unread else marks.lines(standing, own)
    return Part(
        standing.problem,
        marks.title_of(standing.problem),
        kind,
        word,
        _points(standing),
        standing.late == "yes",
        standing.note,
        lines,
        f"workbench check {standing.problem} FILE{seed}" if lines else "",
    )


def _points(standing: Standing) -> str:
    if standing.score is None:
        return "no points yet"
    beyond = f", stretch {standing.stretch:g} of {standing.max_stretch:g}"
    told = f"{standing.score:g} of {standing.max_score:g} points"
    return told + (beyond if standing.max_stretch else "")
