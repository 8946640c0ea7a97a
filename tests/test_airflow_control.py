"""What the controls mean on Airflow: step, retry, inject, stop, timeouts, sensors."""

import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from airflow_dags import DAGS, assert_agrees, in_a_row, one, rows, three, two, until

from workbench import PipelineError, Run, run
from workbench.engines.airflow.dated import OnDate, runs_of
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]


def test_a_step_runs_one_task_instance_and_its_output_is_the_return_value():
    execution = Run(in_a_row(one, two, three))
    assert execution.step() == "one"
    assert execution.states == {"one": "success", "two": "pending", "three": "pending"}
    assert (execution.outputs["one"], execution.inputs("two")) == (1, {"one": 1})
    assert execution.words("two") is None
    assert execution.words("one") == "success"
    assert execution.source("one") == "def one():\n    return 1\n"
    with pytest.raises(PipelineError, match="'three' is not ready: it waits for two"):
        execution.step("three")


def test_logs_are_kept_per_attempt():
    def flaky(ti):
        print(f"try {ti.try_number}")
        if ti.try_number == 1:
            raise ValueError("bad data")

    execution = Run(in_a_row(flaky, retries=1))
    execution.run_all()
    assert "try 1\n" in execution.log("flaky", 1)
    assert "ValueError: bad data" in execution.log("flaky", 1)
    assert execution.log("flaky", 2) == "try 2\n"


@pytest.mark.parametrize(("delays", "delay"), [("recorded", 600.0), ("real", 2.0)])
def test_retry_delays_are_recorded_and_slept_only_when_real(delays, delay):
    def never():
        raise OSError("down")

    execution = Run(
        in_a_row(
            never, retries=2, retry_delay=timedelta(seconds=delay), retry_exponential_backoff=False
        ),
        delays=delays,
    )
    begun = time.monotonic()
    execution.run_all()
    assert [
        event.detail["delay"] for event in execution.record.events if event.kind == "retrying"
    ] == [delay] * 2
    assert (time.monotonic() - begun >= 2 * delay) == (delays == "real")
    assert execution.record.state == "failed"
    assert_agrees(execution)


def test_retry_clears_a_task_and_what_follows_as_airflow_does():
    execution = Run(in_a_row(one, two, three))
    execution.run_all()
    execution.retry("two")
    assert execution.states == {"one": "success", "two": "pending", "three": "pending"}
    assert rows("SELECT state FROM dag_run") == [("running",)]
    assert dict(rows("SELECT task_id, state FROM task_instance")) == {
        "one": "success",
        "two": None,
        "three": None,
    }
    execution.run_all()
    assert [len(execution.record.attempts(task)) for task in ("one", "two", "three")] == [1, 2, 2]
    assert_agrees(execution)


def test_retry_of_one_instance_and_of_a_whole_mapped_task():
    execution = Run(load(DAGS / "mapped.py")["mapped"])
    execution.run_all()
    execution.retry("scaled[1]")
    assert [task for task, state in execution.states.items() if state == "pending"] == [
        "total",
        "scaled[1]",
    ]
    execution.retry("scaled")
    assert len([task for task, state in execution.states.items() if state == "pending"]) == 4
    execution.run_all()
    assert execution.record.state == "success"


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("raise", "InjectedFailure"),
        ("raise once", "InjectedFailure"),
        ("kill", "killed by SIGKILL"),
        ("corrupt output", None),
    ],
)
def test_injections(how, error):
    execution = Run(in_a_row(one, two))
    execution.inject("one", how)
    execution.step()
    if error:
        assert execution.states["one"] == "failed"
        assert execution.record.error("one").startswith(error)
    else:
        assert execution.states["one"] == "success"
    execution.retry("one")
    execution.run_all()
    assert execution.outputs["two"] == 2
    assert_agrees(execution)


def test_a_task_that_hangs_is_stopped_at_once():
    execution = Run(in_a_row(one, two))
    execution.inject("one", "hang")
    threading.Thread(
        target=lambda: (until(lambda: execution.states["one"] == "running"), execution.stop())
    ).start()
    execution.step()
    assert execution.record.error("one") == "stopped"
    assert execution.words("one") == "failed"
    execution.retry("one")
    execution.run_all()
    assert execution.record.state == "success"


