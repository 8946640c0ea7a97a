"""What a text says about a subject: credited, contradicted, in doubt, or only touched.

Patterns give credit, and where they find none what a sentence is like. What is not understood is
left to a person, unless nothing of the text is on the subject; patterns accuse only where nothing
else that was said speaks for the writer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.prose.arrows import is_backward
from workbench.prose.evidence import judges_whole, resembling
from workbench.prose.reading import Clause, Reading
from workbench.prose.vocabulary import english

PASSED, FAILED, NEEDS_REVIEW = "passed", "failed", "needs_review"
DIRECTED = "directed"  # the subject that an arrow against its need puts in doubt
# what is told of another case: of one that is not so, or to set the graph off from it
OTHERWISE = re.compile(r"\b(?:would|whereas|unlike|not (?:through|in) the)\b|\w['’]d\b", re.I)
NOTHING = "Nothing in the answer is about this."
UNSAID = "The answer asserts nothing: questions, bare terms and what others think do not count."
FOREIGN = "The judge reads only English, and this does not look like it. A person has to read it."


@dataclass(frozen=True)
class Finding:
    """What was found out about a subject, with the sentence that it rests on."""

    outcome: str
    feedback: str
    quote: str = ""
    against: bool = False  # a sentence may be wrong, and none is right


def matches(reading: Reading, subject: str, kind: str) -> list[Clause]:
    """The clauses that assert a proposition of this kind: credit, wrong, doubt or near."""
    language = english()
    return [
        clause
        for clause in reading.clauses
        if (subject, kind) in language.asserted(clause.concepts, clause.context, clause.denied)
        and not (kind == "credit" and clause.hedged)
    ]


def credited(reading: Reading, subjects: Iterable[str]) -> set[str]:
    """The sentences that earn credit for one of the subjects."""
    return {
        clause.sentence for subject in subjects for clause in matches(reading, subject, "credit")
    }


def accusations(reading: Reading, subjects: Iterable[str], believed: Iterable[str]) -> list[Clause]:
    """The clauses that contradict a subject for which nothing speaks.

    believed: sentences that earn credit for anything; who is right there is not accused, nor who
    tells of another case.
    """
    believed = set(believed)
    return [
        clause
        for subject in subjects
        if not matches(reading, subject, "credit")
        for clause in matches(reading, subject, "wrong")
        if clause.sentence not in believed and not OTHERWISE.search(clause.sentence)
    ]


def doubts(reading: Reading, subjects: Iterable[str]) -> list[Clause]:
    """The clauses that contradict a subject, or might; even who is right there may be in doubt."""
    contradicting = [
        clause
        for subject in subjects
        for kind in ("wrong", "doubt")
        for clause in matches(reading, subject, kind)
    ]
    if DIRECTED in subjects:
        contradicting += [clause for clause in reading.clauses if is_backward(clause.sentence)]
    return contradicting


def touches(reading: Reading, subjects: Iterable[str]) -> bool:
    """Whether anything in the text is on one of the subjects, understood or not."""
    return any(
        matches(reading, subject, kind) for subject in subjects for kind in ("credit", "near")
    )


def find(
    reading: Reading,
    subjects: tuple[str, ...],
    thought: str,
    believed: Iterable[str] = (),
    on_topic: bool | None = None,
    unsuspected: Iterable[str] = (),
) -> Finding:
    """What the text says of what takes all these subjects.

    believed: sentences that earn credit for something else. on_topic: whether the text is about
    the matter at all; by default, when it touches one of the subjects. unsuspected: sentences for
    which nobody is accused.
    """
    if reading.language == "other":
        return Finding(NEEDS_REVIEW, FOREIGN)
    right = credited(reading, subjects)
    if against := accusations(reading, subjects, right.union(believed, unsuspected)):
        quote = against[0].sentence
        return Finding(
            FAILED, f"This sentence seems to say the opposite: “{quote}” {thought}", quote
        )
    if doubted := doubts(reading, subjects):
        quote = doubted[0].sentence
        ways = f"“{quote}” can be read in two ways. {thought}"
        return Finding(NEEDS_REVIEW, ways, quote, against=not right)
    missing = [subject for subject in subjects if not matches(reading, subject, "credit")]
    table = "_".join(subjects)
    quote = resembling(reading, table)
    if not missing and not judges_whole(table):
        quote = matches(reading, subjects[0], "credit")[0].sentence
    # A sentence judged alone has earned by what it does not hedge.
    if quote and judges_whole(table) and (excepted := _excepted(reading, missing)):
        feedback = f"“{excepted}” makes an exception: does it always hold? {thought}"
        return Finding(NEEDS_REVIEW, feedback, excepted)
    if quote:
        return Finding(PASSED, f"“{quote}” says it.", quote)
    if touches(reading, subjects) if on_topic is None else on_topic:
        said = [subject for subject in subjects if subject not in missing]
        if said and missing:
            return _half(reading, said[0], thought)
        return _unclear(reading, [*missing, *subjects][0], thought)
    return Finding(FAILED, f"{NOTHING if reading.clauses else UNSAID} {thought}")


def _excepted(reading: Reading, subjects: list[str]) -> str:
    """The first sentence that speaks of one of the subjects, and only with an exception."""
    near = (clause for subject in subjects for clause in matches(reading, subject, "near"))
    return next((clause.sentence for clause in near if clause.hedged), "")


def _half(reading: Reading, subject: str, thought: str) -> Finding:
    """What says one of two things, and not the other, or not so that it is understood."""
    quote = matches(reading, subject, "credit")[0].sentence
    feedback = f"“{quote}” says one half. The judge does not find where the other is said."
    return Finding(NEEDS_REVIEW, f"{feedback} {thought}", quote)


def _unclear(reading: Reading, subject: str, thought: str) -> Finding:
    """What may be there and was not understood, with the sentence that may be it, if any."""
    if near := matches(reading, subject, "near"):
        quote = near[0].sentence
        feedback = f"“{quote}” may mean it, but it is not clear. {thought}"
    else:
        quote, feedback = "", f"The judge does not find where the answer says this. {thought}"
    return Finding(NEEDS_REVIEW, feedback, quote)
