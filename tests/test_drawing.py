"""The graphs that problem 1 asks about: always the same, never trivial, hard to guess."""

import random
import re
from collections import Counter
from graphlib import TopologicalSorter
from itertools import pairwise

import pytest

from workbench import PipelineError
from workbench.exercises.problem_1 import drawn, questions
from workbench.exercises.problem_1.show import judged

# The ends, and some of those between them.
NUMBERS = [0, 1, 8, 999_999, *random.Random(3).sample(range(1_000_000), 150)]
SOME = NUMBERS[:40]


def reached(graph, start):
    """Every task to which a way leads from one, found by walking along the edges."""
    tasks, border = set(), {start}
    while border:
        border = {down for up, down in graph.edges if up in border} - tasks
        tasks |= border
    return tasks


def ready(graph, finished):
    return {
        task
        for task in set(graph.tasks) - finished
        if all(up in finished for up, down in graph.edges if down == task)
    }


def right(number):
    """The right answers, by another way than the judge's."""
    graph, asked = drawn(number), questions(number)
    upstream = {task: [up for up, down in graph.edges if down == task] for task in graph.tasks}
    (cycle,) = [(up, down) for up, down in asked.candidates if up in reached(graph, down)]
    return {
        "graph": number,
        "order": list(TopologicalSorter(upstream).static_order()),
        "together": ready(graph, asked.finished),
        "rerun": {asked.failed} | reached(graph, asked.failed),
        "cycle": cycle,
        "points_to": asked.edge[1],
    }


def text(answer):
    return "\n".join(f"{name} = {value!r}" for name, value in answer.items())


def shown(answer):
    return {criterion: showing.right for criterion, showing in judged(text(answer)).items()}


def test_a_graph_is_small_no_chain_and_the_same_each_time():
    for number in NUMBERS:
        graph = drawn(number)
        waves = graph.waves()
        assert 6 <= len(graph.tasks) <= 9, number
        assert 3 <= len(waves) < len(graph.tasks), number
        assert all(any(task in edge for edge in graph.edges) for task in graph.tasks), number
        assert (graph, questions(number)) == (drawn(number), questions(number)), number


def test_every_question_has_an_answer_that_is_neither_nothing_nor_everything():
    for number in NUMBERS:
        graph, asked, answer = drawn(number), questions(number), right(number)
        done, tasks = asked.finished, set(graph.tasks)
        assert done, number
        assert ready(graph, done) < tasks - done, number
        assert all(up in done for up, down in graph.edges if down in done), number
        assert len(answer["together"]) >= 2, number
        assert {asked.failed} < answer["rerun"] < tasks, number
        assert asked.edge in graph.edges, number


def test_exactly_one_of_four_edges_closes_a_cycle_and_no_edge_is_there_already():
    for number in NUMBERS:
        graph, asked = drawn(number), questions(number)
        assert len(set(asked.candidates)) == 4, number
        assert not set(asked.candidates) & set(graph.edges), number
        assert sum(up in reached(graph, down) for up, down in asked.candidates) == 1, number


def test_the_right_answers_are_right():
    criteria = ("directed", "acyclic", "order", "parallel", "rerun")
    for number in NUMBERS:
        assert shown(right(number)) == dict.fromkeys(criteria, True), number


def test_the_questions_name_what_is_asked_and_do_not_answer_it():
    for number in NUMBERS:
        asked = questions(number)
        numbered = re.split(r"\n(?=\d\. )", asked.text)
        _order, together, rerun, cycle, points_to = (" ".join(one.split()) for one in numbered)
        assert all(task in together for task in asked.finished)
        assert asked.failed in rerun
        assert all(f"{up} → {down}" in cycle for up, down in asked.candidates)
        assert all(task in points_to for task in asked.edge)
        assert "→" not in points_to


def test_shapes_vary():
    graphs = [drawn(number) for number in NUMBERS]
    assert len({tuple(map(len, graph.waves())) for graph in graphs}) > 40
    assert set(Counter(len(graph.tasks) for graph in graphs)) == {6, 7, 8, 9}
    assert len({graph.edges for graph in graphs}) == len(graphs)


def guess(number, strategy):
    """What somebody answers who does not look at the edges."""
    graph, asked = drawn(number), questions(number)
    dice, tasks = random.Random(number), sorted(graph.tasks)
    left = set(tasks) - asked.finished
    return {
        "alphabetical": {"order": tasks, "together": left, "rerun": {asked.failed}},
        "backwards": {"order": list(reversed(graph.tasks)), "rerun": set(tasks)},
        "in a drawn order": {
            "order": dice.sample(tasks, len(tasks)),
            "together": set(dice.sample(sorted(left), 2)),
            "rerun": {asked.failed, *list(graph.tasks)[graph.position[asked.failed] :]},
        },
    }[strategy] | {
        "graph": number,
        "cycle": asked.candidates[0],
        "points_to": sorted(asked.edge)[1],
    }


# The share of graphs for which a criterion may be met by guessing.
LUCK = {"directed": 0.65, "acyclic": 0.4, "order": 0.05, "parallel": 0.35, "rerun": 0.05}


@pytest.mark.parametrize("strategy", ["alphabetical", "backwards", "in a drawn order"])
def test_nobody_is_right_by_guessing(strategy):
    guesses = [shown(guess(number, strategy)) for number in NUMBERS]
    met = Counter(criterion for shown in guesses for criterion, right in shown.items() if right)
    assert {name: count for name, count in met.items() if count > LUCK[name] * len(NUMBERS)} == {}
    assert not any(all(shown.values()) for shown in guesses)


def test_the_answers_for_one_graph_are_wrong_for_the_next():
    for one, other in pairwise(SOME):
        answers = shown(right(one) | {"graph": other})
        assert list(answers.values()).count(False) >= 4, (one, other)


@pytest.mark.parametrize("number", [-1, 1_000_000, 10**30, 7.0, "7", True, None, [7]])
def test_what_is_no_number_of_a_graph_is_named(number):
    for ask in (drawn, questions):
        with pytest.raises(PipelineError, match="a whole number from 0 to 999,999"):
            ask(number)


def test_graphs_stay_as_they_are_for_those_who_have_begun():
    edges = " ".join(f"{up}→{down}" for up, down in drawn(8).edges)
    assert edges == (
        "split_days→group_orders split_days→fill_gaps split_days→rank_items fill_gaps→rank_items "
        "group_orders→clean_text fill_gaps→clean_text clean_text→merge_prices "
        "clean_text→embed_users rank_items→scale_sales"
    )
    asked = questions(8)
    assert sorted(set(drawn(8).tasks) - asked.finished) == [
        "merge_prices",
        "rank_items",
        "scale_sales",
    ]
    assert (asked.failed, asked.edge) == ("rank_items", ("split_days", "rank_items"))
