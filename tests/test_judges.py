"""The judges of code agree with every labelled answer, and explain the first thing wrong."""

from functools import cache

import pytest
from labelled import disagreements, labels, reports

QUICK = {("problem_3", "corpus"), ("problem_5", "corpus")}  # the others take minutes
FOLDERS = {  # unusual: right in ways of their own, or wrong by one mistake; labelled before judged
    "problem_2": ("corpus", "answers", "unusual"),
    "problem_4": ("corpus", "answers", "unusual"),
}


def mark(problem, folder, number):
    if (problem, folder) in QUICK:
        return ()
    sampled = number % 5 == 1 or folder != "unusual"
    return pytest.mark.slow if sampled else pytest.mark.long


LABELLED = [
    pytest.param(problem, folder, name, marks=mark(problem, folder, number))
    for problem in ("problem_2", "problem_3", "problem_4", "problem_5")
    for folder in FOLDERS.get(problem, ("corpus", "answers"))
    for number, name in enumerate(labels(folder, problem))
]


@cache
def judged(problem, folder):
    return reports(folder, problem)


@pytest.mark.parametrize(("problem", "folder", "name"), LABELLED)
def test_agrees_with_the_label(problem, folder, name):
    report, label = judged(problem, folder)[name], labels(folder, problem)[name]
    assert disagreements(report, label) == {}
    assert report.stopped == label.get("stopped", report.stopped)


@pytest.mark.parametrize(("problem", "folder", "name"), LABELLED)
def test_the_first_wrong_criterion_is_explained(problem, folder, name):
    wrong = [each for each in judged(problem, folder)[name].criteria if each.outcome == "failed"]
    assert not wrong or len(wrong[0].feedback) > 40
