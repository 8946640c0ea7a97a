"""Kubeflow pipelines: what the specification says must happen is what happens."""

import json
from pathlib import Path

import pytest
from kubeflow_files import alone, compiled
from kubeflow_table import FAIL, TABLE

from workbench import Run, run
from workbench.graph import template_of

ALONE = [  # also drawn and run from their YAML file, in a process that never sees this code
    "an artifact is handed on",
    "a condition that does not",
    "elif",
    "a loop over an output, collected",
    "an empty loop",
    "a loop in a loop",
    "a failure inside a loop",
    "a pipeline nested in a nested one",
    "a loop over artifacts",
    "an exit task after a failure",
    "a retry that succeeds",
    "integers stay integers",
]


@pytest.fixture(autouse=True)
def given():
    Path("given.csv").write_text("given rows")


def placed(parameters, here):
    """The parameters with the test's own folder for HERE."""
    return {
        key: value.replace("HERE", str(here)) if isinstance(value, str) else value
        for key, value in parameters.items()
    }


def states_as_expected(states, expected):
    """Compare states; rows about branches leave out groups' names and what always runs."""
    if not set(expected) <= set(states):
        states = {name.rpartition("/")[2]: state for name, state in states.items()}
        states = {name: states[name] for name in expected}
    assert states == expected


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_what_the_specification_says_happens(row, pipelines, tmp_path):
    name, parameters, expected, outputs = row
    record = run(getattr(pipelines, name), **placed(parameters, tmp_path))
    states_as_expected(record.states(), expected)
    assert {task: record.outputs[task] for task in outputs} == outputs
    assert record.state == ("failed" if FAIL in expected.values() else "success")


def test_pipelines_run_from_their_yaml_alone(pipelines, tmp_path):
    for name in ALONE:
        compiled(getattr(pipelines, TABLE[name][0]), tmp_path / f"{name}.yaml")
    script = """
import json, sys
from workbench import draw, run
found = {}
for name, parameters in json.loads(sys.argv[1]).items():
    path = f"{sys.argv[2]}/{name}.yaml"
    text = str(draw(path))
    record = run(path, folder=f"{sys.argv[2]}/runs of {name}/1", **parameters)
    plain = [task for task in record.outputs if isinstance(record.outputs[task], (str, int, list))]
    outputs = {task: record.outputs[task] for task in plain}
    found[name] = [text, record.state, record.states(), outputs]
assert "kfp" not in sys.modules
print(json.dumps(found))
"""
    asked = json.dumps({name: placed(TABLE[name][1], tmp_path) for name in ALONE})
    done = alone(script, asked, tmp_path)
    for name, (text, state, states, outputs) in json.loads(done.splitlines()[-1]).items():
        _, _, expected, wanted = TABLE[name]
        states_as_expected(states, expected)
        assert state == ("failed" if FAIL in expected.values() else "success")
        assert outputs == outputs | {
            task: value for task, value in wanted.items() if task in states
        }
        assert all(template_of(task).rpartition("/")[2] in text for task in expected)


def test_a_single_component_runs(pipelines):
    record = run(pipelines.double, value=4)
    assert record.outputs["double"] == 8


def test_retries_wait_longer_each_time(pipelines, tmp_path):
    record = run(pipelines.retrying, counter=str(tmp_path / "counter"), attempt=3)
    delays = [event.detail["delay"] for event in record.events if event.kind == "retrying"]
    assert delays == [5.0, 15.0]
    assert [attempt.state for attempt in record.attempts("succeed-at")] == [
        "failed",
        "failed",
        "success",
    ]


def test_what_was_ready_at_an_earlier_moment_goes_by_the_outputs_of_that_moment(pipelines):
    execution = Run(pipelines.branches, value=5)
    execution.step("give")
    middle, moment = execution.ready(), execution.record.last("give", "succeeded").seq
    execution.retry("give")
    execution.inject("give", "corrupt output")
    execution.step("give")
    assert execution.ready() != middle
    execution.back(moment)
    assert execution.ready() == middle == ["condition-branches-1/condition-3/say-2"]
    execution.close()
