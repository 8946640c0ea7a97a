"""The judges of code agree with every labelled answer, and explain the first thing wrong."""

from functools import cache
from itertools import product

import pytest
from labelled import disagreements, labels, reports

QUICK = {("problem_3", "corpus"), ("problem_5", "corpus")}  # the others take minutes
CHEAP = {"problem_3", "problem_5"}  # no engine: of their unusual answers some are judged quickly
FOLDERS = ("corpus", "answers", "unusual")
GRADED = ("problem_2", "problem_3", "problem_4", "problem_5")
PRACTICE = [("practice_1", "answers"), ("practice_2", "answers")]
# unusual: right in ways of their own, or wrong by one mistake; labelled before they were judged
SAMPLED = {  # of so many one is not long
    "unusual": 5,
    ("problem_2", "answers"): 2,
    ("problem_3", "answers"): 2,
    ("problem_4", "answers"): 6,
    ("problem_4", "corpus"): 3,
    ("problem_4", "unusual"): 10,
    ("problem_5", "answers"): 4,
}


def speed(problem, folder, number):
    """Quick, slow or long: of what is unusual or takes long, a sample is not long."""
    if (problem, folder) in QUICK or ((folder, number % 10) == ("unusual", 3) and problem in CHEAP):
        return "quick"
    sampled = SAMPLED.get((problem, folder), SAMPLED.get(folder, 1))
    return "slow" if number % sampled == min(1, sampled - 1) else "long"


LABELLED = {
    (problem, folder, name): speed(problem, folder, number)
    for problem, folder in [*product(GRADED, FOLDERS), *PRACTICE]
    for number, name in enumerate(labels(folder, problem))
}
ANSWERS = [
    pytest.param(*answer, marks=() if pace == "quick" else getattr(pytest.mark, pace))
    for answer, pace in LABELLED.items()
]


@cache
def judged_at(pace, problem, folder):
    names = [name for *where, name in LABELLED if where == [problem, folder]]
    return reports(
        folder, problem, [name for name in names if LABELLED[problem, folder, name] == pace]
    )


def judged(*answer):
    return judged_at(LABELLED[answer], *answer[:2])[answer[2]]


@pytest.mark.parametrize(("problem", "folder", "name"), ANSWERS)
def test_agrees_with_the_label(problem, folder, name):
    report, label = judged(problem, folder, name), labels(folder, problem)[name]
    assert disagreements(report, label) == {}
    assert report.stopped == label.get("stopped", report.stopped)


@pytest.mark.parametrize(("problem", "folder", "name"), ANSWERS)
def test_the_first_wrong_criterion_is_explained(problem, folder, name):
    wrong = [mark for mark in judged(problem, folder, name).criteria if mark.outcome == "failed"]
    assert not wrong or len(wrong[0].feedback) > 40


@pytest.mark.slow
def test_of_a_pipeline_that_does_not_compile_the_rest_is_not_reached():
    name = "near_empty_branch"
    first, *others = reports("answers", "practice_1", [name])[name].criteria
    assert first.outcome == "failed"
    assert {(mark.outcome, mark.feedback) for mark in others} == {("not_reached", "")}
