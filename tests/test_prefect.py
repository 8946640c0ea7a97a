"""Prefect flows under the workbench's control, on a real server: one for all tests of this file."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from workbench import PipelineError, Run, graph_of, run, start, workspace

TASKS_AT_ONCE = 3
times = Counter()  # of calls of a task's body, by whatever name a test gives it


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory):
    """The session's server; tests never write into the project."""
    before, here = dict(os.environ), Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(workspace, "_session", None)
        start(seed=1)
        from workbench.engines.prefect.server import server

        yield server()
    os.chdir(here)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def forget():
    times.clear()


def make(function=None, **options):
    """A task; the import waits until the server's settings are in place."""
    from prefect import task

    return task(function, **options) if function else lambda found: task(found, **options)


def flow_of(function=None, **options):
    from prefect import flow

    return flow(function, **options) if function else lambda found: flow(found, **options)


def performed(flow, folder, **parameters):
    """A finished run that is still open."""
    found = Run(flow, folder=folder, **parameters)
    found.run_all()
    return found


def numbers():
    """Three calls in a row: two → double → total, so that there is something to go back in."""

    @make
    def two():
        times["two"] += 1
        return 2000

    @make
    def double(number):
        times["double"] += 1
        return number * 2

    @make
    def total(a, b):
        times["total"] += 1
        return a + b

    @flow_of
    def sums():
        first = two()
        return total(first, double(first))

    return sums


