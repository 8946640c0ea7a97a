"""Problem 1: what a DAG is and why it matters, judged by what the answer asserts."""

import itertools
import re

from workbench.exercises.answers import Answer
from workbench.exercises.problem_1.combination import SOUND, combined
from workbench.exercises.problem_1.show import judged
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import Verdict
from workbench.prose.propositions import (
    FAILED,
    FOREIGN,
    NEEDS_REVIEW,
    PASSED,
    Finding,
    find,
    matches,
)
from workbench.prose.reading import Clause, Reading, read
from workbench.sandbox.job import Job

# An answer that is understood in so many criteria deserves that a sentence of so many words is not
# just passed over.
UNDERSTOOD, UNREAD = 3, 7
# A sentence that sets a scene and claims nothing.
ASIDE = re.compile(r"(?:i|picture|imagine|think|compare|consider)\b|.*\bimportan|.*:$", re.I)


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Decide by what is said and what is shown; nothing depends on the seed, and nothing is run."""
    said = {} if answer.prose is None else findings(exercise, answer.prose)
    return combined(said, judged(answer.show or ""), exercise.thoughts)


def findings(exercise: Exercise, text: str) -> dict[str, Finding]:
    """What was found for every criterion, `sound` last, each with the sentence it rests on."""
    reading = read(text)
    criteria = [criterion for criterion in exercise.criteria if criterion.id != SOUND]
    result, wrong, doubted = {}, matches(reading, SOUND, "wrong"), []
    for criterion in criteria:
        finding, against = find(reading, criterion.subjects, criterion.thought)
        result[criterion.id] = finding
        doubted += against
        if finding.outcome == FAILED:
            wrong += against
    earned = {
        clause
        for criterion in criteria
        for subject in criterion.subjects
        for clause in matches(reading, subject, "credit")
    }
    doubted += [clause for clause in matches(reading, SOUND, "suspect") if clause not in earned]
    understood = sum(finding.outcome == PASSED for finding in result.values())
    if not wrong and understood >= UNDERSTOOD and (unread := _unread(reading, earned)):
        for criterion in criteria:
            result[criterion.id] = _reviewed(result[criterion.id], unread, criterion.thought)
    return result | {SOUND: _sound(reading, wrong, doubted)}


def _sound(reading: Reading, wrong: list[Clause], doubted: list[Clause]) -> Finding:
    """Whether anything that was said goes against what a DAG is."""
    if reading.language == "other":
        return Finding(NEEDS_REVIEW, FOREIGN)
    if wrong:
        quote = wrong[0].sentence
        feedback = f"“{quote}” is not so. Which property of a DAG does it go against?"
        return Finding(FAILED, feedback, quote)
    if doubted:
        quote = doubted[0].sentence
        feedback = f"“{quote}” leaves open whether it fits a DAG. Can you say it more plainly?"
        return Finding(NEEDS_REVIEW, feedback, quote)
    return Finding(PASSED, "Nothing in it contradicts what a DAG is.")


def _unread(reading: Reading, earned: set[Clause]) -> str:
    """A sentence that earned nothing, after others that did: what it says may have been missed."""
    sentences = list(dict.fromkeys(clause.sentence for clause in reading.clauses))
    read_well = {clause.sentence for clause in earned}
    for sentence in itertools.dropwhile(lambda sentence: sentence not in read_well, sentences):
        claims = len(sentence.split()) >= UNREAD and not ASIDE.match(sentence)
        if claims and sentence not in read_well:
            return sentence
    return ""


def _reviewed(finding: Finding, unread: str, thought: str) -> Finding:
    """The finding, or needs_review where the only reason to fail is that nothing was found."""
    if finding.outcome != FAILED or finding.quote:
        return finding
    feedback = f"The judge does not understand “{unread}”, which may say it. {thought}"
    return Finding(NEEDS_REVIEW, feedback, unread)
