"""Problem 1 is said and shown: what counts when both speak, and how a report tells it."""

import json
from pathlib import Path

import pytest

from workbench.course.magic import AnswerMagics
from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.check import judge, read
from workbench.exercises.problem_1.combination import combined
from workbench.exercises.problem_1.show import Shown
from workbench.exercises.registry import find
from workbench.prose.propositions import FOREIGN, Finding

ROOT = Path(__file__).parent.parent
CASES = json.loads((ROOT / "tests/answers/problem_1/shown.json").read_text(encoding="utf-8"))
HARMLESS = [case for case in CASES if False not in case["criteria"].values()]
RIGHT = CASES[0]["text"]
FULL = read("problem_1", ROOT / "solutions/problem_1.ipynb").prose
SHOWN = {"directed": "points_to", "acyclic": "cycle", "order": "order", "parallel": "together"}
SHOWN |= {"rerun": "rerun"}
THOUGHTS = dict(find("problem_1").thoughts)

SAID = {
    "right": Finding("passed", "“It is so.” says it.", "It is so."),
    "unclear": Finding("needs_review", "“Perhaps.” may mean it.", "Perhaps."),
    "not there": Finding("failed", "Nothing in the answer is about this."),
    "accused": Finding("failed", "“It is not so.” seems to say the opposite.", "It is not so."),
}
DRAWN = {
    "wrong": Shown(False, "your `order` ('a') does not fit the graph: b is missing."),
    "right": Shown(True, "your `order` ('a', 'b') fits the graph."),
    "unread": Shown(None, "`order` was not shown: it is not a list."),
}
TABLE = {  # what was said: when it is not shown, and shown wrong, shown right, or not to be read
    "right": ("passed", "failed", "passed", "passed"),
    "unclear": ("needs_review", "failed", "passed", "needs_review"),
    "not there": ("failed", "failed", "passed", "failed"),
    "accused": ("failed", "failed", "needs_review", "failed"),
    None: (None, "failed", "passed", "not_reached"),
}


@pytest.mark.parametrize("said", TABLE)
@pytest.mark.parametrize(
    ("column", "shown"), list(enumerate([None, "wrong", "right", "unread"])), ids=str
)
def test_what_counts_when_both_speak(said, column, shown):
    sound = {"sound": Finding("passed", "")}
    words = {"order": SAID[said], **sound} if said else {}
    verdicts = combined(words, {"order": DRAWN[shown]} if shown else {}, THOUGHTS)
    outcome = TABLE[said][column]
    assert (verdicts["order"].outcome if "order" in verdicts else None) == outcome
    if said == "accused" and shown == "right":
        assert SAID[said].quote in verdicts["order"].feedback
        assert "('a', 'b')" in verdicts["order"].feedback


@pytest.mark.parametrize(
    ("accused", "shown", "outcome"),
    [
        (["order"], ["order"], "needs_review"),
        (["order", "rerun"], ["order", "rerun"], "needs_review"),
        (["order", "rerun"], ["order"], "failed"),
        (["nodes_edges"], ["order"], "failed"),
        (["order"], [], "failed"),
        ([], ["order"], "failed"),  # a misconception of another kind
    ],
)
def test_an_accusation_that_was_shown_to_be_none_is_for_a_person(accused, shown, outcome):
    said = dict.fromkeys(accused, SAID["accused"])
    said["sound"] = SAID["accused"]
    verdicts = combined(said, dict.fromkeys(shown, DRAWN["right"]), THOUGHTS)
    assert verdicts["sound"].outcome == outcome


@pytest.mark.parametrize(
    ("left_out", "words", "outcome"),
    [
        (None, SAID["unclear"], "passed"),
        ("rerun", SAID["unclear"], "needs_review"),
        (None, SAID["not there"], "failed"),
        (None, SAID["accused"], "failed"),
        (None, Finding("needs_review", FOREIGN), "needs_review"),
    ],
    ids=["all shown", "one is missing", "not said", "said wrongly", "another language"],
)
def test_who_shows_all_passes_where_words_were_not_understood(left_out, words, outcome):
    said = {"nodes_edges": words, "sound": words}
    shown = dict.fromkeys(set(SHOWN) - {left_out}, DRAWN["right"])
    verdicts = combined(said, shown, THOUGHTS)
    assert {verdicts[name].outcome for name in said} == {outcome}
    assert all(words.feedback in verdicts[name].feedback for name in said)


