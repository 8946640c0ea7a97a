"""DAG files of every style, run for real: each record agrees with Airflow's own database."""

from pathlib import Path

import pytest
from airflow_dags import DAGS, assert_agrees, rows, seconds, written

from workbench import Run, draw, graph_of, run
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]


@pytest.mark.parametrize(
    ("learnable", "taken", "other"),
    [
        pytest.param(False, "send_alert", "register_model", marks=pytest.mark.slow),
        (True, "register_model", "send_alert"),
    ],
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
