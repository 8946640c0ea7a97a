"""Every control of a run, and what the record says about it."""

import threading
import time
from itertools import pairwise

import pytest
from flaky import ALL, flaky, kinds
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import Pipeline, PipelineError, Record, Run, run


def test_step_runs_one_ready_task_and_says_which(training):
    execution = Run(training)
    assert execution.ready() == ["collect"]
    assert [execution.step() for _ in range(6)] == [*ALL, None]
    assert execution.outputs["report"] == "6 from 3"
    assert execution.record.state == "success"


def test_step_takes_the_task_it_is_told_if_it_is_ready(training):
    execution = Run(training)
    execution.run_to("clean")
    assert execution.step("describe") == "describe"
    with pytest.raises(PipelineError, match="'report' is not ready: it waits for fit .ready: fit."):
        execution.step("report")
    with pytest.raises(PipelineError, match="'collect' is not ready: its state is success"):
        execution.step("collect")


def test_run_to_runs_what_the_task_needs_and_nothing_else(training):
    execution = Run(training)
    execution.run_to("fit")
    assert [task for task in ALL if execution.states[task] == "success"] == [
        "collect",
        "clean",
        "fit",
    ]


def test_a_failure_stops_what_needs_it_and_nothing_else():
    execution = Run(flaky(9))
    execution.run_all()
    assert execution.states == {
        "collect": "success",
        "train": "failed",
        "aside": "success",
        "report": "upstream_failed",
    }
    assert execution.record.state == "failed"
    assert execution.record.error("train") == "ValueError: attempt 1 fails"


def test_retries_are_attempts_of_their_own():
    record = run(flaky(2, retries=2, retry_delay=300))
    assert [attempt.state for attempt in record.attempts("train")] == [
        "failed",
        "failed",
        "success",
    ]
    assert kinds(record, "train") == ["queued", "started", "retrying"] * 2 + [
        "queued",
        "started",
        "succeeded",
    ]
    assert record.last("train", "retrying").detail == {
        "error": "ValueError: attempt 2 fails",
        "delay": 300,
    }
    assert record.last_at < 60, "a recorded delay is not slept"


def test_a_step_is_one_attempt():
    execution = Run(flaky(1, retries=1))
    assert [execution.step("collect"), execution.step("train")] == ["collect", "train"]
    assert execution.states["train"] == "retrying"
    assert "train" in execution.ready()
    execution.step("train")
    assert execution.states["train"] == "success"


def test_real_delays_are_slept_and_others_go_on_meanwhile():
    pipeline = flaky(1, retries=1, retry_delay=2)
    execution = Run(pipeline, delays="real")
    execution.run_all()
    first, second = execution.record.attempts("train")
    assert second.start - first.end >= 2
    assert execution.record.attempts("aside")[0].end < second.start


def test_independent_tasks_run_at_the_same_time_up_to_jobs():
    pipeline, meeting = Pipeline("p"), threading.Barrier(3, timeout=150)
    for name in ("a", "b", "c"):
        pipeline.task(meeting.wait, name=name)
    execution = Run(pipeline, jobs=3)
    execution.run_all()
    assert execution.record.state == "success"
    assert execution.record.overlap(["a", "b", "c"]) > 0


def test_one_job_is_one_task_at_a_time(training):
    execution = Run(training, jobs=1)
    execution.run_all()
    intervals = [execution.record.intervals(task)[0] for task in execution.graph.tasks]
    assert all(before[1] <= after[0] for before, after in pairwise(sorted(intervals)))


def test_retry_clears_the_task_and_what_follows_and_lifts_injections():
    execution = Run(flaky(0))
    execution.inject("train", "raise")
    execution.run_all()
    execution.retry("train")
    assert execution.states == {
        "collect": "success",
        "train": "pending",
        "aside": "success",
        "report": "pending",
    }
    assert execution.injections == {}
    execution.run_all()
    assert execution.record.state == "success"
    assert [attempt.number for attempt in execution.record.attempts("train")] == [1, 2]


def test_retries_count_anew_after_a_clear():
    execution = Run(flaky(3, retries=1))
    execution.run_all()
    execution.retry("train")
    execution.run_all()
    assert [attempt.state for attempt in execution.record.attempts("train")] == ["failed"] * 3 + [
        "success"
    ]