def outcomes(prose, show=None):
    report = judge("problem_1", Answer(prose=prose, show=show))
    return report, {mark.id: mark.outcome for mark in report.criteria}


def test_words_alone_pass_and_the_report_invites_to_show_it_too():
    report, _ = outcomes(FULL)
    assert (report.outcome, report.score) == ("passed", 8)
    assert "fill in the cell `%%answer problem_1.show`" in report.as_text()
    starter = check.starter(find("problem_1")).show
    assert judge("problem_1", Answer(prose=FULL, show=starter)).farewell == report.farewell


def test_said_and_shown_passes_and_the_report_tells_which_way():
    report, _ = outcomes(FULL, RIGHT)
    text = report.as_text()
    assert (report.outcome, report.score) == ("passed", 8)
    assert text.count("You have shown it, too: your `") == 5
    assert "%%answer" not in text


def test_shown_alone_is_enough_for_five_criteria():
    claims = "Nodes are tasks and edges are dependencies. Running it again gives the same result."
    report, found = outcomes(claims, RIGHT)
    assert {found[name] for name in SHOWN} == {"passed"}
    assert report.outcome == "passed"
    assert report.as_text().count("You have shown it: your `") >= 4


@pytest.mark.parametrize("criterion", SHOWN)
def test_shown_wrong_fails_whatever_was_said(criterion):
    name = SHOWN[criterion]
    (wrong,) = [
        case["text"] for case in CASES if case["note"] == WRONG[criterion] and name in case["text"]
    ]
    report, found = outcomes(FULL, wrong)
    assert found[criterion] == "failed"
    assert [other for other in found if found[other] == "failed"] == [criterion]
    (mark,) = [mark for mark in report.criteria if mark.id == criterion]
    assert f"says it. But your `{name}` (" in mark.feedback
    assert report.outcome == ("failed" if criterion in ("directed", "acyclic") else "passed")


WRONG = {
    "directed": "where the arrow begins",
    "acyclic": "the cycle, the other way round",
    "order": "the arrows read backwards",
    "parallel": "all that is left",
    "rerun": "everything again",
}


@pytest.mark.parametrize("case", HARMLESS, ids=lambda case: case["note"])
def test_what_cannot_be_read_costs_nothing_and_is_told(case):
    report, _ = outcomes(FULL, case["text"])
    assert (report.outcome, report.score) == ("passed", 8)
    told = any(words in report.as_text() for words in ("was shown: ", "was not shown: "))
    assert told == (None in case["criteria"].values())


def test_a_wrong_sentence_and_a_right_graph_are_for_a_person():
    claim = "A DAG may contain cycles."
    report, found = outcomes(claim + " Nodes are tasks and edges are dependencies.", RIGHT)
    assert (found["acyclic"], report.outcome) == ("needs_review", "needs_review")
    assert claim in report.as_text()
    assert "your `cycle` ('scale_sales', 'split_days') fits the graph" in report.as_text()


def test_shown_before_anything_is_said_is_judged_and_the_words_are_not_reached():
    report, found = outcomes(None, RIGHT)
    assert {found[name] for name in SHOWN} == {"passed"}
    assert {outcome for name, outcome in found.items() if name not in SHOWN} == {"not_reached"}
    assert (report.outcome, report.max_score) == ("failed", 8)
    assert "run the cell `%%answer problem_1`, too" in report.as_text()


def test_a_cell_is_read_and_judged_with_the_words_and_never_run(capsys, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    reports = []
    monkeypatch.setattr("workbench.course.magic.display", reports.append)
    monkeypatch.setattr("workbench.course.gradebook.enter", lambda report: None)
    magics = AnswerMagics(InteractiveShell.instance())
    magics.answer("problem_1", FULL)
    magics.answer("problem_1.show", RIGHT + "print('run')\n")
    magics.answer("problem_1.show", RIGHT)
    assert [report.outcome for report in reports] == ["passed"] * 3
    assert "Passed over: line 7 below `%%answer` does not begin with" in reports[1].as_text()
    assert "You have shown it, too" in reports[2].as_text()
    assert capsys.readouterr().out == ""
    assert "points_to" not in magics.shell.user_ns
