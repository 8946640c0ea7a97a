"""Texts that were labelled before the judge saw them: what it makes of each kind."""

import json
from collections import Counter
from pathlib import Path

import pytest

from workbench.exercises.answers import Answer
from workbench.exercises.check import judge
from workbench.exercises.registry import find
from workbench.prose import propositions
from workbench.prose.reading import read

STRANGERS = Path(__file__).parent / "answers/strangers"
PARTS = ("development", "held_out")  # `later` was looked at and is learned from


def texts(name):
    return json.loads((STRANGERS / f"{name}.json").read_text(encoding="utf-8"))


def judged(part):
    """How many answers to problem 1 have which label and outcome, and how many are accused."""
    outcomes, accused = Counter(), Counter()
    for answer in texts(f"problem_1_{part}"):
        report = judge("problem_1", Answer(prose=answer["text"]), seed=1)
        outcomes[answer["kind"], report.outcome] += 1
        accused[answer["kind"]] += any("seems to say" in each.feedback for each in report.criteria)
    return outcomes, accused


@pytest.mark.parametrize("part", PARTS)
def test_a_stranger_is_not_failed_for_what_is_right(part):
    outcomes, accused = judged(part)
    print(part, dict(outcomes), dict(accused))
    assert outcomes["right", "failed"] == accused["right"] == 0
    assert outcomes["right", "passed"] >= 14
    assert outcomes["wrong", "passed"] <= 2
    assert outcomes["other_language", "needs_review"] == 1


def test_who_is_right_and_shows_it_passes():
    """It lifts doubts only: what is understood to be wrong is still for a person."""
    shown = json.loads((STRANGERS.parent / "problem_1/shown.json").read_text(encoding="utf-8"))
    right, outcomes = shown[0]["text"], Counter()
    for part in (*PARTS, "held_out_second"):
        for answer in texts(f"problem_1_{part}"):
            report = judge("problem_1", Answer(prose=answer["text"], show=right), seed=1)
            outcomes[answer["kind"], report.outcome] += 1
    print(dict(outcomes))
    told = sum(count for (kind, _), count in outcomes.items() if kind == "right")
    assert outcomes["right", "failed"] == 0
    assert outcomes["right", "passed"] >= 0.97 * told
    assert outcomes["other_language", "needs_review"] == 2


@pytest.mark.parametrize("part", PARTS)
def test_what_a_stranger_explains(part):
    outcomes = Counter()
    for number in (2, 3):
        for told in texts(f"explained_{number}_{part}"):
            reading = read(told["text"])
            (criterion,) = (c for c in find(f"problem_{number}").criteria if c.part == "prose")
            finding = propositions.find(reading, criterion.subjects, criterion.thought)
            outcomes[told["label"] == "right", finding.outcome] += 1
    print(part, dict(outcomes))
    assert outcomes[True, "failed"] == 0
    assert outcomes[True, "passed"] >= 11
    assert outcomes[False, "passed"] <= 1


def test_a_second_set_is_hardly_ever_accused_and_rarely_passed_wrongly():
    """Few of the right pass, as the README says; what is measured is that none is held guilty."""
    outcomes, accused = judged("held_out_second")
    print(dict(outcomes), dict(accused))
    right = sum(count for (kind, _), count in outcomes.items() if kind == "right")
    assert outcomes["right", "failed"] <= 0.02 * right
    assert accused["right"] <= 1
    assert outcomes["right", "passed"] >= 16
    assert outcomes["misconception", "passed"] <= 2


@pytest.mark.parametrize(
    ("name", "right_passed", "wrong_passed"),
    [
        ("explained_2_held_out_second", 17, 2),
        ("explained_3_held_out_second", 20, 4),
        ("explained_2_third", 26, 1),
        ("explained_3_third", 25, 3),
    ],
)
def test_what_later_sets_explain(name, right_passed, wrong_passed):
    number = name.split("_")[1]
    (criterion,) = (c for c in find(f"problem_{number}").criteria if c.part == "prose")
    outcomes = Counter()
    for told in texts(name):
        found = propositions.find(read(told["text"]), criterion.subjects, criterion.thought)
        outcomes[told["label"] == "right", found.outcome] += 1
    assert outcomes[True, "failed"] == 0
    assert outcomes[True, "passed"] >= right_passed
    assert outcomes[False, "passed"] <= wrong_passed
