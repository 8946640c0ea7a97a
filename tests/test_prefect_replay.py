"""Prefect flows: back, retry, fork and resume perform it again; what finished is answered."""

import threading
from collections import Counter

import pytest
from prefect_flows import flow_of, make, numbers, performed

from workbench import Run

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


def test_retry_runs_the_call_and_what_followed_and_nothing_else(tmp_path):
    flow, times = numbers()
    sums = performed(flow, tmp_path)
    sums.retry("double[0]")
    assert sums.states == {"two[0]": "success", "double[0]": "pending", "total[0]": "pending"}
    assert sums.ready() == ["double[0]"]
    sums.run_all()
    assert times == {"two": 1, "double": 2, "total": 2}
    assert sums.record.state == "success"
    assert len(sums.record.attempts("total[0]")) == 2
    sums.close()


def test_retry_after_a_failure_goes_on_from_there(tmp_path):
    times = Counter()

    @make
    def first():
        times["first"] += 1
        return [1]

    @make
    def second(rows):
        times["second"] += 1
        if times["second"] == 1:
            raise OSError("disk full")
        return len(rows)

    @flow_of
    def recovering():
        return second(first())

    execution = performed(recovering, tmp_path)
    assert execution.record.state == "failed"
    execution.retry("second[0]")
    execution.run_all()
    assert execution.record.state == "success"
    assert times == {"first": 1, "second": 2}
    execution.close()


def test_retry_where_edges_are_unknown_reruns_whatever_was_called_later(tmp_path):
    times = Counter()

    @make
    def score():
        return True

    @make
    def publish():
        times["publish"] += 1
        return 1

    @flow_of
    def deciding():
        if score():
            publish()

    execution = performed(deciding, tmp_path)
    assert execution.graph.edges == ()
    execution.retry("score[0]")
    execution.run_all()
    assert times["publish"] == 2
    execution.close()


def test_a_handled_failure_is_answered_as_that_failure(tmp_path):
    times = Counter()

    class Odd(Exception):
        pass

    @make
    def broken():
        times["broken"] += 1
        raise Odd("as always")

    @make
    def after():
        times["after"] += 1
        return 1

    @flow_of
    def handling():
        try:
            broken()
        except Odd:
            return after()

    execution = performed(handling, tmp_path)
    execution.retry("after[0]")
    execution.run_all()
    assert times == {"broken": 1, "after": 2}
    assert execution.states == {"broken[0]": "failed", "after[0]": "success"}
    execution.close()


def test_back_shows_the_moment_and_acting_there_clears_what_came_later(tmp_path):
    flow, times = numbers()
    sums = performed(flow, tmp_path)
    moment = next(
        event.seq
        for event in sums.record.events
        if event.task == "two[0]" and event.kind == "succeeded"
    )
    sums.back(moment)
    assert sums.states["two[0]"] == "success"
    assert sums.states.get("total[0]", "pending") == "pending"
    assert sums.step() == "double[0]"
    assert sums.states["total[0]"] == "pending"
    sums.run_all()
    assert times == {"two": 1, "double": 2, "total": 2}
    sums.close()


def test_fork_replaces_an_output_and_runs_only_what_follows(tmp_path):
    flow, times = numbers()
    sums = performed(flow, tmp_path / "first")
    forked = sums.fork({"double[0]": 1}, folder=tmp_path / "second")
    forked.run_all()
    assert forked.outputs["total[0]"] == 2001
    assert sums.outputs["total[0]"] == 6000
    assert times == {"two": 1, "double": 1, "total": 2}
    sums.close()
    forked.close()


def test_resume_after_a_crash_keeps_what_is_finished(tmp_path):
    flow, times = numbers()
    sums = Run(flow, folder=tmp_path)
    sums.step()
    sums.step()
    sums.close()
    times.clear()
    again = Run.resume(tmp_path, flow)
    assert again.ready() == ["total[0]"]
    again.run_all()
    assert again.outputs["total[0]"] == 6000
    assert times == {"total": 1}
    assert again.record.state == "success"
    again.close()


def test_values_that_cannot_be_stored_are_kept_in_memory(tmp_path):
    times = Counter()

    @make
    def lock():
        times["lock"] += 1
        return threading.Lock()

    @make
    def use(lock):
        return lock.locked()

    @flow_of
    def locking():
        return use(lock())

    execution = performed(locking, tmp_path)
    execution.retry("use[0]")
    execution.run_all()
    assert execution.outputs["use[0]"] is False
    assert times["lock"] == 1
    execution.close()


def test_run_to_a_task_that_has_not_appeared_yet(tmp_path):
    sums = Run(numbers()[0], folder=tmp_path)
    sums.run_to("double[0]")
    assert sums.states["double[0]"] == "success"
    assert sums.ready() == ["total[0]"]
    sums.close()
