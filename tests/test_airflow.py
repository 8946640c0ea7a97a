"""Airflow DAGs, run for real: every claim of a record is compared with Airflow's own metadata database."""

import itertools
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from workbench import PipelineError, Record, Run, draw, graph_of, run, start, workspace
from workbench.engines.airflow.engine import adapt, load

DAGS = Path(__file__).parent / "dags"
ENDED = {"succeeded": "success", "failed": "failed", "retrying": "failed", "skipped": "skipped"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One home for the module: Airflow's database is made once and copied, as it is for a learner's sessions."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(shared, tmp_path, monkeypatch):
    before = dict(os.environ)
    monkeypatch.setenv("WORKBENCH_HOME", str(shared))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workspace, "_session", None)
    monkeypatch.setattr(workspace, "_seed", None)
    start(seed=7)
    yield shared
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


def until(true):
    deadline = time.monotonic() + 150
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def dag():
    """Makes a DAG of plain functions in a row: dag(first, second, …)."""
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.sdk import DAG

    def make(*functions, **options):
        with DAG("row", schedule=None) as made:
            tasks = [
                PythonOperator(task_id=each.__name__, python_callable=each, **options)
                for each in functions
            ]
            for before, after in itertools.pairwise(tasks):
                before >> after
        return made

    return make


def one():
    return 1


def two(ti):
    return ti.xcom_pull(task_ids="one") + 1


def three(ti):
    return ti.xcom_pull(task_ids="two") + 1


def rows(query, *values):
    with sqlite3.connect(workspace.start() / "airflow" / "airflow.db") as connection:
        return connection.execute(query, values).fetchall()


def attempts_in_database(dag_id):
    """(task, map index, try, start, end, state) of every attempt Airflow knows of; a retried one is a failed one."""
    columns = "task_id, map_index, try_number, start_date, end_date, replace(state, 'up_for_retry', 'failed')"
    found = {}
    for table in ("task_instance_history", "task_instance"):
        for row in rows(
            f"SELECT {columns} FROM {table} WHERE dag_id = ? AND try_number > 0 AND start_date IS NOT NULL",
            dag_id,
        ):
            found[row[:3]] = row
    return sorted(found.values())


def attempts_in_record(execution):
    """The same out of a record, its seconds turned into Airflow's way of writing a time."""
    ends = {(e.task, e.attempt): e for e in execution.record.events if e.kind in ENDED and e.task}
    found = []
    for event in execution.record.events:
        if event.kind == "started" and event.task:
            end = ends[event.task, event.attempt]
            task_id, number = execution.engine.structure.address(event.task)
            times = [written(execution, each.at) for each in (event, end)]
            found.append((task_id, number, event.attempt, *times, ENDED[end.kind]))
    return sorted(found)


def written(execution, at):
    moment = time.gmtime(int(execution.epoch + at))
    return f"{time.strftime('%Y-%m-%d %H:%M:%S', moment)}.{round((execution.epoch + at) % 1 * 1e6) % 1_000_000:06d}"


def assert_agrees(execution):
    recorded, stored = attempts_in_record(execution), attempts_in_database(execution.record.name)
    assert [row[:3] + row[5:] for row in recorded] == [row[:3] + row[5:] for row in stored]
    for mine, airflows in zip(recorded, stored, strict=True):
        for left, right in zip(mine[3:5], airflows[3:5], strict=True):
            assert abs(seconds(left) - seconds(right)) < 1e-4


def seconds(text):
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


# The complete pipeline


@pytest.mark.parametrize(
    ("learnable", "taken", "other"),
    [(False, "send_alert", "register_model"), (True, "register_model", "send_alert")],
)
def test_the_complete_pipeline_agrees_with_the_metadata_database(learnable, taken, other):
    execution = Run(load(DAGS / "complete.py")["complete"], signal=learnable)
    execution.inject("evaluate", "raise once")
    execution.run_all()
    assert execution.record.state == "success"
    assert len(execution.states) == 10
    assert execution.states == {**dict.fromkeys(execution.states, "success"), other: "skipped"}
    assert [a.state for a in execution.record.attempts("evaluate")] == ["failed", "success"]
    assert (execution.outputs["evaluate"] >= 0.8) == learnable
    assert execution.graph.labels["quality_check", taken] == "chosen"
    assert_agrees(execution)
    stored = rows("SELECT task_id FROM xcom WHERE key = 'return_value' AND dag_id = 'complete'")
    assert {task for (task,) in stored} == {
        task for task in execution.outputs if execution.outputs[task] is not None
    }
    assert rows("SELECT state FROM dag_run") == [("success",)]
    (skip,) = rows("SELECT state, end_date FROM task_instance WHERE task_id = ?", other)
    event = execution.record.last(other, "skipped")
    assert abs(seconds(written(execution, event.at)) - seconds(skip[1])) < 1e-4
    if learnable:
        assert Path(execution.outputs["register_model"]).exists()


