"""Prefect flows: the graph appears as the flow goes, with the edges that its values tell."""

import asyncio

import pytest
from prefect_flows import flow_of, make, numbers

from workbench import Run, graph_of, run

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


def test_a_flow_is_dynamic_and_has_no_edges_before_it_runs():
    graph = graph_of(numbers()[0])
    assert graph.dynamic
    assert set(graph.tasks) == {"two", "double", "total"}
    assert graph.edges == ()


def test_the_graph_grows_as_the_flow_runs_and_has_the_true_edges(tmp_path):
    sums = Run(numbers()[0], folder=tmp_path)
    assert sums.ready() == ["two[0]"]
    assert sums.graph.edges == ()
    assert sums.step() == "two[0]"
    assert sums.ready() == ["double[0]"]
    assert set(sums.graph.edges) == {("two[0]", "double[0]")}
    sums.run_all()
    assert set(sums.graph.edges) == {
        ("two[0]", "double[0]"),
        ("two[0]", "total[0]"),
        ("double[0]", "total[0]"),
    }
    assert dict(sums.outputs) == {"two[0]": 2000, "double[0]": 4000, "total[0]": 6000}
    assert sums.inputs("total[0]") == {"a": 2000, "b": 4000}
    assert "return a + b" in sums.source("total[0]")
    assert sums.record.state == "success"
    assert sums.words("total[0]") == "Completed"
    sums.close()


def test_equal_values_and_shared_keys_make_no_edge(tmp_path):
    @make
    def one():
        return {"records": 1000, "ok": True}

    @make
    def other():
        return 1000

    @make
    def third(value, flag):
        return value

    @flow_of
    def unrelated():
        one()
        other()
        return third(1000, True)

    assert run(unrelated, folder=tmp_path).graph.edges == ()


def test_parts_of_a_result_lead_back_to_the_call_they_came_from(tmp_path):
    @make
    def split():
        return {"train": [1, 2, 3], "test": [4]}

    @make
    def count(rows):
        return len(rows)

    @flow_of
    def parts():
        return count(split()["train"])

    assert run(parts, folder=tmp_path).graph.edges == (("split[0]", "count[0]"),)


def test_submitted_siblings_are_ready_together_and_numbered_in_the_flows_order(tmp_path):
    @make
    def train(name):
        return name.upper()

    @make
    def best(names):
        return names[0]

    @flow_of
    def siblings():
        futures = [train.submit(name) for name in ("forest", "boost", "light")]
        return best(futures)

    execution = Run(siblings, folder=tmp_path)
    assert execution.ready() == ["train[0]", "train[1]", "train[2]"]
    assert [execution.inputs(f"train[{n}]")["name"] for n in range(3)] == [
        "forest",
        "boost",
        "light",
    ]
    assert execution.step("train[1]") == "train[1]"
    assert execution.ready() == ["train[0]", "train[2]"]
    execution.run_all()
    assert set(execution.graph.upstream("best[0]")) == {"train[0]", "train[1]", "train[2]"}
    assert execution.outputs["train"] == ["FOREST", "BOOST", "LIGHT"]
    execution.close()


def test_mapped_over_fifty_items(tmp_path):
    @make
    def source():
        return list(range(50))

    @make
    def square(number):
        return number**2

    @flow_of
    def mapped():
        return sum(square.map(source()).result())

    record = run(mapped, folder=tmp_path)
    assert record.state == "success"
    assert record.outputs["square"] == [number**2 for number in range(50)]
    assert set(record.graph.downstream("source[0]")) == {f"square[{n}]" for n in range(50)}


def test_a_small_pool_holds_back_what_it_has_no_worker_for(tmp_path):
    from prefect.task_runners import ThreadPoolTaskRunner

    @make
    def work(number):
        return number

    @flow_of(task_runner=ThreadPoolTaskRunner(max_workers=2))
    def pool():
        return [future.result() for future in [work.submit(n) for n in range(4)]]

    execution = Run(pool, folder=tmp_path)
    assert execution.ready() == ["work[0]", "work[1]"]
    assert execution.states["work[3]"] == "pending"
    execution.step("work[0]")
    assert execution.ready() == ["work[1]", "work[2]"]
    execution.run_all()
    assert set(execution.states.values()) == {"success"}
    execution.close()


def test_subflows_are_groups_and_their_calls_are_counted_through(tmp_path):
    @make
    def clean(text):
        return text.strip()

    @flow_of(name="prepare")
    def prepare(text):
        return clean(text)

    @flow_of
    def outer():
        return prepare(" one ") + prepare(" two ") + clean(" three ")

    assert set(graph_of(outer).tasks) == {"prepare/clean", "clean"}
    record = run(outer, folder=tmp_path)
    assert record.states() == dict.fromkeys(
        ("prepare/clean[0]", "prepare/clean[1]", "clean[0]"), "success"
    )
    assert record.outputs["prepare/clean"] == ["one", "two"]


def test_an_async_flow_holds_its_siblings_together(tmp_path):
    @make
    async def fetch(number):
        await asyncio.sleep(0.01)
        return number * 10

    @flow_of
    async def gathering():
        return sum(await asyncio.gather(*(fetch(number) for number in range(3))))

    execution = Run(gathering, folder=tmp_path)
    assert execution.ready() == ["fetch[0]", "fetch[1]", "fetch[2]"]
    assert execution.step("fetch[2]") == "fetch[2]"
    execution.run_all()
    assert execution.outputs["fetch"] == [0, 10, 20]
    assert execution.record.state == "success"
    execution.close()


def test_a_task_called_inside_a_task_is_part_of_its_attempt(tmp_path):
    @make
    def inner():
        return 1

    @make
    def outer():
        return inner() + 1

    @flow_of
    def nested():
        return outer()

    record = run(nested, folder=tmp_path)
    assert record.states() == {"outer[0]": "success"}
    assert record.outputs["outer[0]"] == 2


def test_small_values_lead_back_to_the_call_that_gave_them(tmp_path):
    @make
    def add(a, b):
        return a + b

    @flow_of
    def summed():
        total = 0
        for number in range(3):  # the first call receives the flow's own 0
            total = add(total, number)
        add(0, 1)
        return add(add.submit(0, 0).result(), 3)

    record = run(summed, folder=tmp_path)
    assert set(record.graph.edges) == {
        ("add[0]", "add[1]"),
        ("add[1]", "add[2]"),
        ("add[4]", "add[5]"),
    }
    assert record.outputs["add"] == [0, 1, 3, 1, 0, 3]


def test_what_python_has_only_once_leads_back_where_the_source_says_it(tmp_path):
    @make
    def one(value):
        return value

    @make
    def two(*values, **more):
        return None

    @flow_of
    def said():
        ok = one(True)
        two(one(None), ok=ok)

    record = run(said, folder=tmp_path / "a")
    assert set(record.graph.edges) == {("one[0]", "two[0]"), ("one[1]", "two[0]")}

    @flow_of
    def unsaid(given=None):
        changed = one(None)
        changed = None
        if given:
            given = one(None)
        one(None)
        two(changed, given, None, bool(one(True)), [one(None)] == 1)

    assert run(unsaid, folder=tmp_path / "b").graph.edges == ()
