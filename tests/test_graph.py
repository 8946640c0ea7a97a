"""The DAG: order, waves, neighbours, and errors that name the way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.graph import Graph, PipelineError

DIAMOND = Graph.of("dcba", [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])


@st.composite
def dags(draw):
    size = draw(st.integers(0, 12))
    pairs = st.tuples(st.integers(0, size), st.integers(0, size)).filter(
        lambda pair: pair[0] < pair[1]
    )
    names = draw(st.permutations([f"t{number}" for number in range(size + 1)]))
    edges = draw(st.lists(pairs, max_size=30))
    return Graph.of(sorted(names), [(names[a], names[b]) for a, b in edges])


@given(dags())
def test_tasks_come_in_a_topological_order(graph):
    assert all(graph.position[up] < graph.position[down] for up, down in graph.edges)


@given(dags())
def test_waves_hold_every_task_once_and_no_edge_inside(graph):
    wave_of = {task: number for number, wave in enumerate(graph.waves()) for task in wave}
    assert sorted(wave_of) == sorted(graph.tasks)
    assert all(wave_of[up] < wave_of[down] for up, down in graph.edges)


@given(dags())
def test_ancestors_and_descendants_mirror_each_other(graph):
    for task in graph.tasks:
        assert all(task in graph.descendants(other) for other in graph.ancestors(task))
        assert set(graph.upstream(task)) <= set(graph.ancestors(task))


@given(dags())
def test_a_graph_survives_json(graph):
    assert Graph.from_json(graph.as_json()) == graph


def test_neighbours_of_a_diamond():
    assert DIAMOND.waves() == (("a",), ("c", "b"), ("d",))
    assert DIAMOND.upstream("d") == ("b", "c")
    assert DIAMOND.downstream("a") == ("b", "c")
    assert DIAMOND.ancestors("d") == ("a", "c", "b")
    assert DIAMOND.descendants("b") == ("d",)


def test_a_cycle_is_an_error_that_names_its_tasks_in_order():
    with pytest.raises(PipelineError, match="a → b → c → a|b → c → a → b|c → a → b → c"):
        Graph.of("abc", [("a", "b"), ("b", "c"), ("c", "a")])


def test_a_task_that_needs_itself_is_a_cycle():
    with pytest.raises(PipelineError, match="a → a"):
        Graph.of("a", [("a", "a")])


def test_an_edge_to_nowhere_names_the_tasks_there_are():
    with pytest.raises(PipelineError, match="'x' is not a task .tasks: a, b"):
        Graph.of("ab", [("a", "x")])


def test_an_unknown_task_is_named_with_those_there_are():
    with pytest.raises(PipelineError, match="'z' is not a task of this graph .tasks: a, c, b, d"):
        DIAMOND.upstream("z")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (Graph.of("ab", [("a", "b")]), ""),
        (Graph.of("abc", [("a", "b")]), "new task c"),
        (Graph.of("ab"), "edge gone a → b"),
        (Graph.of("ac", [("a", "c")]), "new task c; task gone b; new edge a → c; edge gone a → b"),
    ],
)
def test_a_change_is_told_in_words(now, words):
    assert now.change_since(Graph.of("ab", [("a", "b")])) == words
