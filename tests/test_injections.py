"""Failures that a learner injects: five ways, until they are lifted."""

import pytest
from flaky import flaky

from workbench import Pipeline, PipelineError, Run


@pytest.mark.parametrize(
    ("how", "state", "error"),
    [
        ("raise", "failed", "InjectedFailure: injected into 'train'"),
        ("raise once", "failed", "InjectedFailure: injected into 'train'"),
        ("hang", "failed", "TimeoutError: 'train' ran longer than 0.2 s"),
        ("kill", "failed", "TaskFailed: killed by SIGKILL"),
    ],
)
def test_an_injected_failure_fails_the_task(how, state, error):
    pipeline = Pipeline("p")
    pipeline.task(lambda: 5, name="train", timeout=0.2 if how == "hang" else None)
    execution = Run(pipeline)
    execution.inject("train", how)
    execution.run_all()
    assert (execution.states["train"], execution.record.error("train")) == (state, error)


def test_raise_once_fails_one_attempt_and_raise_fails_them_all():
    for how, states in (("raise once", ["failed", "success"]), ("raise", ["failed"] * 3)):
        execution = Run(flaky(0, retries=2))
        execution.inject("train", how)
        execution.run_all()
        assert [attempt.state for attempt in execution.record.attempts("train")] == states


def test_a_corrupted_output_reaches_the_downstream_task(training):
    execution = Run(training)
    execution.inject("collect", "corrupt output")
    execution.run_all()
    assert (execution.outputs["collect"], execution.outputs["report"]) == ([0, 1], "1 from 1")


def test_an_injection_is_lifted_and_recorded(training):
    execution = Run(training)
    execution.inject("fit", "raise")
    execution.inject("fit", None)
    execution.run_all()
    assert execution.record.state == "success"
    assert [event.detail for event in execution.record.events if event.kind == "injected"] == [
        {"how": "raise"},
        {"how": None},
    ]


def test_a_way_to_fail_that_is_none_is_named_with_those_there_are(training):
    with pytest.raises(
        PipelineError, match="'explode' is no way to fail; choose from raise, raise once, hang"
    ):
        Run(training).inject("fit", "explode")
