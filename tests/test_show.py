"""What is shown on a graph is read and never executed, and judged by the graph alone."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.exercises.problem_1.show import LONGEST, judged

LABELLED = Path(__file__).parent / "answers/problem_1/shown.json"
CASES = {case["note"]: case for case in json.loads(LABELLED.read_text(encoding="utf-8"))}
ASKED = ("graph", "order", "together", "rerun", "cycle", "points_to")


def shown(text):
    return {criterion: showing.right for criterion, showing in judged(text).items()}


def words(text):
    return " ".join(showing.words for showing in judged(text).values())


@pytest.mark.parametrize("note", CASES)
def test_agrees_with_the_label(note):
    assert shown(CASES[note]["text"]) == CASES[note]["criteria"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('points_to = "split_days"', "('split_days') does not fit the graph: the edge begins at"),
        ('points_to = "clean_text"', "the edge joins rank_items and split_days"),
        ('cycle = ("fill_gaps", "scale_sales")', "no way leads from scale_sales back to fill_gaps"),
        ('cycle = ("clean_text", "split_days")', "it is none of the four edges"),
        ('order = ["fill_gaps", "split_days"]', "split_days → fill_gaps is an edge"),
        ('order = ["split_days"]', "`fill_gaps` is not in it"),
        ('together = ["fill_gaps"]', "`fill_gaps` has finished already"),
        ('together = ["scale_sales"]', "has to wait: rank_items → scale_sales is an edge"),
        ('together = ["rank_items"]', "one more task waits for nothing that is unfinished"),
        ('rerun = ["clean_text"]', "`clean_text` is kept: no way leads from rank_items to it"),
        ('rerun = ["scale_sales"]', "`rank_items` itself has no result yet"),
        ('rerun = ["rank_items"]', "a task is left out to which rank_items leads"),
        ('rerun = ["train"]', "'train' is no task of this graph"),
        ("rerun = [train]", "`rerun` was not shown: it is not a set of task names"),
        ("rerun [", "Nothing was shown: line 2 below `%%answer` is not Python."),
        ("import os", "line 2 below `%%answer` does not begin with one of `graph, order"),
    ],
)
def test_what_is_wrong_is_named_by_the_picture_without_the_answer(answer, said):
    assert said in words(f"graph = 8\n{answer}")


RIGHT = CASES["all right"]["text"].rstrip("\n").split("\n")
ALL = CASES["all right"]["criteria"]


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "print(order)",
        "first = 'a'",
        "The order is easy.",
        "order.sort()",
        "(",
        "x = [1",
        "for task in order:\n    print(task)",
        "order: list[str]",
        "a = order = ['b']",
        "notes = [\n'a' b,\n]",
    ],
)
def test_what_is_no_assignment_costs_only_itself(line):
    for at in range(len(RIGHT) + 1):
        text = "\n".join([*RIGHT[:at], line, *RIGHT[at:]])
        assert shown(text) == ALL
        assert f"Passed over: line {at + 1} below `%%answer`" in words(text)


def test_a_comment_is_not_passed_over():
    text = "\n# mine\n\n".join(RIGHT)
    assert (shown(text), "Passed over" in words(text)) == (ALL, False)


def test_an_assignment_may_be_annotated():
    text = "\n".join(line.replace(" =", ": set[str] | object =", 1) for line in RIGHT)
    assert (shown(text), "Passed over" in words(text)) == (ALL, False)


def test_an_assignment_that_is_no_python_costs_its_name_only():
    broken = "order = [\n    'split_days',\n    fill gaps,\n]"
    text = "\n".join([broken if line.startswith("order") else line for line in RIGHT])
    assert shown(text) == {name: True for name in ALL if name != "order"}
    assert "Passed over: line 2 below `%%answer` is not Python" in words(text)


def test_of_two_assignments_the_last_counts_and_one_that_is_changed_is_not_read():
    text = "\n".join([*RIGHT, "points_to: str = 'split_days'", "rerun += ['scale_sales']"])
    assert shown(text) == ALL | {"directed": False, "rerun": None}


def test_a_graph_that_is_missing_is_named():
    for graph in ("", "graph = ...\n", "graph = 'eight'\n", "graph = 1.0\n", "graph = [8]\n"):
        assert words(f"{graph}points_to = 'a'").endswith("0 to 999,999; choose one.")


def test_nothing_is_executed(tmp_path):
    mark = tmp_path / "mark"
    for line in (
        f"open({str(mark)!r}, 'w')",
        f"order = open({str(mark)!r}, 'w')",
        f"order = [open({str(mark)!r}, 'w').name]",
        f"order = f'{{open({str(mark)!r}, chr(119))}}'",
        f"order: open({str(mark)!r}, 'w') = []",
    ):
        assert True not in shown(f"graph = 8\n{line}").values()
    assert not mark.exists()


@pytest.mark.parametrize(
    "value",
    [
        "(" * 4_000,
        "[" * 3_000 + "]" * 3_000,
        "-" * 9_000 + "1",
        "not " * 2_000 + "1",
        "{" * 150 + "}" * 150,
        "9" * 9_000,
        "9 ** 9 ** 9",
        "'a' * 10 ** 9",
        "[" + "'a', " * 1_900 + "]",
        "'" + "a" * 9_000 + "'",
        "'\\ud800'",
        "\ud800",
        "\x00",
        "'a' if 1 else 'b'",
        "x" * (LONGEST + 1),
        "1_" * 3_000,
        "lambda: " * 1_000 + "0",
        ".".join("x" * 3_000),
    ],
)
def test_a_monstrous_value_shows_nothing_and_is_told_in_few_words(value):
    for name in ASKED:
        others = "" if name == "graph" else "graph = 8\n"
        said = judged(f"{others}{name} = {value}")
        assert not any(showing.right for showing in said.values())
        assert len(words(f"{others}{name} = {value}")) < 600
        words(f"{others}{name} = {value}").encode()


LITERAL = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.just(...),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(ASKED), LITERAL))
def test_any_literal_is_read_or_refused_in_words(values):
    text = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    for answer in (text, f"graph = 8\n{text}"):
        assert not any(showing.right for showing in judged(answer).values())
        words(answer).encode()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.text("graphoder =[]{}()'\"#\n\\.,8", max_size=200))
def test_any_text_is_read_or_refused_in_words(text):
    assert not any(showing.right for showing in judged(f"graph = 8\n{text}").values())


def test_an_answer_is_repeated_the_same_way_whatever_the_order_of_its_set():
    one, other = '{"rank_items", "scale_sales"}', '{"scale_sales", "rank_items"}'
    assert judged(f"graph = 8\nrerun = {one}") == judged(f"graph = 8\nrerun = {other}")


@pytest.mark.parametrize("name", ['" rank_items "', '"Rank_Items"'])
def test_a_name_with_spaces_or_capitals_is_the_tasks(name):
    assert judged(f"graph = 8\npoints_to = {name}")["directed"].right is True
