"""What is told of tasks beside what Kubeflow, Prefect and Airflow did with them."""

import re

import pytest

from workbench import Pipeline, Run, run, why
from workbench.steering.reasons import reasons

NO_ATTEMPT = "was skipped (event N)"


def told(record, task):
    """Why, with N for the numbers of events, each of which has to be there."""
    text = why(record, task)
    assert all(int(number) < len(record) for number in re.findall(r"event (\d+)", text))
    return re.sub(r"event \d+", "event N", text)


def test_conditions_of_a_kubeflow_pipeline(pipelines):
    record = run(pipelines.branches, value=5)
    group = "condition-branches-1/condition"
    assert told(record, f"{group}-2/say") == (
        f"{group}-2/say {NO_ATTEMPT}: give-Output > 10 is false."
    )
    assert "for !(give-Output > 10) && give-Output > 3 is true" in told(record, f"{group}-3/say-2")
    assert told(record, f"{group}-4/say-3").endswith("!(give-Output > 3) is false.")


@pytest.mark.slow
def test_failures_of_a_kubeflow_pipeline(pipelines, tmp_path):
    record = run(pipelines.exits_after_failure)
    guarded = "exit-handler-1"
    assert "fail failed (event N): ValueError: on purpose." in told(record, f"{guarded}/fail")
    assert f"{guarded}/say could not run" in told(record, f"{guarded}/say")
    assert "although exit-handler-1/say could not run" in told(record, "final")
    record = run(pipelines.retrying, counter=str(tmp_path / "count"))
    [name] = [task for task in record.states() if len(record.attempts(task)) > 1]
    assert "It ran 2 times: attempt 2 because attempt 1 failed (event" in why(record, name)
    record = run(pipelines.failing_loop)
    assert {event.task for event in reasons(record, "total")[0].causes} == {"for-loop-2[1]/fail-on"}
    record = run(pipelines.same_twice)
    cached = [task for task, state in record.states().items() if state == "cached"]
    assert all("it ran before with the same inputs" in why(record, task) for task in cached)


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_failures_of_a_prefect_flow():
    from prefect import flow, task

    @task
    def bad():
        raise ValueError("no")

    @task
    def good(value):
        return value

    @task
    def never():
        return 1

    times = []

    @task(retries=1)
    def flaky():
        times.append(1)
        if len(times) < 2:
            raise ConnectionError("no answer")

    @flow
    def several(call=False):
        first = good.submit(bad.submit())
        for future in (first, good.submit(first), flaky.submit()):
            future.wait()
        if call:
            never()

    execution = Run(several)
    assert why(execution.record, "never") == "never has not run: nothing has called it so far."
    execution.run_all()
    execution.close()
    record = execution.record
    assert told(record, "bad[0]") == "bad[0] failed (event N): ValueError: no."
    assert [event.task for event in reasons(record, "good[1]")[0].causes] == ["bad[0]"]
    assert told(record, "never") == f"never {NO_ATTEMPT}: the flow ended without calling it."
    assert "attempt 2 because attempt 1 failed" in why(record, "flaky[0]")
    assert "good runs once for each item: 2 instances (2 upstream_failed)." in why(record, "good")


STEERED = """
from airflow.sdk import DAG, task

with DAG("steered", schedule=None) as dag:
    @task.branch
    def choose():
        return "taken"

    @task
    def taken():
        return 1

    @task
    def left():
        return 2

    @task.short_circuit
    def gate():
        return False

    @task(trigger_rule="all_done")
    def behind():
        return 3

    @task(trigger_rule="none_failed")
    def last():
        return 4

    choose() >> [taken(), left()] >> last()
    gate() >> behind()
"""


@pytest.mark.slow
@pytest.mark.usefixtures("airflow_home")
def test_branch_and_short_circuit_of_airflow(tmp_path):
    from workbench.engines.airflow.home import load

    (tmp_path / "steered.py").write_text(STEERED)
    record = run(load(tmp_path / "steered.py")["steered"])
    assert told(record, "left") == f"left {NO_ATTEMPT}: choose chose taken (event N)."
    assert "It chose taken, not left (event" in why(record, "choose")
    assert told(record, "behind") == f"behind {NO_ATTEMPT}: gate let nothing through (event N)."
    assert "although left was skipped" in told(record, "last")


def test_a_timeout_is_told():
    slow = Pipeline("slow")

    @slow.task(timeout=0.2)
    def sleep():
        import time

        time.sleep(60)

    record = run(slow)
    assert "sleep failed (event N): TimeoutError: 'sleep' ran longer than 0.2 s" in told(
        record, "sleep"
    )
