"""Prefect flows: retries, timeouts, caching and failures are Prefect's own."""

import time
from collections import Counter

import pytest
from prefect_flows import flow_of, make, numbers, performed, reported

from workbench import Run, run

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


def test_a_retry_succeeds_at_the_third_attempt_and_its_delay_is_recorded_not_slept(tmp_path):
    times = Counter()

    @make(retries=3, retry_delay_seconds=60)
    def flaky():
        times["flaky"] += 1
        print("try", times["flaky"])
        if times["flaky"] < 3:
            raise ConnectionError("no answer")
        return times["flaky"]

    @flow_of(log_prints=True)
    def trying():
        return flaky()

    before = time.monotonic()
    execution = Run(trying, folder=tmp_path)
    assert [execution.step(), execution.states["flaky[0]"]] == ["flaky[0]", "retrying"]
    execution.run_all()
    assert time.monotonic() - before < 30
    assert [attempt.state for attempt in execution.record.attempts("flaky[0]")] == [
        "failed",
        "failed",
        "success",
    ]
    delays = [
        event.detail["delay"] for event in execution.record.events if event.kind == "retrying"
    ]
    assert delays == [60.0, 60.0]
    assert "try 1" in execution.log("flaky[0]", 1)
    assert "ConnectionError: no answer" in execution.log("flaky[0]", 1)
    assert "site-packages" not in execution.log("flaky[0]", 1)
    assert "try 3" in execution.log("flaky[0]")
    assert reported(execution)["flaky[0]"].run_count == 3
    execution.close()


def test_real_delays_are_slept(tmp_path):
    times = Counter()

    @make(retries=1, retry_delay_seconds=0.5)
    def flaky():
        times["flaky"] += 1
        if times["flaky"] < 2:
            raise ConnectionError
        return 1

    @flow_of
    def trying():
        return flaky()

    record = run(trying, folder=tmp_path, delays="real")
    first, second = record.attempts("flaky[0]")
    assert second.start - first.end >= 0.45


@pytest.mark.parametrize(("error", "tries"), [(ConnectionError, 3), (ValueError, 1)])
def test_a_retry_condition_decides(tmp_path, error, tries):
    @make(
        retries=2,
        retry_condition_fn=lambda task, task_run, state: isinstance(state.data, ConnectionError),
    )
    def failing():
        raise error("no")

    @flow_of
    def conditional():
        failing()

    record = run(conditional, folder=tmp_path)
    assert len(record.attempts("failing[0]")) == tries
    assert record.state == "failed"


@pytest.mark.parametrize("submitted", [False, True])
def test_a_timeout_ends_a_body_that_sleeps_and_counts_from_the_release(tmp_path, submitted):
    @make(timeout_seconds=1)
    def sleeping():
        time.sleep(20)

    @make(timeout_seconds=1)
    def quick():
        return 1

    @flow_of
    def timing():
        quick()
        return sleeping.submit().result() if submitted else sleeping()

    execution = Run(timing, folder=tmp_path)
    assert execution.ready() == ["quick[0]"]
    time.sleep(1.3)  # at the gate
    execution.run_all()
    assert execution.states == {"quick[0]": "success", "sleeping[0]": "failed"}
    assert execution.words("sleeping[0]") == "TimedOut"
    attempt = execution.record.attempts("sleeping[0]")[0]
    assert 0.9 < attempt.duration < 8
    assert execution.record.state == "failed"
    execution.close()


def test_what_is_downstream_of_a_failure_is_not_ready(tmp_path):
    @make
    def broken():
        raise ValueError("no data")

    @make
    def after(data):
        return data

    @flow_of
    def upstream_fails():
        return after.submit(broken.submit()).result()

    execution = performed(upstream_fails, tmp_path)
    assert execution.states == {"broken[0]": "failed", "after[0]": "upstream_failed"}
    assert execution.words("after[0]") == "NotReady"
    assert execution.record.error("broken[0]") == "ValueError: no data"
    assert execution.record.state == "failed"
    execution.close()


def test_a_second_call_with_the_same_inputs_is_cached(tmp_path):
    times = Counter()

    from prefect.cache_policies import INPUTS

    @make(cache_policy=INPUTS, persist_result=True)
    def slow(number, salt):
        times["slow"] += 1
        return number + 1000

    @flow_of
    def caching(salt):
        return slow(1, salt) + slow(1, salt)

    record = run(caching, folder=tmp_path, salt=str(tmp_path))
    assert record.states() == {"slow[0]": "success", "slow[1]": "cached"}
    assert times["slow"] == 1
    assert record.outputs["slow"] == [1001, 1001]


def test_a_flow_that_raises_fails_though_every_task_succeeded(tmp_path):
    @make
    def fine():
        return 1

    @flow_of
    def raising():
        fine()
        raise RuntimeError("after all")

    record = run(raising, folder=tmp_path)
    assert record.states() == {"fine[0]": "success"}
    assert record.state == "failed"
    assert "after all" in record.events[-1].detail["error"]


def test_a_flow_without_a_single_call_ends_too(tmp_path):
    @flow_of
    def idle():
        return 7

    record = run(idle, folder=tmp_path)
    assert record.state == "success"
    assert record.events[-1].detail == {"state": "Completed", "returned": "7"}


def test_a_flow_that_returns_a_constant_succeeds_though_a_task_failed(tmp_path):
    @make
    def broken():
        raise ValueError("no data")

    @make
    def never():
        return 1

    @flow_of
    def tolerant():
        if broken(return_state=True).is_completed():
            never()
        return "done"

    record = run(tolerant, folder=tmp_path)
    assert record.state == "success"
    assert record.states() == {"broken[0]": "failed", "never": "skipped"}


def test_states_attempts_and_times_are_those_of_the_server(tmp_path):
    execution = performed(numbers()[0], tmp_path)
    for task, there in reported(execution).items():
        attempt = execution.record.attempts(task)[-1]
        assert (there.state_name, there.run_count) == (execution.words(task), 1)
        started = there.start_time.timestamp() - execution.epoch
        assert attempt.start - 0.001 <= started <= attempt.end
        assert execution.epoch + attempt.end == pytest.approx(there.end_time.timestamp(), abs=0.001)
    execution.close()
