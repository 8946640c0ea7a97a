"""What a task has really received, on each engine."""

import pytest

from workbench import Pipeline, Run, things_in


def done(thing, **options):
    execution = Run(thing, **options)
    execution.run_all()
    execution.close()
    assert execution.record.state == "success", [*map(execution.log, execution.states)]
    return execution


def test_arguments_of_a_plain_task_as_they_were_then():
    pipeline = Pipeline("p")

    @pipeline.task
    def first(rows=2):
        return rows

    @pipeline.task
    def second(first, share=0.5):
        return first * share

    execution = Run(pipeline, rows=4)
    assert execution.received("second") == {}
    execution.run_all()
    assert execution.received("second") == {"arguments": {"first": 4, "share": 0.5}}
    fork = execution.fork({"first": 10})
    fork.run_all()
    assert fork.received("second") == {"arguments": {"first": 10, "share": 0.5}}
    assert fork.received("second", 1) == {"arguments": {"first": 4, "share": 0.5}}
    for run in (execution, fork):
        run.close()


def test_placeholders_and_environment_of_a_kubeflow_container():
    from kfp import dsl

    @dsl.container_component
    def shown(text: str):
        return dsl.ContainerSpec(image="alpine", command=["echo"], args=[text])

    @dsl.pipeline
    def containers(text: str = "hey"):
        said = shown(text=f"{text} {dsl.PIPELINE_JOB_NAME_PLACEHOLDER}")
        said.set_env_variable("LEVEL", "3")
        said.set_env_variable("DB_PASSWORD", "sesame42")

    execution = done(containers)
    received = execution.received("shown")
    assert received["environment"] == {"LEVEL": "3", "DB_PASSWORD": "•••"}
    assert received["arguments"]["text"].startswith("hey ")
    assert "{{" not in received["arguments"]["text"]
    assert received["command"][:2] == ["echo", received["arguments"]["text"]]
    page = execution.record.page()
    assert '"received": {"shown": {"1": {"values": [["arguments"' in page
    assert "sesame42" not in page


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_futures_of_a_prefect_flow_are_resolved():
    from prefect import flow, task

    @task
    def give():
        return 20

    @task
    def add(one, other, more=()):
        return one + other

    @flow
    def sums():
        given = give.submit()
        return add.submit(given, 22, more=[given]).result()

    execution = done(sums)
    assert execution.received("add[0]") == {"arguments": {"one": 20, "other": 22, "more": [20]}}


TEMPLATED = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, BaseHook, Param, task

def use(word, password, ti, params, day=None):
    ti.xcom_push("count", 3)
    BaseHook.get_connection("warehouse")
    return f"{word} {day} {params['rows']}"

with DAG("templated", schedule=None, params={"rows": Param(5, type="integer")}):
    used = PythonOperator(
        task_id="use", python_callable=use, op_args=["hey {{ dag.dag_id }}"],
        op_kwargs={"day": "{{ params.rows }}", "password": "hidden"},
    )
    told = BashOperator(
        task_id="tell", bash_command="echo {{ ti.xcom_pull('use') }}; echo {{ 6 * 7 }}"
    )

    @task
    def pull(ti):
        return ti.xcom_pull("use", key="count")

    used >> told >> pull()
"""


@pytest.mark.slow
@pytest.mark.usefixtures("airflow_home")
def test_what_airflow_hands_to_a_task_without_its_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", "postgres://me:topsecret@nowhere/db")
    (tmp_path / "templated.py").write_text(TEMPLATED)
    execution = done(things_in(tmp_path / "templated.py")["templated"], rows=6)
    used = execution.received("use")
    assert used["templates"]["op_args"] == ["hey templated"]
    assert used["templates"]["op_kwargs"]["day"] == "6"
    assert used["templates"]["op_kwargs"]["password"] == "•••"
    assert used["params"] == {"rows": 6}
    assert used["connections"] == ["warehouse"]
    assert "topsecret" not in str(used)
    assert "echo 42" in execution.received("tell")["templates"]["bash_command"]
    assert execution.received("pull")["xcoms"] == {"use/count": 3}
