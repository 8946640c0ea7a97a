"""DAGs that trigger their neighbours: those really run, and the task that waits ends as they do."""

import threading
import time

import pytest

from workbench import PipelineError, Record, Run, graph_of, things_in

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

HEAD = """
import os
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, task

def trigger(name, *others, **options):
    if len(others) == 1:
        return TriggerDagRunOperator(task_id=name, trigger_dag_id=others[0], **options)
    mapped = TriggerDagRunOperator.partial(task_id=name, **options)
    return mapped.expand(trigger_dag_id=list(others))

"""
NEIGHBOUR = """
with DAG("{name}", schedule=None):
    @task
    def write(**context):
        with open({file!r}, "a") as file:
            file.write("{name}" + str(context["dag_run"].conf.get("day", "")) + " ")
        print("written")

    @task(retries=1)
    def ends(ti=None):
        assert {well} or ti.try_number > 2, "no such table"

    write() >> ends()
"""


@pytest.fixture
def written(tmp_path):
    """written(controller, name=well) writes a file with a DAG of these tasks and its neighbours,
    which end well or not; gives the DAG."""

    def write(controller, **neighbours):
        text = HEAD + 'with DAG("controller", schedule=None):\n'
        text += "".join(f"    {line}\n" for line in controller)
        file = str(tmp_path / "written")
        for name, well in neighbours.items():
            text += NEIGHBOUR.format(name=name, well=well, file=file)
        (tmp_path / "controller.py").write_text(text)
        return things_in(tmp_path / "controller.py")["controller"]

    return write


def driven(dag, **options):
    execution = Run(dag, **options)
    execution.run_all()
    execution.close()
    return execution


def lines(tmp_path):
    return sorted((tmp_path / "written").read_text().split())


WAITING = [", wait_for_completion=True", ", wait_for_completion=True, deferrable=True"]


@pytest.mark.parametrize("waits", ["", *WAITING])
def test_the_neighbour_runs_with_its_conf_and_shows(written, tmp_path, waits):
    call = f"trigger('first', 'other', conf={{'day': 3}}{waits})"
    run = driven(written([f"{call} >> EmptyOperator(task_id='last')"], other=True))
    assert run.record.states() == {"first": "success", "last": "success"}, run.log("first")
    assert lines(tmp_path) == ["other3"]
    output = run.outputs["first"]
    assert (output["dag_id"], output["state"]) == ("other", "success")
    for words in ("other/write: success", "    written", "ended: success", output["run_id"]):
        assert words in run.log("first")
    assert Record.load(run.folder / "record.jsonl").outputs["first"] == output


@pytest.mark.parametrize("waits", WAITING)
def test_the_neighbours_failure_is_that_of_a_task_that_waits_and_is_told_with_its_cause(
    written, waits
):
    call = f"trigger('first', 'other'{waits}) >> EmptyOperator(task_id='last')"
    record = driven(written([call], other=False)).record
    assert record.states() == {"first": "failed", "last": "upstream_failed"}
    cause = "DAG 'other' ended failed: other/ends: AssertionError: no such table"
    assert record.error("first") == cause


def test_a_task_that_does_not_wait_goes_on_whatever_its_neighbour_does(written):
    run = driven(written(["trigger('first', 'other')"], other=False))
    assert run.record.state == "success"
    assert run.outputs["first"]["state"] == "failed"
    assert "other/ends: up_for_retry" in run.log("first")
    assert "AssertionError: no such table" in run.log("first")


def test_each_instance_of_a_mapped_one_triggers_its_own_and_neighbours_trigger_theirs(
    written, tmp_path
):
    dag = written(["trigger('many', 'b', 'c') >> trigger('chain', 'd')"], b=True, c=True)
    (tmp_path / "beside.py").write_text(
        HEAD + 'with DAG("d", schedule=None):\n    trigger("e", "b", wait_for_completion=True)\n'
    )
    run = driven(dag)
    assert run.record.state == "success", run.log("chain")
    assert [run.outputs[f"many[{n}]"]["dag_id"] for n in (0, 1)] == ["b", "c"]
    assert lines(tmp_path) == ["b", "b", "c"]
    assert run.outputs["chain"]["dag_id"] == "d"
    assert "b/write: success" in run.log("chain")


def test_a_run_of_that_name_that_there_is_already_is_told(written):
    calls = [
        "first = trigger('first', 'other', trigger_run_id='once')",
        "again = trigger('again', 'other', trigger_run_id='once', skip_when_already_exists=True)",
        "first >> [again, trigger('third', 'other', trigger_run_id='once')]",
    ]
    record = driven(written(calls, other=True)).record
    assert record.states() == {"first": "success", "again": "skipped", "third": "failed"}
    assert record.error("third") == "Dag Run already exists: other"


REFUSED = {
    "nowhere": (["trigger('t', 'gone')"], "'gone', which is not in controller.py or beside it"),
    "only known in a run": (["trigger('t', 'of_{{ ds }}')"], "and which one is known only when"),
    "itself": (["trigger('t', 'controller')"], "and that again 'controller', without an end"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_triggered_is_refused_before_the_run_and_may_be_stood_in(written, kind):
    tasks, words = REFUSED[kind]
    dag = written(tasks)
    assert graph_of(dag).tasks == ("t",)
    with pytest.raises(PipelineError) as error:
        Run(dag)
    assert str(error.value).startswith("DAG 'controller': task 't' triggers another DAG, " + words)
    assert str(error.value).endswith("; give Run a stand_in for the task")
    execution = driven(dag, stand_in={"t": 5})
    assert execution.outputs["t"] == 5
    fork = execution.fork()
    fork.retry("t")
    fork.run_all()
    fork.close()
    assert fork.outputs["t"] == 5


SLOW = """
import time
from airflow.sdk import DAG, task

with DAG("slow", schedule=None):
    @task
    def sleeps():
        open({file!r}, "w").close()
        time.sleep(600)

    sleeps()
"""


def test_a_stop_ends_the_neighbour_too(written, tmp_path):
    dag = written(["trigger('first', 'slow', wait_for_completion=True)"])
    (tmp_path / "slow.py").write_text(SLOW.format(file=str(tmp_path / "begun")))
    execution = Run(dag)
    thread = threading.Thread(target=execution.run_all)
    thread.start()
    limit = time.monotonic() + 150
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < limit
        time.sleep(0.1)
    execution.stop()
    thread.join(150)
    execution.close()
    assert not thread.is_alive()
    assert execution.record.states() == {"first": "failed"}
