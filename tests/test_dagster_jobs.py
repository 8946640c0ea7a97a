"""Jobs and assets of many styles are drawn and run, and end as Dagster itself ends them."""

import pytest
from dagster_jobs import STYLES
from payloads import fits

from workbench import Run
from workbench.engines.dagster.definitions import planned
from workbench.engines.dagster.naming import template
from workbench.engines.registry import graph_of

QUICK = ("assets", "a_branch_by_optional_outputs", "dynamic_and_collected", "graph_in_a_graph")
# Dagster begins no step without its resources; here the attempt fails that needs them.
NOT_BEGUN = {"a_resource_that_cannot_be_made"}


def made(style):
    """(thing, parameters) of a style."""
    thing = STYLES[style]()
    return thing if type(thing) is tuple else (thing, {})


def own(thing, parameters):
    """What Dagster makes of it in this process: (task, mapping key) → state, and its result."""
    job = planned(thing).job
    inputs = {name: value for name, value in parameters.items() if name not in _OWN}
    options = {name: value for name, value in parameters.items() if name in _OWN}
    result = job.execute_in_process(raise_on_error=False, input_values=inputs, **options)
    kinds = {"STEP_SUCCESS": "success", "STEP_FAILURE": "failed", "STEP_SKIPPED": "skipped"}
    states = {
        event.step_key: kinds[event.event_type_value]
        for event in result.all_events
        if event.event_type_value in kinds
    }
    return result, states


_OWN = ("run_config", "partition_key")


@pytest.fixture(autouse=True)
def folder(airflow_home, tmp_path, monkeypatch):
    monkeypatch.setenv("STYLE_FOLDER", str(tmp_path))


@pytest.mark.parametrize(
    "style",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in STYLES],
)
def test_a_job_is_drawn_and_ends_as_dagster_ends_it(style, tmp_path):
    result, states = own(*made(style))
    thing, parameters = made(style)
    graph = graph_of(thing)
    assert graph.tasks
    assert {template(key) for key in states} <= set(graph.tasks)
    run = Run(thing, tmp_path / "run", **parameters)
    run.run_all()
    assert run.record.state == ("success" if result.success else "failed")
    assert [event for event in run.record.events if not fits(event)] == []
    if style not in NOT_BEGUN:
        assert ended(run) == sorted((template(key), state) for key, state in states.items())
        assert_same_outputs(run, result, states)
    run.close()


def ended(run):
    """(task, state) of each step that Dagster speaks of: not of those that it never began."""
    spoken = ("success", "failed", "skipped")
    return sorted(
        (name.partition("[")[0], state)
        for name, state in run.states.items()
        if state in spoken
        and not (state == "skipped" and run.record.last(name, "skipped").detail == "no such item")
    )


def assert_same_outputs(run, result, states):
    """Each output that has a name of its own is the same."""
    single = {key for key, state in states.items() if state == "success" and "[" not in key}
    for key in single:
        value = run.outputs[template(key)]
        if isinstance(value, dict) or value is None:
            continue
        assert value == result.output_for_node(key)