# Styles of DAG files, ours and Airflow's own

STYLES = {
    ("classic.py", "classic"): {"outputs": {"second": 4, "shell": "40"}},
    ("taskflow.py", "taskflow"): {"outputs": {"load": "3 rows of wine"}},
    ("mapped.py", "mapped"): {"outputs": {"total": 60, "scaled": [10, 20, 30]}},
    ("mapped_group.py", "mapped_group"): {"outputs": {"best": 8, "train/fit": ["RF", "LIGHTGBM"]}},
    ("groups.py", "groups"): {"order": ("start", "prepare/clean", "prepare/features/scale", "end")},
    ("rules.py", "rules"): {
        "state": "success",
        "states": {
            "broken": "failed",
            "idle": "skipped",
            "below": "upstream_failed",
            "after_idle": "skipped",
            "alarm": "success",
            "always": "success",
        },
    },
    ("branching.py", "branching"): {
        "states": {
            "choose": "success",
            "small": "skipped",
            "big": "success",
            "join": "success",
            "enough": "success",
            "publish": "skipped",
        }
    },
    ("params.py", "params"): {"outputs": {"double": 10, "shell": "5 8"}},
    ("setup_teardown.py", "setup_teardown"): {
        "state": "failed",
        "states": {"create": "success", "work": "failed", "delete": "success"},
    },
    ("deferred.py", "deferred"): {"outputs": {"after": "waited"}},
    ("loop.py", "models_small"): {"outputs": {"train_rf": "RF", "train_xgboost": "XGBOOST"}},
}


@pytest.mark.parametrize(("file", "name"), STYLES)
def test_every_style_of_dag_file_draws_and_runs(file, name):
    expected, dag = STYLES[file, name], load(DAGS / file)[name]
    assert draw(dag).svg
    assert all(task in draw(dag).text for task in graph_of(dag).tasks)
    execution = Run(dag)
    execution.run_all()
    assert execution.record.state == expected.get("state", "success")
    assert execution.states == expected.get("states", dict.fromkeys(execution.states, "success"))
    assert {task: execution.outputs[task] for task in expected.get("outputs", ())} == expected.get(
        "outputs", {}
    )
    assert execution.graph.tasks == expected.get("order", execution.graph.tasks)
    assert_agrees(execution)


@pytest.mark.parametrize(
    ("file", "name", "tasks"),
    [
        ("example_nested_branch_dag", "example_nested_branch_dag", 9),
        ("example_dynamic_task_mapping", "example_task_group_mapping", 6),
        ("example_xcomargs", "example_xcom_args", 2),
        ("example_skip_dag", "example_skip_dag", 8),
        ("example_latest_only_with_trigger", "latest_only_with_trigger", 5),
    ],
)
def test_airflows_own_example_dags_run(file, name, tasks):
    import airflow.example_dags

    dag = load(Path(airflow.example_dags.__file__).with_name(f"{file}.py"))[name]
    record = run(dag)
    assert record.state == "success"
    assert len(record.states()) == tasks


def test_an_example_dag_that_needs_the_network_fails_in_one_line():
    import airflow.example_dags

    record = run(
        load(Path(airflow.example_dags.__file__).with_name("example_failed_dag.py"))[
            "example_failed_dag"
        ]
    )
    assert (
        record.error("fail_task")
        == "RuntimeError: This is a test exception for stacktrace rendering"
    )


