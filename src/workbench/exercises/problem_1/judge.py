"""Problem 1: what a DAG is and why it matters, judged by what the answer asserts."""

from dataclasses import replace

from workbench.exercises.answers import Answer
from workbench.exercises.own_words import COPIED, in_own_words
from workbench.exercises.problem_1.combination import SOUND, combined
from workbench.exercises.problem_1.show import judged
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import NOT_REACHED, Verdict
from workbench.prose.evidence import resembling, unlike
from workbench.prose.propositions import (
    FAILED,
    FOREIGN,
    NEEDS_REVIEW,
    NOTHING,
    PASSED,
    UNSAID,
    Finding,
    accusations,
    credited,
    doubts,
    find,
    touches,
)
from workbench.prose.reading import CHARACTERS, Reading, read
from workbench.sandbox.job import Job

CUT = f"Only the first {CHARACTERS:,} characters are read; the rest is for a person."
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
    criteria = [criterion for criterion in exercise.criteria if criterion.id != SOUND]
    subjects = [subject for criterion in criteria for subject in criterion.subjects]
    own = in_own_words(exercise, text)
    reading = read(own)
    believed = credited(reading, [*subjects, SOUND])
    touched = sum(touches(reading, criterion.subjects) for criterion in criteria)
    on_topic = bool(believed) or touched >= ON_TOPIC
    # Patterns accuse only where the sentence is like those that are wrong, too.
    fair = unlike(reading, SOUND)
    result = {
        criterion.id: find(reading, criterion.subjects, criterion.thought, believed, on_topic, fair)
        for criterion in criteria
    }
    sound = _sound(reading, subjects, believed | fair, bool(believed), touched)
    if len(text) > CHARACTERS:
        result = {name: _unread(finding) for name, finding in result.items()}
        sound = sound if sound.quote else replace(sound, outcome=NEEDS_REVIEW, feedback=CUT)
    if not text.startswith(own):
        sound = replace(sound, feedback=f"{sound.feedback} {COPIED}")
    return result | {SOUND: sound}


def _unread(finding: Finding) -> Finding:
    """What was found, where a part of the text was not read."""
    missing = finding.outcome == FAILED and not finding.quote
    return replace(finding, outcome=NEEDS_REVIEW, feedback=CUT) if missing else finding


def _sound(
    reading: Reading, subjects: list[str], unsuspected: set[str], earns: bool, touched: int
) -> Finding:
    """Whether something was said of DAGs, and nothing that goes against what one is.

    earns: whether any of it earns credit; touched: of how many criteria something is said.
    """
    if reading.language == "other":
        return Finding(NEEDS_REVIEW, FOREIGN)
    if wrong := accusations(reading, [*subjects, SOUND], unsuspected):
        quote = wrong[0].sentence
        feedback = f"This sentence seems to say what does not hold for a DAG: “{quote}”"
        return Finding(FAILED, f"{feedback} Which property of a DAG does it go against?", quote)
    doubted = [clause.sentence for clause in doubts(reading, [*subjects, SOUND])]
    strange = filter(None, [*doubted, *reading.dropped, resembling(reading, SOUND)])
    if quote := next(strange, ""):
        feedback = f"The judge does not understand “{quote}”, which may be right. If it holds for"
        return Finding(NEEDS_REVIEW, f"{feedback} every DAG, leave it: a person reads it.", quote)
    if not earns and not touched:
        return Finding(FAILED, NOTHING if reading.clauses else UNSAID)
    if not earns and touched < ON_TOPIC:
        return Finding(NEEDS_REVIEW, "It is not clear whether anything in it is about DAGs.")
    return Finding(PASSED, "Nothing in it contradicts what a DAG is.")
