"""Prefect flows: injected failures, stop, overlap, and things that cannot be performed."""

import subprocess
import sys
import threading
import time

import pytest
from prefect_flows import flow_of, make, numbers

from workbench import PipelineError, Run, graph_of, run

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]
TASKS_AT_ONCE = 3


@pytest.mark.parametrize(
    ("how", "state", "error"),
    [
        ("raise", "failed", "injected"),
        ("kill", "failed", "SIGKILL"),
        ("raise once", "failed", "injected"),
    ],
)
def test_an_injected_failure_fails_the_task_until_it_is_retried(tmp_path, how, state, error):
    sums = Run(numbers()[0], folder=tmp_path)
    sums.inject("double[0]", how)
    sums.run_all()
    assert sums.states["double[0]"] == state
    assert error in sums.record.error("double[0]")
    sums.retry("double[0]")
    sums.run_all()
    assert sums.outputs["total[0]"] == 6000
    sums.close()


def test_corrupt_output_reaches_the_next_task(tmp_path):
    sums = Run(numbers()[0], folder=tmp_path)
    sums.inject("two[0]", "corrupt output")
    sums.run_all()
    assert sums.outputs["total[0]"] != sums.outputs["total[0]"]  # NaN
    sums.close()


@pytest.mark.parametrize("kind", ["direct", "submitted", "async"])
def test_stop_ends_a_task_that_hangs_and_the_run_can_go_on(tmp_path, kind):
    def body():
        return 5

    async def abody():
        return 5

    work = make(abody if kind == "async" else body, name="work")

    async def aflow():
        return await work()

    def sflow():
        return work.submit().result() if kind == "submitted" else work()

    execution = Run(flow_of(aflow if kind == "async" else sflow, name="hanging"), folder=tmp_path)
    execution.inject("work[0]", "hang")
    driver = threading.Thread(target=execution.run_all)
    driver.start()
    while execution.states.get("work[0]") != "running":
        time.sleep(0.02)
    execution.stop()
    driver.join(10)
    assert not driver.is_alive()
    assert execution.states["work[0]"] == "failed"
    assert execution.record.error("work[0]") == "stopped"
    execution.retry("work[0]")
    execution.run_all()
    assert execution.outputs["work[0]"] == 5
    execution.close()


def test_stop_reaches_a_flow_whose_own_code_never_ends(tmp_path):
    @flow_of
    def endless():
        while True:
            time.sleep(0.01)

    execution = Run(endless, folder=tmp_path)
    driver = threading.Thread(target=execution.run_all)
    driver.start()
    time.sleep(2)
    execution.stop()
    driver.join(10)
    assert not driver.is_alive()


def barrier_flow(submitted):
    """Three trainings that wait for one another; alone, each gives up after a while."""
    barrier = threading.Barrier(TASKS_AT_ONCE)

    @make
    def train(name):
        try:
            barrier.wait(timeout=20 if submitted else 0.2)
            return True
        except threading.BrokenBarrierError:
            barrier.reset()
            return False

    @flow_of
    def training():
        names = ("random_forest", "xgboost", "lightgbm")
        if submitted:
            return [future.result() for future in [train.submit(name) for name in names]]
        return [train(name) for name in names]

    return training


def met(folder, submitted):
    record = run(barrier_flow(submitted), folder=folder)
    trainings = [f"train[{number}]" for number in range(TASKS_AT_ONCE)]
    assert record.outputs["train"] == [submitted] * TASKS_AT_ONCE
    return record.overlap(trainings), max(
        record.overlap([a, b]) for a in trainings for b in trainings if a < b
    )


def test_direct_calls_do_not_overlap_and_submitted_ones_do(tmp_path):
    assert met(tmp_path / "direct", submitted=False) == (0, 0)
    assert met(tmp_path / "submitted", submitted=True)[0] > 0


@pytest.mark.long
def test_the_same_beside_two_busy_loops_twenty_times(tmp_path):
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        for number in range(20):
            assert met(tmp_path / f"direct-{number}", submitted=False) == (0, 0)
            assert met(tmp_path / f"submitted-{number}", submitted=True)[0] > 0
    finally:
        for process in busy:
            process.kill()
            process.wait()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "data_path"),
        ({"data_path": "x", "depth": 3}, "depth"),
        ({"data_path": "x", "rows": "many"}, "rows"),
    ],
)
def test_parameters_that_do_not_fit_are_named(tmp_path, parameters, words):
    @flow_of
    def needing(data_path: str, rows: int = 10):
        return data_path

    with pytest.raises(PipelineError, match=words):
        Run(needing, folder=tmp_path, **parameters)


def test_a_task_alone_and_a_flow_that_runs_elsewhere_are_refused():
    from prefect.task_runners import ProcessPoolTaskRunner

    with pytest.raises(PipelineError, match="call it in a flow"):
        graph_of(make(lambda: 1, name="alone"))
    with pytest.raises(PipelineError, match="ThreadPoolTaskRunner"):
        graph_of(flow_of(lambda: 1, name="away", task_runner=ProcessPoolTaskRunner()))


@pytest.mark.parametrize("stepped", [False, True])
def test_a_run_goes_on_when_it_is_asked_before_the_flow_has_heard_of_an_end(monkeypatch, stepped):
    from prefect import flow, task

    from workbench.engines.prefect.engine import PrefectEngine

    asked, decide, written = threading.Event(), PrefectEngine.decide, PrefectEngine.written

    def decided(self, *given):
        decision = decide(self, *given)
        asked.set()
        return decision

    def late(self, ticket):
        asked.clear()
        self.notify()
        assert asked.wait(60)
        written(self, ticket)

    monkeypatch.setattr(PrefectEngine, "decide", decided)
    monkeypatch.setattr(PrefectEngine, "written", late)

    @flow
    def chain():
        return one(one(1))

    @task
    def one(number):
        return number + 1

    execution = Run(chain)
    if stepped:
        assert [execution.step(), execution.step()] == ["one[0]", "one[1]"]
    else:
        execution.run_all()
    assert execution.states == {"one[0]": "success", "one[1]": "success"}
    assert execution.record.state == "success"
    execution.close()
