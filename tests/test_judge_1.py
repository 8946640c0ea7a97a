"""Problem 1 is judged by what an answer asserts: agreement with labels; what must not pass."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from said import FULL, PROBLEM_1, judged, outcomes, passes

from workbench.exercises.answers import Answer
from workbench.exercises.problem_1.judge import SOUND
from workbench.prose.reading import read

HERE = Path(__file__).parent
CRITERIA = [criterion.id for criterion in PROBLEM_1.criteria if criterion.id != SOUND]
OWN = HERE / "answers/problem_1"
COLLECTIONS = {"corpus": HERE / "corpus/problem_1/answers.json"} | {
    path.stem.removesuffix("answers").strip("_") or "own": path
    for path in sorted(OWN.glob("*answers.json"))
}
TITLES = [criterion.title for criterion in PROBLEM_1.criteria]
SHOWN = json.loads((OWN / "shown.json").read_text(encoding="utf-8"))
ALL_RIGHT = next(case["text"] for case in SHOWN if case["note"] == "all right")
TERMS = """node nodes task tasks edge edges dependency dependencies direction directed acyclic
cycle loop order parallel independent failed failure rerun only reproducible same result scalable
complex workflow DAG graph arrow"""
FILLER = " A pipeline has many steps, and each of them is written by a colleague." * 150
WORDS = "the a of in is are and by with no not which can be to its every for from has without"


def answers(collection):
    return json.loads(COLLECTIONS[collection].read_text(encoding="utf-8"))


def labelled(answer):
    labels = {criterion: answer["criteria"][criterion] for criterion in CRITERIA}
    # Where nothing is said of DAGs there is nothing that could be sound.
    said = any(labels.values())
    return labels | {"sound": said and not answer["criteria"]["misconception"]}


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
        "   \n",
        ".",
        "42",
        "I like bananas and the weather is fine today.",
    ],
)
def test_words_without_a_statement_earn_nothing(text):
    assert "passed" not in outcomes(text).values()


@pytest.mark.parametrize("text", ["", " \n", "...", "I like bananas.", TERMS])
def test_what_says_nothing_of_dags_is_not_sound_beside_a_right_graph(text):
    verdicts = PROBLEM_1.judge(Answer(prose=text, show=ALL_RIGHT), 7, None)
    assert {name for name, verdict in verdicts.items() if verdict.outcome == "passed"} == {
        *("directed", "acyclic", "order", "parallel", "rerun")
    }


BULLETS = ("", "- ", "* ", "1) ", "| ", "> ", "• ")


@pytest.mark.parametrize("bullet", BULLETS)
@pytest.mark.parametrize("changed", [str, str.upper, str.lower, lambda text: f"  **{text}** "])
def test_the_criteria_handed_back_earn_nothing(bullet, changed):
    handed_back = "\n".join(f"{bullet}{changed(title)}" for title in TITLES)
    assert "passed" not in outcomes(handed_back).values()
    assert "passed" not in outcomes(". ".join(map(changed, TITLES))).values()
    assert "left out" in judged(handed_back)["sound"].feedback


@pytest.mark.parametrize("joined", [", ", " and ", "; also ", ". It is so that ", ". So, "])
@pytest.mark.parametrize(
    "changed",
    [
        str,
        lambda title: f"{title}, {title}",
        lambda title: title.replace("tasks", "tsaks").replace("the", "teh", 1),
        lambda title: title.replace(" to ", " always to ").replace(" may ", " always may "),
    ],
)
def test_the_criteria_handed_back_earn_nothing_however_they_are_joined(joined, changed):
    """Joined by commas they earned all eight points."""
    assert "passed" not in outcomes("So: " + joined.join(map(changed, TITLES))).values()


def test_what_the_exercise_says_handed_back_earns_nothing():
    cells = json.loads(PROBLEM_1.starter.read_text(encoding="utf-8"))["cells"]
    told = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    table = "\n".join(line for text in told for line in text.split("\n") if line[:1] == "|")
    assert TITLES[0] in table
    for text in (*told, "\n".join(told), table, *PROBLEM_1.hints, "\n\n".join(PROBLEM_1.hints)):
        assert "passed" not in outcomes(text).values(), text
        assert "passed" not in outcomes(" ".join(text.split())).values(), text


def test_an_answer_under_the_titles_of_the_criteria_loses_nothing():
    said = FULL.split(". ")
    under = "\n".join(f"## {title}\n{text}." for title, text in zip(TITLES, said, strict=False))
    assert outcomes(under) == outcomes(FULL)
    assert outcomes(f"# {PROBLEM_1.title}\n{FULL}") == outcomes(FULL)


@pytest.mark.parametrize(
    "title", ["Nodes are tasks, edges are dependencies", "Unrelated tasks may run at once"]
)
def test_one_sentence_that_is_also_the_exercises_is_the_writers_own(title):
    text = f"A DAG (directed acyclic graph) has no cycles. {title}."
    [criterion] = [each.id for each in PROBLEM_1.criteria if each.title == title]
    assert outcomes(text)[criterion] == "passed"


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("beside", ["", "I have written this myself, and slowly, on a Sunday."])
def test_one_title_handed_back_alone_or_beside_idle_words_earns_nothing(title, beside):
    assert "passed" not in (outcomes(f"{title}. {beside}") | {"sound": ""}).values()


@pytest.mark.parametrize(
    "idle",
    [
        "My team uses Airflow for it.",
        "The same is true for cooking.",
        "Teams in large companies use it every day.",
        "It was easy to learn for me.",
        "Water flows downhill.",
        "You cannot have everything.",
        "If something breaks I call my boss.",
    ],
)
def test_a_sentence_about_nothing_earns_nothing(idle):
    """At first each of them earned a point beside sentences that are right."""
    said = "A DAG is a graph. " + idle
    assert "passed" not in (outcomes(said) | {"sound": ""}).values()
    assert outcomes(FULL + idle) == outcomes(FULL)


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
    assert outcomes("words and " * 5_000 + claim)["nodes_edges"] == "needs_review"
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


@pytest.mark.parametrize("text", [FULL + FILLER + "There are cycles.", FILLER + FULL])
def test_what_lies_beyond_what_is_read_is_for_a_person(text):
    found = outcomes(text)
    assert "failed" not in found.values()
    assert found[SOUND] == "needs_review"


def test_a_question_answered_by_no_is_like_nothing_that_is_right():
    found = outcomes("Does the order follow from the dependencies? No. Can tasks run at once? No.")
    assert (found["order"], found["parallel"]) == ("needs_review", "needs_review")
    assert outcomes("Can a DAG have cycles? No.")["acyclic"] == "passed"


def test_a_reason_or_a_consequence_of_ones_own_makes_a_sentence_ones_own():
    text = (
        "Because the order of execution follows from the dependencies, nobody has to write it "
        "down. Because unrelated tasks may run at once, it is fast. An edge is a dependency."
    )
    assert (outcomes(text)["order"], outcomes(text)["parallel"]) == ("passed", "passed")
    joined = ", ".join(TITLES)
    assert "passed" not in outcomes(joined).values()