def test_back_shows_the_moment_and_deletes_nothing(training):
    execution = Run(training)
    execution.run_all()
    finished = execution.record.last("clean", "succeeded").seq
    execution.back(finished)
    assert execution.states == {
        task: "success" if task in ("collect", "clean") else "pending" for task in ALL
    }
    assert (list(execution.outputs), execution.inputs("fit")) == (
        ["collect", "clean"],
        {"clean": [1, 2, 3]},
    )
    assert execution.ready() == ["fit", "describe"]
    execution.back(None)
    assert set(execution.states.values()) == {"success"}


def test_acting_in_the_past_clears_what_finished_later(training):
    execution = Run(training)
    execution.run_all()
    length = len(execution.record)
    execution.back(execution.record.last("clean", "succeeded").seq)
    assert execution.step() == "fit"
    cleared = [event.task for event in execution.record.events[length:] if event.kind == "cleared"]
    assert cleared == ["fit", "describe", "report"]
    assert execution.states["report"] == "pending"
    execution.run_all()
    assert [len(execution.record.attempts(task)) for task in ALL] == [1, 1, 2, 2, 2]


@pytest.mark.parametrize("seq", [-2, 10_000])
def test_there_is_no_going_back_to_an_event_that_is_not(training, seq):
    with pytest.raises(PipelineError, match=f"there is no event {seq}"):
        Run(training).back(seq)


@pytest.mark.parametrize(
    "wait", [threading.Event().wait, lambda: time.sleep(60)], ids=["event", "sleep"]
)
def test_stop_ends_a_long_task(wait):
    pipeline, begun = Pipeline("p"), threading.Event()
    pipeline.task(lambda: (begun.set(), wait())[0], name="long")
    pipeline.task(lambda long: 1, name="after")
    execution = Run(pipeline)
    driver = threading.Thread(target=execution.run_all)
    driver.start()
    assert begun.wait(150)
    execution.stop()
    driver.join(150)
    assert not driver.is_alive()
    assert execution.states == {"long": "failed", "after": "pending"}
    assert execution.record.error("long") == "stopped"
    assert execution.record.events[-1].kind == "stopped"


def test_a_stopped_run_can_go_on():
    pipeline, begun, go = Pipeline("p"), threading.Event(), threading.Event()
    pipeline.task(lambda: (begun.set(), go.wait(150))[1], name="long")
    execution = Run(pipeline)
    driver = threading.Thread(target=execution.run_all)
    driver.start()
    assert begun.wait(150)
    with pytest.raises(PipelineError, match="this run is busy"):
        execution.step()
    execution.stop()
    driver.join(150)
    go.set()
    execution.retry("long")
    execution.run_all()
    assert (execution.states, execution.record.state) == ({"long": "success"}, "success")
    assert len(execution.record.attempts("long")) == 2


def test_downstream_tasks_do_not_share_a_value_they_could_spoil(training):
    @training.task(name="spoil")
    def spoil(clean):
        clean.clear()

    execution = Run(training)
    execution.run_to("spoil")
    execution.run_all()
    assert execution.outputs["report"] == "6 from 3"


COMMANDS = st.lists(
    st.one_of(
        st.tuples(st.just("step")),
        st.tuples(st.just("run_all")),
        st.tuples(st.sampled_from(["run_to", "retry"]), st.sampled_from(ALL)),
        st.tuples(
            st.just("inject"),
            st.sampled_from(ALL),
            st.sampled_from(["raise", "raise once", "corrupt output", None]),
        ),
        st.tuples(st.just("back"), st.floats(0, 1)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(COMMANDS)
def test_whatever_a_learner_presses_the_run_ends_well(commands):
    pipeline = Pipeline("p")
    for name, function in {
        "collect": lambda: 1,
        "clean": lambda collect: 2,
        "fit": lambda clean: 3,
        "describe": lambda clean: 4,
        "report": lambda fit, describe: 5,
    }.items():
        pipeline.task(function, name=name, retries=name == "fit")
    execution = Run(pipeline)
    for command, *arguments in commands:
        if command == "back":
            execution.back(int(arguments[0] * len(execution.record)) - 1)
        else:
            getattr(execution, command)(*arguments)
    execution.back(None)
    assert Record.load(execution.folder).states() == execution.states
    for task in ALL:
        execution.inject(task, None)
    for task, state in execution.states.items():
        if state in ("failed", "upstream_failed", "retrying"):
            execution.retry(task)
    execution.run_all()
    assert set(execution.states.values()) == {"success"}
    execution.close()
