"""Flows that go through the values of a task: what they call for each is a task of the flow."""

import pytest
from prefect import flow, task

from workbench import Run, run

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


@task
def tenfold(value):
    return value * 10


@task
def inner(value):
    return value + 1


@task
def rows(count):
    for number in range(count):
        yield inner(number) + inner.submit(0).result()


@task
async def later(count):
    for number in range(count):
        yield number


@task
def through(count):
    return [tenfold(value) for value in rows(count)]


@flow
def going():
    return [tenfold(value) for value in rows(2)] + [tenfold.submit(v).result() for v in rows(1)]


@flow
async def going_later():
    return [tenfold(value) async for value in later(2)]


@flow
def left_early():
    for value in rows(3):
        return tenfold(value)


@flow
def deeper():
    return through(2)


@pytest.mark.parametrize(
    ("pipeline", "called"),
    [
        (going, {"tenfold[0]": 20, "tenfold[1]": 30, "tenfold[2]": 20}),
        (going_later, {"tenfold[0]": 0, "tenfold[1]": 10}),
        (left_early, {"tenfold[0]": 20}),
        (deeper, {}),
    ],
)
def test_what_is_called_for_each_value_of_a_task_stands_in_the_record(pipeline, called):
    record = run(pipeline)
    assert record.state == "success"
    outputs = {name: record.outputs[name] for name in record.states() if name in record.outputs}
    assert {name: outputs[name] for name in outputs if name.startswith("tenfold")} == called
    assert not [name for name in record.states() if name.startswith("inner[")]


@flow
def summed():
    return sum(rows(2))


@flow
async def summed_later():
    return sum([value async for value in later(3)])


@task
async def fetched():
    raise RuntimeError("there is no warehouse here")


@flow
async def asking():
    return await fetched()


@pytest.mark.parametrize(("pipeline", "name"), [(summed, "rows[0]"), (summed_later, "later[0]")])
def test_a_task_that_yields_fails_where_that_is_asked_for(pipeline, name):
    execution = Run(pipeline)
    try:
        execution.run_all()
        for how, state in [("raise", "failed"), ("kill", "failed"), (None, "success")]:
            execution.retry(name)
            execution.inject(name, how)
            execution.run_all()
            assert execution.states[name] == execution.record.state == state
        execution.stand_in(name, [1, 2])
        execution.retry(name)
        execution.run_all()
        assert "yields its values one by one; nobody can let" in execution.record.error(name)
    finally:
        execution.close()


def test_a_value_stands_in_for_a_coroutine():
    record = run(asking, stand_in={"fetched": 5})
    assert (record.state, record.outputs["fetched[0]"]) == ("success", 5)
