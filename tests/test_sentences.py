"""Nineteen thousand sentences and 1,180 answers; patterns that accuse were mended by them."""

from collections import Counter

import pytest
from sentences import answers, sentences

from workbench.exercises.answers import Answer
from workbench.exercises.check import judge, read
from workbench.exercises.registry import PROJECT, find
from workbench.prose.evidence import unlike
from workbench.prose.propositions import accusations, credited
from workbench.prose.reading import read as clauses_of

PROBLEM_1 = find("problem_1")
SUBJECTS = [subject for criterion in PROBLEM_1.criteria for subject in criterion.subjects]
SUBJECTS.append("sound")
NEWEST = ("answers_of_two_hundred", 200)  # a mend of `used to` apart, nothing is tuned on them
SHOWN = read("problem_1", PROJECT / "solutions/problem_1.ipynb").show


def is_accused(sentence):
    reading = clauses_of(sentence)
    believed = credited(reading, SUBJECTS) | unlike(reading, "sound")
    return bool(accusations(reading, SUBJECTS, believed))


@pytest.mark.slow
def test_a_sentence_is_accused_rightly_nineteen_times_in_twenty():
    accused = Counter(wrong for sentence, wrong in sentences() if is_accused(sentence))
    print(dict(accused))
    assert accused[True] >= 0.95 * accused.total()
    assert accused[True] >= 150


@pytest.mark.parametrize(("name", "count"), [("answers_held_out", 120), NEWEST])
def test_of_new_answers_none_that_is_right_is_accused_and_few_that_are_wrong_pass(name, count):
    outcomes = Counter()
    for text, right in answers(name):
        outcomes[right, judge("problem_1", Answer(prose=text), seed=1).outcome] += 1
    print(dict(outcomes))
    assert outcomes.total() == count
    assert outcomes[True, "failed"] <= 1
    assert outcomes[False, "passed"] <= 6


@pytest.mark.parametrize("name", ["answers_held_out", NEWEST[0]])
def test_new_answers_that_are_right_pass_when_their_writers_show_it(name):
    right = [text for text, right in answers(name) if right]
    outcomes = Counter(
        judge("problem_1", Answer(prose=text, show=SHOWN), seed=1).outcome for text in right
    )
    print(dict(outcomes))
    assert outcomes["passed"] >= 0.97 * len(right)  # one ends no line, and asks in the last
