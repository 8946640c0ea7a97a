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
    other = sum(count for (kind, _), count in outcomes.items() if kind == "other")
    print(dict(outcomes))
    assert outcomes["right", "failed"] <= 0.02 * right
    assert outcomes["right", "passed"] >= 0.65 * right
    assert outcomes["wrong", "passed"] <= 0.02 * wrong
    assert outcomes["other", "passed"] <= 0.02 * other


def test_an_accusation_is_right_nineteen_times_in_twenty(reports):
    accused = Counter(
        kind
        for kind, report in reports
        if any("seems to say" in criterion.feedback for criterion in report.criteria)
    )
    assert accused["wrong"] >= 0.95 * accused.total()
    assert accused["right"] == 0
    assert accused["wrong"] > 60


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Task B starts only after task A is finished.", "directed"),
        ("Training depends on step 3. It leads from step 3 to step 4.", "directed"),
        ("There is no way to leave a task and consistently come back to it.", "acyclic"),
        ("A DAG cannot have a loop, as a task would then wait for itself.", "acyclic"),
        ("If a loop were closed, the pipeline would hang.", "acyclic"),
        ("Any order that doesn't break a dependency is fine.", "order"),
        ("You may work on both on the same day, as neither waits for the other.", "parallel"),
        ("Nodes are tasks, edges are needs\nWhy:\n- unrelated tasks run at once", "parallel"),
    ],
)
def test_what_is_said_in_another_way_earns_its_criterion(text, criterion):
    report = judge("problem_1", Answer(prose=text), seed=1)
    outcomes = {each.id: each.outcome for each in report.criteria}
    assert outcomes[criterion] == "passed"
    assert outcomes["sound"] in ("passed", "needs_review")


@pytest.mark.parametrize("kind_of_thing", ["diagram", "chart", "picture", "flowchart"])
def test_the_class_of_a_dag_is_no_misconception(kind_of_thing):
    text = f"A DAG is a {kind_of_thing} in which nodes are tasks and edges are dependencies."
    report = judge("problem_1", Answer(prose=text), seed=1)
    assert {each.id: each.outcome for each in report.criteria}["sound"] == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "Un DAG est un graphe orienté sans cycle dont les noeuds sont des tâches et les arêtes des "
        "dépendances.",
        "Ein DAG ist ein gerichteter Graph ohne Kreise. Die Knoten sind Aufgaben.",
        "Un DAG es un grafo dirigido sin ciclos: los nodos son tareas.",
    ],
)
def test_another_language_is_for_a_person(text):
    report = judge("problem_1", Answer(prose=text), seed=1)
    assert report.outcome == "needs_review"
