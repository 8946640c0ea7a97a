"""Problem 1 is judged by what an answer asserts: agreement with labels; what must not pass."""

import json
import random
import textwrap
from collections import Counter
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from workbench.exercises.problem_1.judge import SOUND, findings
from workbench.exercises.registry import find
from workbench.prose.reading import read

HERE = Path(__file__).parent
PROBLEM_1 = find("problem_1")
CRITERIA = [criterion.id for criterion in PROBLEM_1.criteria if criterion.id != SOUND]
OWN = HERE / "answers/problem_1"
COLLECTIONS = {"corpus": HERE / "corpus/problem_1/answers.json"} | {
    path.stem.removesuffix("answers").strip("_") or "own": path
    for path in sorted(OWN.glob("*answers.json"))
}
NEXT_FOUR = {"order", "parallel", "rerun", "reproducible_or_scalable"}
TERMS = """node nodes task tasks edge edges dependency dependencies direction directed acyclic
cycle loop order parallel independent failed failure rerun only reproducible same result scalable
complex workflow DAG graph arrow"""
WORDS = "the a of in is are and by with no not which can be to its every for from has without"


def answers(collection):
    return json.loads(COLLECTIONS[collection].read_text(encoding="utf-8"))


def judged(text):
    return findings(PROBLEM_1, text)


def outcomes(text):
    return {criterion: finding.outcome for criterion, finding in judged(text).items()}


def passes(text):
    passed = {criterion for criterion, outcome in outcomes(text).items() if outcome == "passed"}
    return {"directed", "acyclic", "nodes_edges", "sound"} <= passed and len(
        NEXT_FOUR & passed
    ) >= 2


def labelled(answer):
    labels = {criterion: answer["criteria"][criterion] for criterion in CRITERIA}
    return labels | {"sound": not answer["criteria"]["misconception"]}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_agrees_with_the_labels(collection):
    """What is decided is decided rightly; what is not understood is left to a person."""
    confusion = Counter()
    for answer in answers(collection):
        for criterion, outcome in outcomes(answer["text"]).items():
            confusion[labelled(answer)[criterion], outcome] += 1
    true = sum(count for (label, _), count in confusion.items() if label)
    print(f"{collection}: {dict(confusion)}")
    assert confusion[True, "passed"] >= 0.82 * true
    assert confusion[True, "failed"] <= 0.02 * true
    assert confusion[False, "passed"] <= 0.05 * confusion[True, "passed"]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_no_answer_passes_that_should_not(collection):
    assert [
        answer["id"]
        for answer in answers(collection)
        if not answer["pass"] and passes(answer["text"])
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "directed acyclic graph nodes tasks edges dependencies order parallel rerun reproducible "
        "scalable",
        "Directed, acyclic, nodes are, edges are, order, parallel, rerun, reproducible, scalable.",
        "Directed? Acyclic? Are nodes tasks and edges dependencies? Can independent tasks run in "
        "parallel?",
        "Some say that nodes are tasks, edges lead from one task to another and there are no "
        "loops. No idea.",
        "The acyclic of the node is parallel and the edge of the order reruns its reproducible "
        "direction.",
        "",
        "42",
    ],
)
def test_words_without_a_statement_earn_nothing(text):
    assert {criterion for criterion, outcome in outcomes(text).items() if outcome == "passed"} <= {
        "sound"
    }


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


def test_the_full_name_alone_earns_nothing():
    assert set(outcomes("DAG stands for directed acyclic graph.").values()) <= {"failed", "passed"}
    assert outcomes("DAG stands for directed acyclic graph.")["directed"] == "failed"
    assert outcomes("A DAG is a directed acyclic graph.")["acyclic"] == "failed"


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_other_languages_are_for_a_person(collection):
    for answer in answers(collection):
        foreign = answer["kind"] == "other_language"
        assert (read(answer["text"]).language == "other") == foreign, answer["id"]
        assert not foreign or set(outcomes(answer["text"]).values()) == {"needs_review"}


def test_one_misconception_keeps_a_full_answer_from_passing():
    assert passes(FULL)
    claims = (OWN / "misconceptions.txt").read_text(encoding="utf-8").splitlines()
    assert sum(passes(FULL + claim) for claim in claims) <= 0.02 * len(claims)
    assert len(claims) > 260


def test_random_salad_never_passes():
    terms, words = TERMS.split(), WORDS.split()
    dice = random.Random(7)
    for share in (1.0, 0.6, 0.5) * 60:
        salad = [
            dice.choice(terms if dice.random() < share else words)
            for _ in range(dice.randint(20, 60))
        ]
        assert not passes(" ".join(salad)), " ".join(salad)


def test_a_very_long_answer_is_read_in_part():
    claim = "The nodes are tasks. "
    assert outcomes("words and " * 5_000 + claim)["nodes_edges"] == "failed"
    assert len(read(claim * 5_000).clauses) < 2_000


@pytest.mark.parametrize(
    "rubbish",
    [
        "```\n",
        "***\n---\n",
        "🙂🙂\n",
        "\u202eהגרף\n",
        "\x00\x01\n",
        "→ → →\n",
        "| | |\n|--|--|\n",
        "?\n",
        "(((((\n",
    ],
)
def test_rubbish_around_an_answer_does_no_harm(rubbish):
    claim = "Nodes are tasks and edges are dependencies."
    for text in (
        rubbish,
        rubbish * 50 + claim,
        f"{claim}\n{rubbish}",
        f"{rubbish}{claim}\n{rubbish}",
    ):
        assert outcomes(text)["nodes_edges"] in ("passed", "needs_review") or claim not in text
        assert not passes(text)


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
    text = answers("own")[0]["text"]
    first = judged(text)
    assert first == judged(text)
    with pytest.raises(FrozenInstanceError):
        first["order"].outcome = "passed"


def test_slips_of_the_pen_are_read_over():
    assert outcomes("teh nodes are taks, egdes are dependancies")["nodes_edges"] == "passed"
    assert outcomes("you can nevr retrun to the same tsak")["acyclic"] == "passed"


@pytest.mark.parametrize("width", [40, 72])
def test_an_answer_that_was_wrapped_says_the_same(width):
    for answer in answers("own"):
        wrapped = "\n".join(textwrap.fill(line, width) for line in answer["text"].splitlines())
        assert outcomes(wrapped) == outcomes(answer["text"]), wrapped


SENTENCES = json.loads((OWN / "sentences.json").read_text(encoding="utf-8"))
FULL = (
    "Nodes are tasks and edges are dependencies, each pointing from one task to the next. "
    "There are no cycles. "
    "The scheduler derives the order from the edges. Independent tasks run in parallel. "
    "After a failure only the failed task is rerun. "
)


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
    assert (finding.outcome, finding.quote) == ("needs_review", riddle)
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
    assert outcomes(text)["sound"] == "passed"


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