def test_an_execution_timeout_holds_in_a_worker_thread():
    def slow():
        time.sleep(300)

    execution = Run(in_a_row(slow, execution_timeout=timedelta(seconds=1)))
    execution.run_all()
    assert execution.record.error("slow").startswith("AirflowTaskTimeout")
    assert execution.record.attempts("slow")[0].duration < 300


def test_independent_tasks_run_at_the_same_time(tmp_path):
    from airflow.sdk import DAG, task

    with DAG("wide", schedule=None) as wide:

        @task
        def meet(number):
            (tmp_path / f"{number}").touch()
            until((tmp_path / f"{1 - number}").exists)

        meet.expand(number=[0, 1])
    record = run(wide)
    assert record.state == "success"
    assert record.overlap(["meet[0]", "meet[1]"]) > 0


def test_a_sensor_looks_again_until_the_file_is_there(tmp_path):
    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.providers.standard.sensors.filesystem import FileSensor
    from airflow.sdk import DAG

    with DAG("waiting", schedule=None) as waiting:
        options = {"poke_interval": 60, "timeout": 3600, "mode": "reschedule"}
        FileSensor(
            task_id="wait", filepath=str(tmp_path / "input.csv"), **options
        ) >> EmptyOperator(task_id="go")
    execution = Run(waiting)
    execution.step()
    assert execution.states == {"wait": "retrying", "go": "pending"}
    assert execution.words("wait") == "up_for_reschedule"
    assert execution.record.last("wait", "retrying").detail == {
        "error": None,
        "delay": pytest.approx(60, abs=2),
    }
    (tmp_path / "input.csv").write_text("x\n")
    execution.step()
    assert execution.states == {"wait": "success", "go": "pending"}
    execution.run_all()
    assert execution.record.state == "success"


def test_a_task_that_leaves_something_running_still_ends():
    def leave_behind():
        return subprocess.Popen(["sleep", "300"]).pid  # it holds the task's output open

    execution = Run(in_a_row(leave_behind))
    execution.run_all()
    left = psutil.Process(execution.outputs["leave_behind"])
    left.kill()
    assert execution.record.state == "success"


def test_a_run_has_the_date_it_is_given_and_a_second_one_of_that_date_is_refused():
    def day(ds):
        return ds

    dag = in_a_row(day)
    may = run(OnDate(dag, "2025-05-01"))
    assert may.outputs["day"] == "2025-05-01"
    again = f"DAG '{dag.dag_id}' has a run of 2025-05-01 00:00 already; go on with that run"
    with pytest.raises(PipelineError, match=f"^{again} and retry its tasks[^\n]*$"):
        run(OnDate(dag, "2025-05-01"))
    with pytest.raises(PipelineError, match="^a int cannot be run"):
        run(OnDate(3, "2025-05-01"))


def test_a_copy_of_a_dated_run_is_of_the_same_day():
    def day(ds):
        return ds

    def after(ds):
        return ds

    dag = in_a_row(day, after)
    first = Run(OnDate(dag, "2025-05-01"))
    first.run_all()
    fork = first.fork({"day": "another"})
    fork.run_all()
    assert set(fork.states.values()) == {"success"}
    assert [fork.outputs[task] for task in fork.states][1:] == ["2025-05-01"]
    for each in (first, fork):
        each.close()


@pytest.mark.parametrize(
    ("cron", "catchup", "days"),
    [
        ("0 2 * * *", True, [1, 2, 3, 4, 5]),
        ("0 2 * * 1", True, []),  # the first Monday is the sixth, at two
        ("0 0 * * *", True, [1, 2, 3, 4, 5, 6]),  # both ends count
    ],
)
def test_a_cron_line_makes_the_runs_that_airflow_makes_of_it(cron, catchup, days):
    first, last = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 6, tzinfo=UTC)
    assert [moment.day for moment in runs_of(cron, first, last, catchup)] == days


def test_without_catchup_only_the_latest_of_the_runs_that_were_missed_is_made():
    first, now = datetime(2025, 1, 1, tzinfo=UTC), datetime.now(UTC)
    (latest,) = runs_of("0 2 * * *", first, now, catchup=False)
    assert timedelta() < now - latest < timedelta(days=1, minutes=1)
