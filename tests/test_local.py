"""Local execution: logs, timeouts, processes of their own."""

import logging
import os
import subprocess
import sys
import time
import warnings

import pytest

from workbench import Pipeline, Run, run


def one_task(function, **options):
    pipeline = Pipeline("p")
    pipeline.task(function, name="task", **options)
    execution = Run(pipeline)
    execution.run_all()
    return execution


def talk():
    print("printed")
    print("complained", file=sys.stderr)
    logging.getLogger("mine").info("logged")
    warnings.warn("warned", stacklevel=1)
    return 1


def fail():
    raise KeyError("missing column")


@pytest.mark.parametrize("timeout", [None, 60], ids=["thread", "process"])
def test_the_log_has_what_a_task_prints_logs_and_warns(timeout):
    log = one_task(talk, timeout=timeout).log("task")
    for line in ("printed", "complained", "INFO mine: logged", "UserWarning: warned"):
        assert line in log


@pytest.mark.parametrize("timeout", [None, 60], ids=["thread", "process"])
def test_a_traceback_begins_in_the_learners_code(timeout):
    execution = one_task(fail, timeout=timeout)
    log = execution.log("task")
    assert execution.record.error("task") == "KeyError: 'missing column'"
    assert log.startswith("Traceback")
    assert "test_local.py" in log
    assert "/workbench/" not in log


def test_every_attempt_has_a_log_of_its_own():
    pipeline, calls = Pipeline("p"), []

    @pipeline.task(retries=1)
    def task():
        calls.append(1)
        print(f"try {len(calls)}")
        if len(calls) == 1:
            raise ValueError("no")

    execution = Run(pipeline)
    execution.run_all()
    assert execution.log("task", 1).startswith("try 1\nTraceback")
    assert (execution.log("task", 2), execution.log("task")) == ("try 2\n", "try 2\n")


def test_tasks_at_the_same_time_do_not_mix_their_logs():
    pipeline = Pipeline("p")

    def chatter(name):
        for _ in range(50):
            print(name)
            time.sleep(0.001)

    for name in ("a", "b", "c"):
        pipeline.task(lambda name=name: chatter(name), name=name)
    execution = Run(pipeline)
    execution.run_all()
    assert {name: execution.log(name) for name in "abc"} == {
        name: f"{name}\n" * 50 for name in "abc"
    }


def test_output_of_others_goes_where_it_always_went(capsys):
    logger = logging.getLogger()
    before = logger.level, list(logger.handlers)  # another engine may have set them up its own way
    one_task(lambda: print("inside"))
    print("outside")
    assert capsys.readouterr().out == "outside\n"
    assert (logger.level, logger.handlers) == before


@pytest.mark.slow
def test_a_timeout_ends_the_task_and_its_children():
    def spawn():
        child = subprocess.Popen(["sleep", "600"])
        print(child.pid, flush=True)
        child.wait()

    execution = one_task(spawn, timeout=4)
    assert (
        execution.record.error("task") == "TimeoutError: 'task' ran longer than 4 s and was ended"
    )
    child, end = int(execution.log("task").split()[0]), time.monotonic() + 150
    while _alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not _alive(child)


def test_a_timeout_counts_as_a_failure_that_may_be_retried():
    record = run(_slow_pipeline())
    assert [attempt.state for attempt in record.attempts("slow")] == ["failed", "failed"]


def _slow_pipeline():
    pipeline = Pipeline("p")
    pipeline.task(lambda: time.sleep(60), name="slow", timeout=0.5, retries=1)
    return pipeline


def test_values_cross_to_a_process_and_back():
    pipeline = Pipeline("p")
    pipeline.task(lambda: {"rows": [1, 2, 3]}, name="load")
    pipeline.task(lambda load: (sum(load["rows"]), os.getpid()), name="add", timeout=60)
    execution = Run(pipeline)
    execution.run_all()
    total, process = execution.outputs["add"]
    assert total == 6
    assert process != os.getpid()


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (lambda: sys.exit(3), "SystemExit: 3"),
        (lambda: (_ for _ in ()).throw(KeyboardInterrupt), "KeyboardInterrupt"),
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
    ],
)
@pytest.mark.parametrize("timeout", [None, 60], ids=["thread", "process"])
def test_however_a_task_ends_the_run_goes_on(function, error, timeout):
    assert one_task(function, timeout=timeout).record.error("task") == error


def test_a_process_that_dies_is_a_failed_task():
    assert one_task(lambda: os._exit(7), timeout=60).record.error("task") == (
        "TaskFailed: the task's process ended with exit code 7 before it returned"
    )


def test_the_source_is_the_learners(training):
    assert "def clean(collect):" in Run(training).source("clean")


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False
