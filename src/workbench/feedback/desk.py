"""What a person has to decide, or wants to decide otherwise: equal texts once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from workbench.cohort import decisions
from workbench.cohort.decisions import Decision
from workbench.cohort.handins import HandIn
from workbench.cohort.ledger import Ledger
from workbench.cohort.standings import FOR_A_PERSON, Standing
from workbench.exercises.registry import exercises
from workbench.exercises.report import UNUSABLE
from workbench.exercises.verdict import FAILED, NEEDS_REVIEW, PASSED
from workbench.feedback import marks
from workbench.feedback.texts import LONGEST, Texts
from workbench.graph import PipelineError
from workbench.sandbox.message import printable

SENTENCE = re.compile(r"“([^”]+)”")
PARTS = {"code": "Code", "prose": "Words", "show": "Shown", "file": "What was handed in"}
LISTED = (*decisions.COLUMNS, "asked", "sentence", "understood", "others", "text")


@dataclass(frozen=True)
class Question:
    """One criterion that is open, of all the answers whose text is the same."""

    criterion: str
    answers: tuple[Standing, ...]

    @property
    def first(self) -> Standing:
        return self.answers[0]

    def waits(self, standing: Standing, decided: decisions.Decided) -> bool:
        """Whether nobody has decided it of this answer."""
        return self.criterion not in decided.get(_key(standing), {})


class Desk:
    """The answers of a class, as they are decided on. who: writes the decisions."""

    def __init__(self, whole: Ledger, hand_ins: Iterable[HandIn], who: str) -> None:
        self.whole, self._texts, self._who = whole, Texts(hand_ins), who
        self.answers: Sequence[Standing] = [
            standing for standing in whole.standings if standing.result and marks.asked(standing)
        ]
        asked, known = self._asked(), self._decisions()
        self._by_answer = {
            (*_key(standing), question.criterion): question
            for question in asked
            for standing in question.answers
        }
        undecided = [
            (
                question.criterion,
                tuple(one for one in question.answers if question.waits(one, known)),
            )
            for question in asked
        ]
        self.questions = [Question(*question) for question in undecided if question[1]]

    def texts(self, standing: Standing) -> dict[str, str]:
        """part → text; of what cannot be read as an answer, the file as it begins."""
        answer = self._texts.answer(standing)
        exercise = exercises().get(standing.problem)
        parts = exercise.cells if exercise and answer else ()
        texts = {part: printable((answer.part(part) or "").strip("\n")) for part in parts}
        texts = {part: text[:LONGEST] for part, text in texts.items() if text.strip()}
        return texts or {"file": self._texts.raw(standing)}

    def path(self, standing: Standing) -> str:
        """Where it lies."""
        return self._texts.path(standing)

    def decided(self, standing: Standing) -> Mapping[str, Decision]:
        """What is decided of an answer by now, by criterion."""
        return self._decisions().get(_key(standing), {})

    def marks(self, standing: Standing) -> list[Mapping]:
        """Its criteria as they stand by now."""
        report = decisions.applied(standing.result.report, self.decided(standing))
        return [mark for mark in report["criteria"] if mark["max_points"]]

    def question(self, standing: Standing, criterion: str) -> Question | None:
        """The question that this is part of, None where it is none."""
        return self._by_answer.get((*_key(standing), criterion))

    def alike(self, standing: Standing, criterion: str) -> tuple[Standing, ...]:
        """The answers that one decision on this criterion is about: those of the same text, but
        for whom somebody has decided otherwise for itself."""
        question, decided = self.question(standing, criterion), self._decisions()

        def outcome(one: Standing) -> str:
            own = decided.get(_key(one), {}).get(criterion)
            return own.outcome if own else ""

        answers = question.answers if question else (standing,)
        return tuple(one for one in answers if outcome(one) == outcome(standing))

    def _decisions(self) -> decisions.Decided:
        return decisions.read(self.whole.root)

    def open(self) -> list[Question]:
        """The questions that nobody has answered by now."""
        decided = self._decisions()
        return [question for question in self.questions if question.waits(question.first, decided)]

    def decide(
        self, answers: Iterable[Standing], criterion: str, outcome: str, comment: str
    ) -> None:
        """Write it down; "" takes the last decision back. Raise PipelineError for what is none."""
        answers = [*answers]
        check(answers[0], criterion, outcome)
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        made = [
            Decision(*_key(standing), criterion, outcome, comment.strip(), self._who, at)
            for standing in answers
        ]
        write = decisions.add if outcome else decisions.take_back
        write(self.whole.root, *made)

    def _asked(self) -> list[Question]:
        """What the judge left open, also what is decided since, which may be decided otherwise; by
        problem; what an outcome waits for comes first."""
        alike: dict[tuple[str, str, str], list[Standing]] = {}
        waiting = [standing for standing in self.answers if standing.outcome in FOR_A_PERSON]
        others = [standing for standing in self.answers if standing.outcome not in FOR_A_PERSON]
        for standing in (*waiting, *others):
            texts = None
            for mark in standing.result.report["criteria"]:
                if mark["max_points"] and _is_open(standing, mark):
                    texts = texts or self.texts(standing)
                    text = texts.get(part_of(standing.problem, mark["id"]), str(texts))
                    if len(text) >= LONGEST or "file" in texts:  # what differs may not be shown
                        text = standing.result.key.answer
                        # Of what nothing can be shown, one is not known to be like another.
                        text += "" if texts.get("file", text) else f" of {standing.learner}"
                    key = standing.problem, mark["id"], text
                    alike.setdefault(key, []).append(standing)
        return [Question(criterion, tuple(several)) for (_, criterion, _), several in alike.items()]


def part_of(problem: str, criterion: str) -> str:
    """The part of an answer that a criterion is judged by."""
    exercise = exercises().get(problem)
    parts = {one.id: one.part for one in exercise.criteria} if exercise else {}
    return parts.get(criterion, "")


def sentence_of(feedback: str) -> str:
    """The sentence that the judge was in doubt about, nothing where it names none."""
    quoted = SENTENCE.search(feedback)
    return quoted[1] if quoted else ""


def _key(standing: Standing) -> decisions.Key:
    return decisions.key(standing.learner, standing.problem, standing.result.key.answer)


def _is_open(standing: Standing, mark: Mapping) -> bool:
    unread = standing.result.report["outcome"] == UNUSABLE and not mark["stretch"]
    return unread or mark["outcome"] == NEEDS_REVIEW


def listed(desk: Desk) -> list[tuple[str, ...]]:
    """Every open question as a row, to be filled in."""
    rows = []
    for question in desk.open():
        first = question.first
        mark = next(one for one in desk.marks(first) if one["id"] == question.criterion)
        texts = desk.texts(first)
        text = (
            texts.get(part_of(first.problem, mark["id"])) or "\n\n".join(texts.values())[:LONGEST]
        )
        told = mark["feedback"] or first.note
        empty = Decision(*_key(first), mark["id"], "")
        said = (mark["title"], sentence_of(told), told, str(len(question.answers) - 1), text)
        rows.append((*astuple(empty), *said))
    return rows


def check(standing: Standing, criterion: str, outcome: str) -> None:
    """Raise PipelineError for a decision that is none."""
    if criterion not in {mark["id"] for mark in marks.asked(standing)}:
        raise PipelineError(f"{standing.problem} has no criterion {criterion!r}")
    if outcome not in (PASSED, FAILED, ""):
        raise PipelineError(f"{outcome!r} is neither {PASSED} nor {FAILED}")


def taken(desk: Desk, rows: Iterable[Mapping[str, str]]) -> int:
    """Decide as the rows say in which there is an outcome; give how many those are.

    Raise PipelineError for a row that is about nothing here, before any is decided.
    """
    known = {_key(standing): standing for standing in desk.answers}
    decided = []
    for row in rows:
        whose, outcome = (row["learner"], row["problem"], row["answer"]), row.get("outcome") or ""
        if not outcome.strip():
            continue
        if whose not in known:
            raise PipelineError(f"{', '.join(whose)}: no such answer counts here any more")
        check(known[whose], row["criterion"], outcome.strip())
        decided.append((known[whose], row["criterion"], outcome.strip(), row.get("comment") or ""))
    for standing, criterion, outcome, comment in decided:
        desk.decide(desk.alike(standing, criterion), criterion, outcome, comment)
    return len(decided)