def test_groups_labels_and_rules_are_in_the_graph():
    graph = graph_of(load(DAGS / "groups.py")["groups"])
    assert graph.edges == (
        ("start", "prepare/clean"),
        ("prepare/clean", "prepare/features/scale"),
        ("prepare/features/scale", "end"),
    )
    assert graph.labels["start", "prepare/clean"] == "raw rows"
    assert graph_of(load(DAGS / "rules.py")["rules"]).notes["alarm"]["trigger rule"] == "one_failed"
    assert "branch" in graph_of(load(DAGS / "branching.py")["branching"]).notes["choose"]


def test_instances_of_a_mapped_group_wait_for_their_own_number():
    execution = Run(load(DAGS / "mapped_group.py")["mapped_group"])
    execution.run_to("train/fit[0]")
    assert "train/score[0]" in execution.ready()
    assert "train/score[1]" not in execution.ready()
    assert execution.graph.upstream("train/score[1]") == ("train/fit[1]",)


# Errors in one line

OLD = {
    "from airflow import DAG\nDAG('x', schedule_interval='@daily')": "schedule=",
    "from airflow.operators.dummy import DummyOperator": "EmptyOperator",
    "from airflow.operators.python_operator import PythonOperator": "airflow.providers.standard.operators.python",
    "from airflow.sensors.base_sensor_operator import BaseSensorOperator": "from airflow.sdk import BaseSensorOperator",
    "from airflow.utils.dates import days_ago": "datetime(",
    "from airflow.operators.subdag import SubDagOperator": "TaskGroup",
    "from airflow.contrib.hooks.ssh_hook import SSHHook": "provider",
    "from airflow import DAG\nDAG('x', concurrency=2)": "max_active_tasks",
    "from airflow.providers.standard.operators.python import PythonOperator\n"
    "PythonOperator(task_id='a', python_callable=print, provide_context=True)": "take it away",
    "from airflow.providers.standard.operators.empty import EmptyOperator as Task\n"
    "Task(task_id='a') >> Task(task_id='b')": "with DAG",
}


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
            "from airflow.sdk import DAG\nfrom airflow.providers.standard.operators.empty import EmptyOperator\n"
            "with DAG('x'):\n  a, b = EmptyOperator(task_id='a'), EmptyOperator(task_id='b')\n  a >> b >> a",
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


def test_a_cycle_typed_in_a_cell_is_named(dag):
    made = dag(one, two)
    made.get_task("two") >> made.get_task("one")
    with pytest.raises(PipelineError, match="one → two → one"):
        graph_of(made)


def test_an_empty_dag_and_an_operator_alone_are_refused(dag):
    with pytest.raises(PipelineError, match="has no tasks yet"):
        graph_of(dag())
    with pytest.raises(PipelineError, match="give the DAG it belongs to"):
        adapt(dag(one).get_task("one"))


@pytest.mark.parametrize("rows_wanted", [0, "many"])
def test_a_run_parameter_outside_its_schema_is_refused(rows_wanted):
    with pytest.raises(PipelineError, match="Invalid input for param rows"):
        Run(load(DAGS / "params.py")["params"], rows=rows_wanted)


def test_run_parameters_reach_params_and_templates():
    record = run(load(DAGS / "params.py")["params"], rows=7)
    assert (record.outputs["double"], record.outputs["shell"]) == (14, "7 8")


# Tasks that end badly


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
def test_a_task_that_ends_badly_costs_only_itself(dag, function, error):
    execution = Run(dag(function, one))
    execution.run_all()
    assert execution.states == {function.__name__: "failed", "one": "upstream_failed"}
    assert execution.record.error(function.__name__).startswith(error)
    assert_agrees(execution)