def reported(found):
    """What the server has on each call, polled until it has the last of them: reports arrive late."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    calls = {call.run.id: name for name, call in found.engine._play.calls.items()}
    flow_runs = {call.run.flow_run_id for call in found.engine._play.calls.values()}
    with get_client(sync_client=True) as client:
        for _ in range(150):
            runs = client.read_task_runs(
                flow_run_filter=FlowRunFilter(id={"any_": list(flow_runs)})
            )
            if {run.id for run in runs if run.state.is_final()} >= set(calls):
                return {calls[run.id]: run for run in runs}
            time.sleep(0.2)
    raise TimeoutError("the server's records are not final after 30 s")


# The graph appears as the flow goes


def test_a_flow_is_dynamic_and_has_no_edges_before_it_runs():
    graph = graph_of(numbers())
    assert graph.dynamic
    assert set(graph.tasks) == {"two", "double", "total"}
    assert graph.edges == ()


def test_the_graph_grows_as_the_flow_runs_and_has_the_true_edges(tmp_path):
    sums = Run(numbers(), folder=tmp_path)
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

    found = Run(siblings, folder=tmp_path)
    assert found.ready() == ["train[0]", "train[1]", "train[2]"]
    assert [found.inputs(f"train[{n}]")["name"] for n in range(3)] == ["forest", "boost", "light"]
    assert found.step("train[1]") == "train[1]"
    assert found.ready() == ["train[0]", "train[2]"]
    found.run_all()
    assert set(found.graph.upstream("best[0]")) == {"train[0]", "train[1]", "train[2]"}
    assert found.outputs["train"] == ["FOREST", "BOOST", "LIGHT"]
    found.close()


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

    found = Run(pool, folder=tmp_path)
    assert found.ready() == ["work[0]", "work[1]"]
    assert found.states["work[3]"] == "pending"
    found.step("work[0]")
    assert found.ready() == ["work[1]", "work[2]"]
    found.run_all()
    assert set(found.states.values()) == {"success"}
    found.close()


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

    found = Run(gathering, folder=tmp_path)
    assert found.ready() == ["fetch[0]", "fetch[1]", "fetch[2]"]
    assert found.step("fetch[2]") == "fetch[2]"
    found.run_all()
    assert found.outputs["fetch"] == [0, 10, 20]
    assert found.record.state == "success"
    found.close()


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


# Retries, timeouts, caching, failures: as Prefect does them


def test_a_retry_succeeds_at_the_third_attempt_and_its_delay_is_recorded_not_slept(tmp_path):
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
    found = Run(trying, folder=tmp_path)
    assert [found.step(), found.states["flaky[0]"]] == ["flaky[0]", "retrying"]
    found.run_all()
    assert time.monotonic() - before < 30
    assert [attempt.state for attempt in found.record.attempts("flaky[0]")] == [
        "failed",
        "failed",
        "success",
    ]
    delays = [event.detail["delay"] for event in found.record.events if event.kind == "retrying"]
    assert delays == [60.0, 60.0]
    assert "try 1" in found.log("flaky[0]", 1)
    assert "ConnectionError: no answer" in found.log("flaky[0]", 1)
    assert "site-packages" not in found.log("flaky[0]", 1)
    assert "try 3" in found.log("flaky[0]")
    assert reported(found)["flaky[0]"].run_count == 3
    found.close()


def test_real_delays_are_slept(tmp_path):
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

    found = Run(timing, folder=tmp_path)
    assert found.ready() == ["quick[0]"]
    time.sleep(1.3)  # at the gate
    found.run_all()
    assert found.states == {"quick[0]": "success", "sleeping[0]": "failed"}
    assert found.words("sleeping[0]") == "TimedOut"
    attempt = found.record.attempts("sleeping[0]")[0]
    assert 0.9 < attempt.duration < 8
    assert found.record.state == "failed"
    found.close()


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

    found = performed(upstream_fails, tmp_path)
    assert found.states == {"broken[0]": "failed", "after[0]": "upstream_failed"}
    assert found.words("after[0]") == "NotReady"
    assert found.record.error("broken[0]") == "ValueError: no data"
    assert found.record.state == "failed"
    found.close()


def test_a_second_call_with_the_same_inputs_is_cached(tmp_path):
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
    found = performed(numbers(), tmp_path)
    for task, there in reported(found).items():
        attempt = found.record.attempts(task)[-1]
        assert (there.state_name, there.run_count) == (found.words(task), 1)
        assert found.epoch + attempt.start == pytest.approx(there.start_time.timestamp(), abs=0.25)
        assert found.epoch + attempt.end == pytest.approx(there.end_time.timestamp(), abs=0.001)
    found.close()


# Back, retry, fork, resume: the flow is played again, and finished calls are answered from the store


def test_retry_runs_the_call_and_what_followed_and_nothing_else(tmp_path):
    sums = performed(numbers(), tmp_path)
    sums.retry("double[0]")
    assert sums.states == {"two[0]": "success", "double[0]": "pending", "total[0]": "pending"}
    assert sums.ready() == ["double[0]"]
    sums.run_all()
    assert times == {"two": 1, "double": 2, "total": 2}
    assert sums.record.state == "success"
    assert len(sums.record.attempts("total[0]")) == 2
    sums.close()


def test_retry_after_a_failure_goes_on_from_there(tmp_path):
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

    found = performed(recovering, tmp_path)
    assert found.record.state == "failed"
    found.retry("second[0]")
    found.run_all()
    assert found.record.state == "success"
    assert times == {"first": 1, "second": 2}
    found.close()


def test_retry_where_edges_are_unknown_reruns_whatever_was_called_later(tmp_path):
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

    found = performed(deciding, tmp_path)
    assert found.graph.edges == ()
    found.retry("score[0]")
    found.run_all()
    assert times["publish"] == 2
    found.close()


def test_a_handled_failure_is_answered_as_that_failure(tmp_path):
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

    found = performed(handling, tmp_path)
    found.retry("after[0]")
    found.run_all()
    assert times == {"broken": 1, "after": 2}
    assert found.states == {"broken[0]": "failed", "after[0]": "success"}
    found.close()


def test_back_shows_the_moment_and_acting_there_clears_what_came_later(tmp_path):
    sums = performed(numbers(), tmp_path)
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
    sums = performed(numbers(), tmp_path / "first")
    forked = sums.fork({"double[0]": 1}, folder=tmp_path / "second")
    forked.run_all()
    assert forked.outputs["total[0]"] == 2001
    assert sums.outputs["total[0]"] == 6000
    assert times == {"two": 1, "double": 1, "total": 2}
    sums.close()
    forked.close()


def test_resume_after_a_crash_keeps_what_is_finished(tmp_path):
    sums = Run(numbers(), folder=tmp_path)
    sums.step()
    sums.step()
    sums.close()
    times.clear()
    again = Run.resume(tmp_path, numbers())
    assert again.ready() == ["total[0]"]
    again.run_all()
    assert again.outputs["total[0]"] == 6000
    assert times == {"total": 1}
    assert again.record.state == "success"
    again.close()


def test_values_that_cannot_be_stored_are_kept_in_memory(tmp_path):
    @make
    def lock():
        times["lock"] += 1
        return threading.Lock()

    @make
    def use(found):
        return found.locked()

    @flow_of
    def locking():
        return use(lock())

    found = performed(locking, tmp_path)
    found.retry("use[0]")
    found.run_all()
    assert found.outputs["use[0]"] is False
    assert times["lock"] == 1
    found.close()


def test_run_to_a_task_that_has_not_appeared_yet(tmp_path):
    sums = Run(numbers(), folder=tmp_path)
    sums.run_to("double[0]")
    assert sums.states["double[0]"] == "success"
    assert sums.ready() == ["total[0]"]
    sums.close()


# Injections and stop


@pytest.mark.parametrize(
    ("how", "state", "error"),
    [
        ("raise", "failed", "injected"),
        ("kill", "failed", "SIGKILL"),
        ("raise once", "failed", "injected"),
    ],
)
def test_an_injected_failure_fails_the_task_until_it_is_retried(tmp_path, how, state, error):
    sums = Run(numbers(), folder=tmp_path)
    sums.inject("double[0]", how)
    sums.run_all()
    assert sums.states["double[0]"] == state
    assert error in sums.record.error("double[0]")
    sums.retry("double[0]")
    sums.run_all()
    assert sums.outputs["total[0]"] == 6000
    sums.close()


def test_corrupt_output_reaches_the_next_task(tmp_path):
    sums = Run(numbers(), folder=tmp_path)
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

    found = Run(flow_of(aflow if kind == "async" else sflow, name="hanging"), folder=tmp_path)
    found.inject("work[0]", "hang")
    driver = threading.Thread(target=found.run_all)
    driver.start()
    while found.states.get("work[0]") != "running":
        time.sleep(0.02)
    found.stop()
    driver.join(10)
    assert not driver.is_alive()
    assert found.states["work[0]"] == "failed"
    assert found.record.error("work[0]") == "stopped"
    found.retry("work[0]")
    found.run_all()
    assert found.outputs["work[0]"] == 5
    found.close()


def test_stop_reaches_a_flow_whose_own_code_never_ends(tmp_path):
    @flow_of
    def endless():
        while True:
            time.sleep(0.01)

    found = Run(endless, folder=tmp_path)
    driver = threading.Thread(target=found.run_all)
    driver.start()
    time.sleep(2)
    found.stop()
    driver.join(10)
    assert not driver.is_alive()


# Parallel or not: proved by a barrier, not by a clock


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


@pytest.mark.slow
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


# Bad input


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


def test_a_server_that_is_killed_during_a_run_is_replaced_and_the_run_ends_well(tmp_path, server):
    sums = Run(numbers(), folder=tmp_path)
    sums.step()
    first = server.pid
    os.kill(first, signal.SIGKILL)
    sums.run_all()
    assert sums.record.state == "success"
    assert server.pid != first
    with urllib.request.urlopen(server.url() + "/health", timeout=60) as answer:
        assert json.load(answer) is True
    sums.close()


def test_a_port_that_is_taken_is_left_alone(tmp_path):
    from workbench.engines.prefect.server import Server

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        found = Server(tmp_path, port=taken)
        assert found.port not in (0, taken)
        found.close()


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    from workbench.engines.prefect.server import Server

    (tmp_path / "file").write_text("")
    found = Server(tmp_path / "file" / "prefect")
    with pytest.raises(PipelineError, match="needs a folder to write to"):
        found.url()
    found.close()


@pytest.mark.slow
def test_two_notebooks_at_once_have_a_server_each_and_leave_none_behind(tmp_path):
    program = textwrap.dedent("""
        from workbench import run, start
        start(seed=1)
        from prefect import flow, task
        @task
        def one(): return 1
        @flow
        def small(): return one()
        assert run(small).state == "success"
        from workbench.engines.prefect.server import server
        print(server().port, server().pid)
    """)
    (tmp_path / "notebook.py").write_text(program)
    source = str(Path(__file__).parents[1] / "src")
    environment = {**os.environ, "WORKBENCH_HOME": str(tmp_path), "PYTHONPATH": source}
    environment = {
        name: value for name, value in environment.items() if not name.startswith("PREFECT_")
    }
    both = [
        subprocess.Popen(
            [sys.executable, "notebook.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=300)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    (port, pid), (other_port, other_pid) = printed
    assert port != other_port
    for number in (pid, other_pid):
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)
