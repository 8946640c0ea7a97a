"""What earns points in words and is no sentence, or not the writer's, as the README says."""

import random

import pytest
from said import FULL, outcomes, passes

from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.registry import find
from workbench.prose.unseen import seen

RIGHT = {
    "problem_2": (
        "The operators were not given the DAG, so they belong to no DAG",
        "The schedule was not set",
        "Catchup was not switched off, so all missed runs since the start date are made up for",
    ),
    "problem_3": (
        "Idempotent means that running it again gives the same result as running it once",
        "It matters because a task that is retried after a failure must not write its rows twice",
    ),
}


def shuffled(sentences, chance):
    """The words of each sentence in a random order."""
    lines = [sentence.replace(",", "").lower().split() for sentence in sentences]
    for words in lines:
        chance.shuffle(words)
    return " ".join(f"{' '.join(words).capitalize()}." for words in lines)


def earns(problem, text):
    (verdict,) = explained(find(problem), Answer(prose=text)).values()
    return verdict.outcome == "passed"


@pytest.mark.parametrize("problem", RIGHT)
def test_the_words_of_an_explanation_in_random_order_mostly_earn(problem):
    chance = random.Random(5)
    texts = [shuffled(RIGHT[problem], chance) for _ in range(30)]
    assert sum(earns(problem, text) for text in texts) > 20


def test_those_of_problem_1_earn_more_than_half_of_its_points():
    chance = random.Random(5)
    texts = [shuffled(FULL.strip(". ").split(". "), chance) for _ in range(20)]
    points = [[*outcomes(text).values()].count("passed") for text in texts]
    assert sum(points) > 4 * len(texts)


REWORDED = (
    "Edges lead from one task to another. No way back to the same task. Nodes: tasks, edges: "
    "dependencies. Execution order follows the dependencies. Unrelated tasks at once. "
    "After failure only what is needed."
)
KEYWORDS = (
    "Nodes: tasks. Edges: dependencies. Direction: from one task to another. Cycles: none. "
    "Order: from dependencies. Parallel: independent tasks. Failure: only rerun failed tasks."
)
CHART = (
    "A Gantt chart is a plan. Every bar is a task. An arrow leads from one task to the next. "
    "There are no loops in time. Two bars can run at the same time. "
    "If a bar fails, only that one is done again."
)


@pytest.mark.parametrize("text", [REWORDED, KEYWORDS, CHART])
def test_titles_in_other_words_keywords_and_another_subject_pass(text):
    assert passes(text)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        ("problem_2", 'dag = DAG("example", schedule=None, catchup=False); Operator(dag=dag)'),
        (
            "problem_3",
            "Running it again does no harm. Two or three runs leave the bytes of one run. "
            "After a crash the output is complete.",
        ),
    ],
)
def test_code_and_the_exercise_in_other_words_are_taken_for_an_explanation(problem, text):
    assert earns(problem, text)


def test_a_class_of_a_style_hides_what_it_likes():
    hidden = f'<div class="collapse">{FULL}</div>'
    assert FULL in seen(hidden)
