"""Answers to problem 1 in many voices: the right are not failed, the wrong do not pass."""

import json
from collections import Counter
from pathlib import Path

import pytest

from workbench.exercises.answers import Answer
from workbench.exercises.check import judge

HERE = Path(__file__).parent
FILES = (
    HERE / "corpus/problem_1/answers.json",
    *sorted((HERE / "answers/voices").glob("problem_1*.json")),
    *sorted((HERE / "answers/problem_1").glob("*answers.json")),
)


def kind(answer):
    if answer["criteria"]["misconception"]:
        return "wrong"
    return "right" if answer["pass"] else "other"


@pytest.fixture(scope="module")
def reports():
    """(kind, report) of every labelled answer that is in English."""
    return [
        (kind(answer), judge("problem_1", Answer(prose=answer["text"]), seed=1))
        for path in FILES
        for answer in json.loads(path.read_text(encoding="utf-8"))
        if answer["kind"] != "other_language"
    ]


def test_outcomes(reports):
    outcomes = Counter((kind, report.outcome) for kind, report in reports)
    right = sum(count for (kind, _), count in outcomes.items() if kind == "right")
    wrong = sum(count for (kind, _), count in outcomes.items() if kind == "wrong")
    print(dict(outcomes))
    assert outcomes["right", "failed"] <= 0.02 * right
    assert outcomes["right", "passed"] >= 0.65 * right
    assert outcomes["wrong", "passed"] <= 0.02 * wrong
    assert outcomes["other", "passed"] == 0


def test_an_accusation_is_right_nineteen_times_in_twenty(reports):
    accused = Counter(
        kind
        for kind, report in reports
        if any("seems to say" in criterion.feedback for criterion in report.criteria)
    )
    assert accused["wrong"] >= 0.95 * accused.total()
    assert accused["right"] == 0
    assert accused["wrong"] > 70
