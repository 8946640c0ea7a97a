"""Judging the prose of an exercise by the subjects that its criteria name."""

from dataclasses import replace

from workbench.exercises.answers import Answer
from workbench.exercises.own_words import COPIED, in_own_words
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import FAILED, Verdict
from workbench.prose.propositions import Finding, find
from workbench.prose.reading import read


def explained(exercise: Exercise, answer: Answer) -> dict[str, Verdict]:
    """A verdict on each criterion that names subjects: whether the text speaks rightly of them."""
    criteria = [criterion for criterion in exercise.criteria if criterion.subjects]
    if answer.prose is None:
        return {}
    if not answer.prose.strip():
        missing = f"There is no text yet in the cell `%%answer {exercise.name}.explain`."
        return {criterion.id: Verdict(FAILED, missing) for criterion in criteria}
    own = in_own_words(exercise, answer.prose)
    reading, copied = read(own, faults=True), not answer.prose.startswith(own)
    findings = {
        criterion.id: find(reading, criterion.subjects, criterion.thought) for criterion in criteria
    }
    return {
        name: verdict(replace(told, feedback=f"{told.feedback} {COPIED}") if copied else told)
        for name, told in findings.items()
    }


def verdict(finding: Finding) -> Verdict:
    """What was found in a text, as a verdict."""
    return Verdict(finding.outcome, finding.feedback)
