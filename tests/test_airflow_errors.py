"""What is wrong with a DAG file, a DAG or a task, each in one line."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from airflow_dags import DAGS, assert_agrees, in_a_row, one, two

from workbench import PipelineError, Run, graph_of, run, workspace
from workbench.engines.airflow.engine import adapt
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]


OLD = {
    "from airflow import DAG\nDAG('x', schedule_interval='@daily')": "schedule=",
    "from airflow.operators.dummy import DummyOperator": "EmptyOperator",
    "from airflow.operators.python_operator import PythonOperator": (
        "airflow.providers.standard.operators.python"
    ),
    "from airflow.sensors.base_sensor_operator import BaseSensorOperator": (
        "from airflow.sdk import BaseSensorOperator"
    ),
    "from airflow.utils.dates import days_ago": "datetime(",
    "from airflow.operators.subdag import SubDagOperator": "TaskGroup",
    "from airflow.contrib.hooks.ssh_hook import SSHHook": "provider",
    "from airflow import DAG\nDAG('x', concurrency=2)": "max_active_tasks",
    "from airflow.providers.standard.operators.python import PythonOperator\n"
    "PythonOperator(task_id='a', python_callable=print, provide_context=True)": "take it away",
    "from airflow.providers.standard.operators.empty import EmptyOperator as Task\n"
    "Task(task_id='a') >> Task(task_id='b')": "with DAG",
}


EARLY = """
import sys
from airflow import settings
from workbench import PipelineError, start, things_in
start()
try:
    things_in(sys.argv[1])
except PipelineError as error:
    print(error)
"""


def test_airflow_is_quiet_when_it_was_imported_before_the_workbench(tmp_path):
    file = tmp_path / "old.py"
    file.write_text("from airflow.utils.dates import days_ago")
    command = [sys.executable, "-c", EARLY, str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.stdout.startswith("old.py, line 1: ImportError: ")
    assert (ended.stdout.count("\n"), ended.stderr) == (1, "")


@pytest.mark.parametrize("code", OLD)
def test_an_api_of_airflow_2_is_explained_with_its_replacement(code, tmp_path, capfd):
    file = tmp_path / "old.py"
    file.write_text(code)
    with pytest.raises(PipelineError) as error:
        load(file)
    assert "\n" not in str(error.value)
    cause, _, advice = str(error.value).partition(" → ")
    assert cause.startswith(f"old.py, line {code.count(chr(10)) + 1}: ")
    assert OLD[code] in advice
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "from airflow import DAG\ndag = DAG('x'",
            "broken.py, line 2: SyntaxError: '(' was never closed",
        ),
        ("import airflow\nimport sys\nsys.exit(3)", "broken.py, line 3: SystemExit: 3"),
        ("import airflow", "broken.py: no DAG in it; operators belong to one by `with DAG"),
        (
            "from airflow.sdk import DAG\n"
            "from airflow.providers.standard.operators.empty import EmptyOperator as Task\n"
            "with DAG('x'):\n  a, b = Task(task_id='a'), Task(task_id='b')\n  a >> b >> a",
            "broken.py: AirflowDagCycleException: Cycle detected in Dag: x",
        ),
    ],
)
def test_a_file_that_gives_no_dag_says_why(code, message, tmp_path):
    file = tmp_path / "broken.py"
    file.write_text(code)
    with pytest.raises(PipelineError) as error:
        load(file)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_a_file_with_two_dags_gives_both_by_name():
    assert sorted(load(DAGS / "loop.py")) == ["models_large", "models_small"]


def test_a_cycle_typed_in_a_cell_is_named():
    made = in_a_row(one, two)
    made.get_task("two") >> made.get_task("one")
    with pytest.raises(PipelineError, match="one → two → one"):
        graph_of(made)


def test_an_empty_dag_and_an_operator_alone_are_refused():
    with pytest.raises(PipelineError, match="has no tasks yet"):
        graph_of(in_a_row())
    with pytest.raises(PipelineError, match="give the DAG it belongs to"):
        adapt(in_a_row(one).get_task("one"))


@pytest.mark.parametrize("rows_wanted", [0, "many"])
def test_a_run_parameter_outside_its_schema_is_refused(rows_wanted):
    with pytest.raises(PipelineError, match="Invalid input for param rows"):
        Run(load(DAGS / "params.py")["params"], rows=rows_wanted)


def test_run_parameters_reach_params_and_templates():
    record = run(load(DAGS / "params.py")["params"], rows=7)
    assert (record.outputs["double"], record.outputs["shell"]) == (14, "7 8")


def leave():
    sys.exit(4)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def connect():
    from airflow.sdk import BaseHook

    return BaseHook.get_connection("warehouse")


def table():
    import pandas

    return pandas.DataFrame({"x": [1, "a", None]})


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (leave, "SystemExit: 4"),
        (die, "killed by SIGKILL"),
        (connect, "AirflowNotFoundException: The conn_id `warehouse`"),
        (table, "ArrowInvalid: "),
    ],
)
def test_a_task_that_ends_badly_costs_only_itself(function, error):
    execution = Run(in_a_row(function, one))
    execution.run_all()
    assert execution.states == {function.__name__: "failed", "one": "upstream_failed"}
    assert execution.record.error(function.__name__).startswith(error)
    assert_agrees(execution)


def test_a_callback_that_fails_does_not_hide_why_the_task_has():
    def alert(context):
        raise RuntimeError("nobody answers")

    def load():
        raise ValueError("no rows")

    dag = in_a_row(load)
    dag.get_task("load").on_failure_callback = [alert]
    execution = Run(dag)
    execution.run_all()
    execution.close()
    assert execution.record.error("load") == "ValueError: no rows"
    assert "RuntimeError: nobody answers" in execution.log("load")


def test_a_locked_database_is_one_line():
    execution = Run(in_a_row(one, two))
    execution.step()
    other = sqlite3.connect(workspace.start() / "airflow" / "airflow.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(PipelineError, match=r"database is locked; close the other program"):
            execution.step()
    finally:
        other.close()
    assert execution.step() == "two"
