"""Problem 1: what a DAG is and why it matters, judged by what the answer asserts."""

from workbench.exercises.answers import Answer
from workbench.exercises.problem_1.combination import SOUND, combined
from workbench.exercises.problem_1.show import judged
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import NOT_REACHED, Verdict
from workbench.prose.evidence import resembling, unlike
from workbench.prose.propositions import (
    FAILED,
    FOREIGN,
    NEEDS_REVIEW,
    PASSED,
    Finding,
    accusations,
    credited,
    doubts,
    find,
    touches,
)
from workbench.prose.reading import Reading, read
from workbench.sandbox.job import Job

ON_TOPIC = 2  # criteria of which something is said in a text that is about DAGs


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Decide by what is said and what is shown; nothing depends on the seed, and nothing is run."""
    shown = judged(answer.show or "")
    if answer.prose is None:
        missing = f"There are no words yet: run the cell `%%answer {exercise.name}`, too."
        return combined({}, shown, exercise.thoughts) | {SOUND: Verdict(NOT_REACHED, missing)}
    return combined(findings(exercise, answer.prose), shown, exercise.thoughts)


def findings(exercise: Exercise, text: str) -> dict[str, Finding]:
    """What was found for every criterion, `sound` last, each with the sentence it rests on."""
    reading = read(text)
    criteria = [criterion for criterion in exercise.criteria if criterion.id != SOUND]
    subjects = [subject for criterion in criteria for subject in criterion.subjects]
    believed = credited(reading, [*subjects, SOUND])
    touched = sum(touches(reading, criterion.subjects) for criterion in criteria)
    on_topic = bool(believed) or touched >= ON_TOPIC
    # Patterns accuse only where the sentence is like those that are wrong, too.
    fair = unlike(reading, SOUND)
    result = {
        criterion.id: find(reading, criterion.subjects, criterion.thought, believed, on_topic, fair)
        for criterion in criteria
    }
    return result | {SOUND: _sound(reading, subjects, believed | fair)}


def _sound(reading: Reading, subjects: list[str], believed: set[str]) -> Finding:
    """Whether anything that was said goes against what a DAG is."""
    if reading.language == "other":
        return Finding(NEEDS_REVIEW, FOREIGN)
    if wrong := accusations(reading, [*subjects, SOUND], believed):
        quote = wrong[0].sentence
        feedback = f"This sentence seems to say what does not hold for a DAG: “{quote}”"
        return Finding(FAILED, f"{feedback} Which property of a DAG does it go against?", quote)
    doubted = [clause.sentence for clause in doubts(reading, [*subjects, SOUND])]
    strange = filter(None, [*doubted, *reading.dropped, resembling(reading, SOUND)])
    if quote := next(strange, ""):
        feedback = f"It is not clear whether “{quote}” holds for every DAG. Does it follow from"
        return Finding(NEEDS_REVIEW, f"{feedback} what nodes, edges and no cycles mean?", quote)
    return Finding(PASSED, "Nothing in it contradicts what a DAG is.")
