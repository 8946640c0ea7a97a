"""What is used of Prefect's inside is there, is told when it is gone, and is put back."""

import inspect
import logging
import threading
import time

import pytest
from prefect_flows import flow_of, make, numbers

from workbench import Run
from workbench.engines.prefect import internals
from workbench.engines.protocol import Engine, raise_in
from workbench.engines.registry import engine_for, lost, specs

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


def in_place():
    """What stands in Prefect's modules now, and the workbench's filters of its log."""
    from prefect import task_engine
    from prefect.task_runners import ThreadPoolTaskRunner

    filters = logging.getLogger("prefect.task_runs").filters
    return (
        task_engine.SyncTaskRunEngine,
        task_engine.AsyncTaskRunEngine,
        ThreadPoolTaskRunner.submit,
        [filtering for filtering in filters if "workbench" in filtering.__module__],
    )


@pytest.fixture
def own(prefect_server):
    """Prefect's own engines and submit."""
    before = in_place()
    assert [member.__module__ for member in before[:3]] == [
        "prefect.task_engine",
        "prefect.task_engine",
        "prefect.task_runners",
    ]
    return before


def flow_thread():
    return next(thread for thread in threading.enumerate() if thread.name == "flow")


@pytest.mark.parametrize("member", internals.SERVER_MEMBERS, ids=lambda member: member.path)
def test_a_member_that_only_the_server_looks_at_is_there(member):
    assert member.trouble() == ""


def test_the_warning_that_is_filtered_is_one_of_prefects():
    from prefect import task_engine

    assert internals.TIMEOUT_WARNING in inspect.getsource(task_engine)


def test_the_engine_has_all_that_the_protocol_asks_for():
    assert isinstance(engine_for(numbers()[0]), Engine)
    assert specs()["prefect"].internals == internals.__name__


def test_a_method_that_would_be_called_otherwise_is_told_in_one_line(monkeypatch):
    from prefect import task_engine

    monkeypatch.setattr(task_engine.SyncTaskRunEngine, "call_task_fn", lambda self, txn: None)
    trouble = lost(specs()["prefect"])
    assert "call_task_fn takes no transaction any more" in trouble
    assert "\n" not in trouble


def test_prefects_own_come_back_when_the_run_has_ended(tmp_path, own):
    sums = Run(numbers()[0], folder=tmp_path)
    assert in_place() == own
    sums.step()
    assert not set(in_place()[:3]) & set(own[:3])
    sums.run_all()
    sums.close()
    assert in_place() == own


def test_they_come_back_after_a_flow_that_failed(tmp_path, own):
    @flow_of
    def failing():
        raise SystemExit(1)

    failed = Run(failing, folder=tmp_path)
    failed.run_all()
    assert failed.record.state == "failed"
    failed.close()
    assert in_place() == own


def test_they_come_back_after_a_flow_that_is_left_at_the_gate(tmp_path, own):
    left = Run(numbers()[0], folder=tmp_path)
    left.step()
    left.close()
    assert left.states["double[0]"] == "pending"
    assert in_place() == own


def test_they_come_back_after_a_flow_whose_thread_was_killed(tmp_path, own):
    entered = threading.Event()

    @flow_of
    def endless():
        entered.set()
        while True:
            time.sleep(0.01)

    killed = Run(endless, folder=tmp_path)
    driver = threading.Thread(target=killed.run_all, daemon=True)
    driver.start()
    assert entered.wait(60)
    thread = flow_thread()
    raise_in(thread, SystemExit)
    driver.join(60)
    thread.join(60)
    assert not driver.is_alive()
    assert in_place() == own
    killed.close()


def test_a_flow_that_goes_on_after_it_was_stopped_is_gated_to_its_end(tmp_path, own):
    entered, lock, ran = threading.Event(), threading.Lock(), []
    lock.acquire()

    @make
    def late():
        ran.append(1)

    @flow_of
    def stubborn():
        entered.set()
        try:
            with lock:  # waits in C, where no exception reaches it
                time.sleep(0)
        finally:
            late()

    stopped = Run(stubborn, folder=tmp_path)
    driver = threading.Thread(target=stopped.run_all, daemon=True)
    driver.start()
    assert entered.wait(60)
    thread = flow_thread()
    stopped.stop()
    driver.join(60)
    stopped.close()
    assert thread.is_alive()
    assert in_place() != own
    lock.release()
    thread.join(60)
    assert in_place() == own
    assert not ran


def test_two_runs_at_once_share_the_gate_and_the_last_one_takes_it_away(tmp_path, own):
    first = Run(numbers()[0], folder=tmp_path / "first")
    second = Run(numbers()[0], folder=tmp_path / "second")
    first.step()
    second.step()
    gated = in_place()
    first.run_all()
    first.close()
    assert in_place() == gated
    second.run_all()
    second.close()
    assert second.outputs["total[0]"] == 6000
    assert in_place() == own


def test_runs_that_begin_and_end_together_leave_nothing_behind(tmp_path, own):
    def perform(number):
        one = Run(numbers()[0], folder=tmp_path / str(number))
        one.run_all()
        one.close()
        states[number] = one.record.state

    states = {}
    threads = [threading.Thread(target=perform, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert states == dict.fromkeys(range(4), "success")
    assert in_place() == own


def test_a_task_outside_of_a_run_is_prefects_alone_while_one_is_under_way(tmp_path, own):
    @make
    def one():
        return 1

    @flow_of
    def plain():
        return one() + one.submit().result()

    sums = Run(numbers()[0], folder=tmp_path)
    sums.step()
    assert plain() == 2
    assert sums.ready() == ["double[0]"]
    thread = flow_thread()
    sums.close()
    thread.join(60)  # it has been told to end, and takes its time on a busy machine
    assert in_place() == own
