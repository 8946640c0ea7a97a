"""What a text says about a subject: credited, contradicted, or only touched."""

from dataclasses import dataclass

from workbench.prose.reading import Clause, Reading
from workbench.prose.vocabulary import english

PASSED, FAILED, NEEDS_REVIEW = "passed", "failed", "needs_review"
FOREIGN = "The judge understands only English. A person has to read this answer."


@dataclass(frozen=True)
class Finding:
    """What was found out about a subject, with the sentence that it rests on."""

    outcome: str
    feedback: str
    quote: str = ""


def matches(reading: Reading, subject: str, kind: str) -> list[Clause]:
    """The clauses that assert a proposition of this kind: credit, wrong, near or suspect."""
    language = english()
    return [
        clause
        for clause in reading.clauses
        if (subject, kind) in language.asserted(clause.concepts, clause.context, clause.denied)
    ]


def find(reading: Reading, subjects: tuple[str, ...], thought: str) -> tuple[Finding, list[Clause]]:
    """What the text says of what takes all these subjects, and the clauses against it."""
    if reading.language == "other":
        return Finding(NEEDS_REVIEW, FOREIGN), []
    wrong = [clause for subject in subjects for clause in matches(reading, subject, "wrong")]
    credited = [matches(reading, subject, "credit") for subject in subjects]
    if wrong:
        return _contradicted(wrong, credited, thought), wrong
    if all(credited):
        quote = credited[0][0].sentence
        return Finding(PASSED, f"“{quote}” says it.", quote), []
    missing = [subject for subject, clauses in zip(subjects, credited, strict=True) if not clauses]
    touched = [matches(reading, subject, "near") for subject in missing]
    if all(touched):
        quote = touched[0][0].sentence
        feedback = f"“{quote}” may mean it, but it is not clear. {thought}"
        return Finding(NEEDS_REVIEW, feedback, quote), []
    return Finding(FAILED, f"The answer does not say this yet. {thought}"), []


def _contradicted(wrong: list[Clause], credited: list[list[Clause]], thought: str) -> Finding:
    """A contradiction, or a doubt when the same sentences say the right thing, too."""
    quote = wrong[0].sentence
    right = {clause.sentence for clauses in credited for clause in clauses}
    if {clause.sentence for clause in wrong} <= right:
        return Finding(NEEDS_REVIEW, f"“{quote}” can be read in two ways. {thought}", quote)
    return Finding(FAILED, f"“{quote}” says the opposite. {thought}", quote)
