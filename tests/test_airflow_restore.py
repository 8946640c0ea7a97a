"""A run that goes on elsewhere: back, forks, a record from its file, after a crash."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from airflow_dags import DAGS, in_a_row, one, three, two, until

from workbench import Record, Run, workspace
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]


def test_back_goes_on_from_there():
    execution = Run(in_a_row(one, two, three))
    execution.run_all()
    execution.back(execution.record.last("one", "succeeded").seq)
    assert execution.states == {"one": "success", "two": "pending", "three": "pending"}
    assert execution.ready() == ["two"]
    assert execution.step() == "two"
    assert execution.states["three"] == "pending"


def test_a_fork_replaces_an_output_and_runs_what_follows():
    execution = Run(in_a_row(one, two, three))
    execution.run_all()
    fork = execution.fork({"one": 10})
    assert fork.states == {"one": "success", "two": "pending", "three": "pending"}
    fork.run_all()
    assert [fork.outputs[task] for task in ("one", "two", "three")] == [10, 11, 12]
    assert execution.outputs["three"] == 3


def test_a_fork_before_a_mapped_task_maps_over_the_new_list():
    execution = Run(load(DAGS / "mapped.py")["mapped"])
    execution.run_to("numbers")
    fork = execution.fork({"numbers": [5, 6]})
    fork.run_all()
    assert fork.outputs["total"] == 110


def test_a_fork_of_an_expanded_task_keeps_its_instances():
    execution = Run(load(DAGS / "mapped.py")["mapped"])
    execution.run_all()
    fork = execution.fork({"scaled[1]": 0})
    assert fork.states["scaled[2]"] == "success"
    fork.run_all()
    assert fork.outputs["total"] == 40


def test_a_record_is_rebuilt_from_its_file():
    execution = Run(in_a_row(one, two))
    execution.run_all()
    loaded = Record.load(execution.folder)
    assert loaded.events == execution.record.events
    assert loaded.states() == execution.states


SCRIPT = """
    import os, sys, time
    from workbench import Run, start
    start(seed=1)
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.sdk import DAG

    def slow(ti):
        ti.xcom_push(key="rows", value=3)
        return 1

    def stuck(ti):
        if os.environ.get("STUCK"):
            print("pid", os.getpid(), flush=True)
            open(os.environ["STUCK"], "w").close()
            time.sleep(60)
        return ti.xcom_pull(task_ids="slow", key="rows")

    with DAG("crash", schedule=None) as dag:
        first = PythonOperator(task_id="slow", python_callable=slow)
        first >> PythonOperator(task_id="stuck", python_callable=stuck)
    folder = sys.argv[1]
    run = Run.resume(folder, dag) if os.path.exists(folder + "/record.jsonl") else Run(dag, folder)
    run.ready() and run.run_all()
    print(run.record.attempts("stuck")[0].error)
    print(run.states, run.outputs["stuck"])
"""


def spawn(tmp_path, *arguments, **environment):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT))
    source = str(Path(workspace.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source, "HOME": str(tmp_path), **environment}
    return subprocess.Popen(
        [sys.executable, str(script), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )


def test_a_run_goes_on_in_a_new_process_after_a_crash(tmp_path):
    folder, flag = tmp_path / "run", tmp_path / "stuck"
    first = spawn(tmp_path, str(folder), STUCK=str(flag))
    until(flag.exists)
    first.kill()
    first.wait()
    second = spawn(tmp_path, str(folder))
    out, _ = second.communicate(timeout=300)
    assert out.splitlines() == ["interrupted", "{'slow': 'success', 'stuck': 'success'} 3"]


def test_two_processes_may_make_the_database_at_once_and_nothing_else_is_touched(tmp_path):
    home = tmp_path / "fresh"
    fresh = {"WORKBENCH_HOME": str(home), "WORKBENCH_TEMPLATES": str(home / "templates")}
    runs = [spawn(tmp_path, str(tmp_path / f"run{n}"), **fresh) for n in range(2)]
    assert [each.communicate(timeout=300)[0] for each in runs] == [
        "None\n{'slow': 'success', 'stuck': 'success'} 3\n"
    ] * 2
    assert len(list(home.glob("templates/airflow-*.db"))) == 1
    assert not (tmp_path / "airflow").exists()
