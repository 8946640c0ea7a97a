"""Problem 1 is judged by what an answer asserts: agreement with labels; what must not pass."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from said import FULL, PROBLEM_1, outcomes, passes

from workbench.exercises.problem_1.judge import SOUND
from workbench.prose.reading import read

HERE = Path(__file__).parent
CRITERIA = [criterion.id for criterion in PROBLEM_1.criteria if criterion.id != SOUND]
OWN = HERE / "answers/problem_1"
COLLECTIONS = {"corpus": HERE / "corpus/problem_1/answers.json"} | {
    path.stem.removesuffix("answers").strip("_") or "own": path
    for path in sorted(OWN.glob("*answers.json"))
}
TERMS = """node nodes task tasks edge edges dependency dependencies direction directed acyclic
cycle loop order parallel independent failed failure rerun only reproducible same result scalable
complex workflow DAG graph arrow"""
WORDS = "the a of in is are and by with no not which can be to its every for from has without"


def answers(collection):
    return json.loads(COLLECTIONS[collection].read_text(encoding="utf-8"))


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
