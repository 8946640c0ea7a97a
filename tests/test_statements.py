"""Problem 1, a statement at a time: claims, denials, questions, slips, and what surrounds them."""

import json
import textwrap
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from said import FULL, judged, outcomes, passes

OWN = Path(__file__).parent / "answers/problem_1"
ANSWERS = json.loads((OWN / "answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("claim", "criterion"),
    [
        ("A DAG may contain cycles.", "acyclic"),
        ("It isn't true that loops are forbidden.", "acyclic"),
        ("Edges can be followed in both directions.", "directed"),
        ("Edges are tasks and nodes are data.", "nodes_edges"),
        ("All tasks run one after another, never in parallel.", "parallel"),
        ("After a failure everything must be restarted.", "rerun"),
        ("The order of the tasks is random.", "order"),
    ],
)
def test_right_words_in_a_wrong_claim_are_a_misconception(claim, criterion):
    found = judged(claim)
    assert found[criterion].outcome == "failed"
    assert found["sound"].outcome == "failed"
    assert found["sound"].quote == claim


@pytest.mark.parametrize(
    ("claim", "criterion"),
    [
        ("It's wrong that a DAG may have cycles.", "acyclic"),
        ("Some think there are loops, but that is false.", "acyclic"),
        ("You can't come back to a task.", "acyclic"),
        ("No edge goes both ways.", "directed"),
        ("Not only may independent tasks run in parallel, they should.", "parallel"),
        ("Nothing prevents unrelated tasks from running at the same time.", "parallel"),
        ("After a failure not everything must be restarted.", "rerun"),
        ("Without a DAG you would have to restart everything after an error.", "rerun"),
    ],
)
def test_negation_reaches_what_it_denies(claim, criterion):
    found = judged(claim)
    assert found[criterion].outcome == "passed"
    assert found["sound"].outcome == "passed"
    assert found[criterion].quote in claim


@pytest.mark.parametrize(
    ("said", "criterion", "outcome"),
    [
        ("What is a node? A task. What is an edge? A dependency.", "nodes_edges", "passed"),
        ("May a task lead back to itself? No.", "acyclic", "passed"),
        ("Are there cycles? Yes.", "acyclic", "failed"),
        (
            "| what | meaning |\n|---|---|\n| node | task |\n| edge | dependency |",
            "nodes_edges",
            "passed",
        ),
    ],
)
def test_questions_with_their_answer_and_tables_state_something(said, criterion, outcome):
    assert outcomes(said)[criterion] == outcome


def test_the_same_answer_is_judged_the_same_and_values_are_frozen():
    text = ANSWERS[0]["text"]
    first = judged(text)
    assert first == judged(text)
    with pytest.raises(FrozenInstanceError):
        first["order"].outcome = "passed"


def test_slips_of_the_pen_are_read_over():
    assert outcomes("teh nodes are taks, egdes are dependancies")["nodes_edges"] == "passed"
    assert outcomes("you can nevr retrun to the same tsak")["acyclic"] == "passed"


@pytest.mark.parametrize("width", [40, 72])
def test_an_answer_that_was_wrapped_says_the_same(width):
    for answer in (answer for answer in ANSWERS if answer["kind"] == "good"):
        wrapped = "\n".join(textwrap.fill(line, width) for line in answer["text"].splitlines())
        assert outcomes(wrapped) == outcomes(answer["text"]), wrapped


SENTENCES = json.loads((OWN / "sentences.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sentence", SENTENCES["wrong"])
def test_a_full_answer_with_one_wrong_sentence_does_not_pass(sentence):
    assert passes(FULL)
    assert not passes(FULL + sentence)


def test_a_true_sentence_about_something_else_costs_nothing_as_a_rule():
    """Some are too much like wrong ones; then a person decides, and nothing is failed."""
    judged = [outcomes(FULL + sentence)["sound"] for sentence in SENTENCES["fine"]]
    assert judged.count("passed") >= 0.75 * len(judged)
    assert "failed" not in judged


UNDERSTOOD = (
    "Nodes are tasks and edges are dependencies, each from one task to the next. "
    "There are no cycles. "
)


def test_a_later_sentence_that_the_judge_does_not_follow_asks_for_a_person():
    riddle = "Should row 30 be spoiled she unravels down to row 29 and knits on."
    finding = judged(UNDERSTOOD + riddle)["rerun"]
    assert (finding.outcome, finding.quote) == ("needs_review", "")  # it may be of something else
    assert outcomes(UNDERSTOOD)["rerun"] == "needs_review"
    assert outcomes("Picture this. " + riddle)["rerun"] == "failed"


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("I'm not sure whether a DAG may have cycles.", "acyclic"),
        ("I don't know if independent tasks can run in parallel.", "parallel"),
        ("I have no idea which task has to run first.", "order"),
    ],
)
def test_what_the_writer_does_not_know_is_neither_right_nor_wrong(text, criterion):
    assert outcomes(text)[criterion] == "failed"
    assert judged(text)["sound"].quote == ""  # nothing is said, and nobody accused
    assert outcomes(FULL + text)["sound"] == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "It is not true that a DAG may contain cycles; it may not.",
        "Acyclic: there are no loops (a task is never returned to).",
        "No task can, directly or through others, depend on itself.",
        "Some of my colleagues claim that cycles are fine. They are wrong: a DAG never contains a "
        "cycle.",
    ],
)
def test_a_denial_said_twice_or_in_brackets_stays_a_denial(text):
    assert outcomes(text)["acyclic"] == "passed"
    assert outcomes(text)["sound"] == "passed"