def test_a_locked_database_is_one_line(dag):
    execution = Run(dag(one, two))
    execution.step()
    other = sqlite3.connect(workspace.start() / "airflow" / "airflow.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(PipelineError, match=r"database is locked; close the other program"):
            execution.step()
    finally:
        other.close()
    assert execution.step() == "two"


# What the controls mean


def test_a_step_runs_one_task_instance_and_its_output_is_the_return_value(dag):
    execution = Run(dag(one, two, three))
    assert execution.step() == "one"
    assert execution.states == {"one": "success", "two": "pending", "three": "pending"}
    assert (execution.outputs["one"], execution.inputs("two")) == (1, {"one": 1})
    assert execution.words("two") is None
    assert execution.words("one") == "success"
    assert execution.source("one") == "def one():\n    return 1\n"
    with pytest.raises(PipelineError, match="'three' is not ready: it waits for two"):
        execution.step("three")


def test_logs_are_kept_per_attempt(dag):
    def flaky(ti):
        print(f"try {ti.try_number}")
        if ti.try_number == 1:
            raise ValueError("bad data")

    execution = Run(dag(flaky, retries=1))
    execution.run_all()
    assert "try 1\n" in execution.log("flaky", 1)
    assert "ValueError: bad data" in execution.log("flaky", 1)
    assert execution.log("flaky", 2) == "try 2\n"


@pytest.mark.parametrize(("delays", "delay"), [("recorded", 600.0), ("real", 2.0)])
def test_retry_delays_are_recorded_and_slept_only_when_real(dag, delays, delay):
    from datetime import timedelta

    def never():
        raise OSError("down")

    execution = Run(
        dag(
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


def test_retry_clears_a_task_and_what_follows_as_airflow_does(dag):
    execution = Run(dag(one, two, three))
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
def test_injections(dag, how, error):
    execution = Run(dag(one, two))
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


def test_a_task_that_hangs_is_stopped_at_once(dag):
    execution = Run(dag(one, two))
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


def test_an_execution_timeout_holds_in_a_worker_thread(dag):
    from datetime import timedelta

    def slow():
        time.sleep(300)

    execution = Run(dag(slow, execution_timeout=timedelta(seconds=1)))
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


def test_back_goes_on_from_there(dag):
    execution = Run(dag(one, two, three))
    execution.run_all()
    execution.back(execution.record.last("one", "succeeded").seq)
    assert execution.states == {"one": "success", "two": "pending", "three": "pending"}
    assert execution.ready() == ["two"]
    assert execution.step() == "two"
    assert execution.states["three"] == "pending"


def test_a_fork_replaces_an_output_and_runs_what_follows(dag):
    execution = Run(dag(one, two, three))
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


def test_a_record_is_rebuilt_from_its_file(dag):
    execution = Run(dag(one, two))
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
        tasks = [PythonOperator(task_id=each.__name__, python_callable=each) for each in (slow, stuck)]
        tasks[0] >> tasks[1]
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


def test_its_handler_shows_nothing_that_prefect_logs(dag, monkeypatch):
    handler = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    Run(dag(one))
    said = {
        name: logging.LogRecord(name, logging.ERROR, "", 1, "", (), None)
        for name in ("prefect.flow_runs", "mine")
    }
    assert [name for name, record in said.items() if handler.filter(record)] == ["mine"]


@pytest.mark.slow
def test_the_real_scheduler_runs_the_complete_pipeline_both_ways():
    from workbench.engines.airflow.standalone import Standalone

    with Standalone([DAGS / "complete.py"], patience=900) as real:
        assert len(real.processes()) >= 4  # scheduler, DAG processor, triggerer and web server
        assert set(real.health().values()) == {"healthy"}
        noise, learnt = real.run("complete"), real.run("complete", signal=True)
    for record, skipped in ((noise, "register_model"), (learnt, "send_alert")):
        assert record.state == "success"
        assert record.states() == {
            **dict.fromkeys(record.graph.tasks, "success"),
            skipped: "skipped",
        }
        begun = {task: record.intervals(task)[0] for task in record.graph.tasks if task != skipped}
        assert all(
            begun[up][1] <= begun[down][0]
            for up, down in record.graph.edges
            if {up, down} <= set(begun)
        )
    assert not real.processes()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(real.address.rpartition(":")[2])), 1)


@pytest.mark.slow
def test_two_processes_may_make_the_database_at_once_and_nothing_else_is_touched(tmp_path):
    home = tmp_path / "fresh"
    runs = [spawn(tmp_path, str(tmp_path / f"run{n}"), WORKBENCH_HOME=str(home)) for n in range(2)]
    assert [each.communicate(timeout=300)[0] for each in runs] == [
        "{'slow': 'success', 'stuck': 'success'} 3\n"
    ] * 2
    assert len(list(home.glob("templates/airflow-*.db"))) == 1
    assert not (tmp_path / "airflow").exists()
