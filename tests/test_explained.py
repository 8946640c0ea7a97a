"""The explanations of problems 2 and 3: agreement with labels, no false pass or accusation."""

import json
from collections import Counter
from pathlib import Path

import pytest

from workbench.exercises import registry
from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.own_words import COPIED
from workbench.prose.propositions import find
from workbench.prose.reading import read

ANSWERS = Path(__file__).parent / "answers"
LABELLED = json.loads((ANSWERS / "explained/answers.json").read_text(encoding="utf-8"))
RIGHT = {"passed": True, "failed": False, "not passed": False}


def outcome(problem, text):
    (verdict,) = explained(registry.find(problem), Answer(prose=text)).values()
    return verdict.outcome


@pytest.mark.parametrize("problem", ["problem_2", "problem_3"])
def test_explanations(problem):
    judged = Counter(
        (RIGHT[each["expected"]], outcome(problem, each["text"])) for each in LABELLED[problem]
    )
    assert judged[False, "passed"] == 0
    assert judged[True, "failed"] == 0
    assert judged[True, "passed"] >= 0.9 * (judged[True, "passed"] + judged[True, "needs_review"])


def test_explanations_in_many_voices():
    judged = Counter(
        (each["label"], outcome(f"problem_{number}", each["text"]))
        for number in (2, 3)
        for each in json.loads((ANSWERS / f"voices/explained_{number}.json").read_text("utf-8"))
    )
    right = sum(count for (label, _), count in judged.items() if label == "right")
    assert judged.total() == 220
    assert judged["right", "failed"] <= 0.02 * right
    assert judged["right", "passed"] >= 0.85 * right
    assert judged["wrong", "passed"] + judged["part", "passed"] == 0


def test_explanations_in_haste():
    judged = Counter()
    for line in (ANSWERS / "explained/in_haste.txt").read_text(encoding="utf-8").splitlines():
        label, bar, text = line.partition(" | ")
        if bar:
            number, sign = label
            judged[sign, outcome(f"problem_{number}", text.replace("\\n", "\n"))] += 1
    print(dict(judged))
    assert judged["+", "failed"] == judged["-", "passed"] == 0
    assert judged["+", "passed"] >= 91


@pytest.mark.parametrize("frame", ["It is hardly ever so that", "It is rarely the case that"])
def test_what_is_called_false_explains_nothing(frame):
    said = (
        "running the function several times leaves the same result as running it once",
        "a failed task can be retried safely without duplicated rows",
    )
    assert outcome("problem_3", " ".join(f"So {word}." for word in said)) == "passed"
    assert outcome("problem_3", " ".join(f"{frame} {word}." for word in said)) != "passed"


WITH_AN_EXCEPTION = [
    "Running it several times leaves the same result as running it once, at least the first time.",
    "Running it again changes nothing, the first time only; after that rows are doubled.",
    "Running the function a second time changes nothing, most of the time.",
    "Running it twice usually gives the same result as running it once.",
    "Idempotent: running it again leaves the same output, except for the first time.",
    "Running it again leaves the same result as once, though only on the first retry.",
    "Running it twice leaves the same file as running it once, but only the first time.",
    "Mostly the output is the same after a second run.",
    "Running it again leaves the output unchanged, with luck.",
]
WITHOUT = [
    "It is idempotent when only the first run changes something; later ones leave all as it is.",
    "Idempotency means that it has an effect the first time only.",
    "Running it again changes nothing: only the first run writes.",
    "Running it again leaves the same result as the first time.",
    "Running it twice leaves the same file as running it once, not only the first time.",
    "Tasks are usually retried, so running one twice has to leave the same result as one run.",
    "No matter how often it is run, the output is the same as after the first run.",
]


@pytest.mark.parametrize("text", [*WITH_AN_EXCEPTION, *WITHOUT])
def test_what_holds_with_an_exception_is_for_a_person(text):
    why = "So a failed task can be retried safely without duplicated rows."
    expected = "needs_review" if text in WITH_AN_EXCEPTION else "passed"
    assert outcome("problem_3", f"{text} {why}") == expected


@pytest.mark.parametrize("problem", ["problem_2", "problem_3"])
def test_sentences_of_the_exercise_itself_explain_nothing(problem):
    exercise = registry.find(problem)
    book = json.loads(exercise.starter.read_text(encoding="utf-8"))
    said = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
    said += [part for each in exercise.criteria for part in (each.title, each.thought)]
    text = "\n\n".join((*said, *exercise.hints))
    (criterion,) = (each for each in exercise.criteria if each.part == "prose")
    assert find(read(text), criterion.subjects, criterion.thought).outcome == "passed"
    verdict = explained(exercise, Answer(prose=text))[criterion.id]
    assert (verdict.outcome, COPIED in verdict.feedback) == ("failed", True)


def test_a_text_may_end_with_a_sentence_of_the_exercise_that_lacks_a_word():
    said = "Running it again gives the same file as running it once, so retries are safe."
    copied = "A crash leaves complete output. An older output is replaced"
    assert outcome("problem_3", f"{said} {copied}") in ("passed", "failed", "needs_review")


@pytest.mark.parametrize("problem", ["problem_2", "problem_3"])
@pytest.mark.parametrize("text", ["", "42", "I like pizza.", "Airflow has a web UI."])
def test_an_empty_text_and_one_about_something_else_fail(problem, text):
    assert outcome(problem, text) == "failed"
