"""DAG files that import what is not installed: read, drawn, refused, stood in."""

import sys

import pytest
from airflow.sdk import task
from test_cli import workbench

from workbench import PipelineError, Run, graph_of, prove
from workbench.engines.airflow.dated import OnDate
from workbench.engines.airflow.home import load
from workbench.engines.airflow.placeholders import provider_of

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

SALES = """
import importlib
from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.providers.google.cloud.operators import bigquery
from airflow.providers.cncf.kubernetes.secret import Secret
from airflow.providers.slack.notifications.slack import send_slack_notification
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

class Patient(SnowflakeOperator):
    pass

def count(ti):
    return len(ti.xcom_pull(task_ids="extract"))

HOOKS = {"lake": S3Hook}

def fetch():
    return HOOKS["lake"]("lake").get_key("rows.csv")

def late():
    importlib.import_module("airflow.providers.trino.hooks.trino")

with DAG("sales", start_date=datetime(2023, 1, 1), default_args={
    "retries": 0, "on_failure_callback": send_slack_notification(text="down")
}):
    extract = Patient(task_id="extract", snowflake_conn_id="lake", sql="select '{{ dag.dag_id }}'")
    spark = SparkSubmitOperator(task_id="spark", application=extract.output,
        keys=[Secret("env", "TOKEN", "vault", "token")])
    many = bigquery.BigQueryInsertJobOperator.partial(task_id="many").expand(configuration=[1, 2])
    extract >> PythonOperator(task_id="count", python_callable=count) >> many
    PythonOperator(task_id="fetch", python_callable=fetch)
    PythonOperator(task_id="late", python_callable=late)
"""


@pytest.fixture
def sales(tmp_path):
    (tmp_path / "sales.py").write_text(SALES)
    return load(tmp_path / "sales.py")["sales"]


def test_it_is_drawn_and_says_what_it_needs(sales):
    graph = graph_of(sales)
    assert set(graph.edges) == {("extract", "spark"), ("extract", "count"), ("count", "many")}
    needs = {task: note["needs"] for task, note in graph.notes.items() if "needs" in note}
    assert needs == {
        "extract": "apache-airflow-providers-snowflake",
        "spark": "apache-airflow-providers-apache-spark",
        "many": "apache-airflow-providers-google",
    }
    assert not [name for name in sys.modules if "snowflake" in name or "bigquery" in name]


def test_it_is_refused_in_a_line_before_anything_runs(sales, tmp_path):
    words = (
        r"^DAG 'sales': task '{}' cannot run: {} is of apache-airflow-providers-\S+, which is not "
        r"installed here; install it, or give Run a stand_in for the task$"
    )
    with pytest.raises(PipelineError, match=words.format("extract", "Patient")):
        Run(sales)
    with pytest.raises(PipelineError, match=words.format("spark", "SparkSubmitOperator")):
        Run(sales, stand_in={"extract": []})
    done = workbench("run-pipeline", tmp_path / "sales.py", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


def test_what_stands_in_is_enough_and_a_hook_that_nobody_saw_says_what_it_is_of(sales):
    run = Run(sales, stand_in={"extract": [1, 2, 3], "spark": 0, "many": lambda: 5})
    run.run_all()
    run.close()
    assert {task for task, state in run.states.items() if state != "success"} == {"fetch", "late"}
    assert (run.outputs["count"], run.outputs["many[1]"]) == (3, 5)
    assert run.received("extract")["templates"]["sql"] == "select 'sales'"
    # The file's own callback fails as well, and hides nothing.
    assert "S3Hook is of apache-airflow-providers-amazon, which is not" in run.record.error("fetch")
    assert run.record.error("late").endswith("→ install the provider that it is of")


def test_the_proof_of_a_whole_dag_leaves_out_what_stands_in(sales):
    given = {"extract": [1, 2, 3], "spark": 0, "many": 5}
    proofs = prove(OnDate(sales, "2024-05-01"), stand_in=given)
    assert proofs["extract"].reason == proofs["many[0]"].reason == "a value stands in for it"
    assert proofs["count"].proof.good


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("hooks.slack import SlackHook\nSlackHook('x').send()", "SlackHook is of apache-airflow-"),
        ("hooks.slack import SlackHook\nSlackHook.default", "SlackHook is of apache-airflow-"),
        ("notifications.slack import send\nsend('x')({})", "send is of apache-airflow-"),
    ],
)
def test_what_a_file_does_with_them_while_it_is_read_is_told(tmp_path, code, words):
    (tmp_path / "dag.py").write_text(f"import airflow\nfrom airflow.providers.slack.{code}\n")
    with pytest.raises(PipelineError, match=rf"^dag.py, line 3: AttributeError: {words}"):
        load(tmp_path / "dag.py")


def test_a_module_that_an_installed_provider_has_not_is_still_an_error(tmp_path):
    (tmp_path / "dag.py").write_text("from airflow.providers.standard.operators.none import X\n")
    with pytest.raises(PipelineError, match=r"^dag.py, line 1: ModuleNotFoundError: No module"):
        load(tmp_path / "dag.py")


@pytest.mark.parametrize(
    ("module", "provider"),
    [
        ("google.cloud.operators.bigquery", "google"),
        ("apache.spark.operators.spark_submit", "apache-spark"),
        ("microsoft.azure.hooks.wasb", "microsoft-azure"),
        ("cncf.kubernetes.operators.pod", "cncf-kubernetes"),
        ("apache", "apache"),
        ("snowflake", "snowflake"),
    ],
)
def test_a_provider_is_known_by_its_modules(module, provider):
    assert provider_of(f"airflow.providers.{module}") == f"apache-airflow-providers-{provider}"


HEAD = """
import nowhere.helper as helper
from nowhere.aws import Client, make
from airflow.providers.databricks.operators.workflow import DatabricksWorkflowTaskGroup
from airflow.providers.apache.kafka.triggers.queue import KafkaTrigger
from airflow.sdk import DAG, Asset, AssetWatcher, task

try:
    import nowhere_else
except ImportError:
    nowhere_else = None

"""
DECORATED = """
queue = Asset("queue", watchers=[AssetWatcher(name="new", trigger=KafkaTrigger(topic="a"))])

with DAG("decorated", schedule=queue):
    @task
    def rows(): return [1, 2]

    @task.docker(image="python:3", auto_remove="force", multiple_outputs=False)
    def double(given): return [2 * each for each in given]

    @task.pyspark(conn_id="spark")
    def each(row, spark): return spark.of(row)

    @task
    def total(given): return sum(given) + (nowhere_else is None)

    doubled = double(rows())
    state = Client.State.READY
    with DatabricksWorkflowTaskGroup(group_id="cluster", databricks_conn_id="lake") as cluster:
        each.expand(row=doubled)
    cluster >> total(doubled)
"""


def dag_of(tmp_path, code):
    (tmp_path / "dag.py").write_text(HEAD + code)
    [dag] = load(tmp_path / "dag.py").values()
    return dag


def test_a_decorator_of_such_a_provider_is_drawn_refused_and_stood_in(tmp_path):
    dag = dag_of(tmp_path, DECORATED)
    graph = graph_of(dag)
    of_group = {("double", "cluster/each"), ("cluster/each", "total")}
    assert set(graph.edges) == {("rows", "double"), ("double", "total"), *of_group}
    assert graph.notes["double"]["operator"] == "@task.docker"
    words = "task 'double' cannot run: @task.docker is of apache-airflow-providers-docker, which"
    with pytest.raises(PipelineError, match=words):
        Run(dag)
    with pytest.raises(PipelineError, match="task 'cluster/each' cannot run: @task.pyspark is of"):
        Run(dag, stand_in={"double": [2, 4]})
    run = Run(dag, stand_in={"double": [2, 4], "cluster/each": 0})
    run.run_all()
    run.close()
    assert (run.record.state, run.outputs["total"]) == ("success", 7), run.record.states()
    assert not hasattr(task, "docker")


@pytest.mark.parametrize(
    ("body", "lack"),
    [
        ("Client().put(1)", "Client is of nowhere"),
        ("return helper.f(1)", "helper is of nowhere"),
        ("return through()", "Client is of nowhere"),
        ("return [Client(n) for n in (1, 2)]", "Client is of nowhere"),
        ("import nowhere_at_all.deep", "nowhere_at_all.deep"),
        ("from airflow.providers.trino.hooks.trino import TrinoHook", "airflow.providers.trino"),
        ("try:\n            import nowhere_at_all\n        except ImportError: pass", ""),
        ("import sys; sys.path.append('x'); import nowhere_at_all", ""),
        ("import json, airflow.providers.standard.hooks.subprocess", ""),
    ],
)
def test_a_task_whose_code_needs_what_is_not_installed_is_refused(tmp_path, body, lack):
    code = f"""
def through():
    return Client()

with DAG("d", schedule=None):
    @task
    def one():
        {body}

    one()
"""
    dag = dag_of(tmp_path, code)
    if not lack:
        Run(dag).close()
        return
    with pytest.raises(
        PipelineError, match=f"^DAG 'd': task 'one' cannot run: {lack}.* not installed"
    ):
        Run(dag)
    Run(dag, stand_in={"one": 1}).close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("Client.partial(1)", "AttributeError: Client is of nowhere, which"),
        ("with make('x'): pass", "AttributeError: make is of nowhere, which"),
        ("one, two = make('x')", "AttributeError: make is of nowhere, which"),
        ("make('x').tasks", "AttributeError: make is of nowhere, which is not installed here"),
        ("helper.value", "AttributeError: helper is of nowhere, which is not installed here"),
        ("import airflow.operators.nothing", "ModuleNotFoundError: No module named 'airflow.op"),
        ("from json.nothing import x", "ModuleNotFoundError: No module named 'json.nothing'"),
    ],
)
def test_what_a_file_itself_does_without_them_is_told(tmp_path, code, words):
    with pytest.raises(PipelineError, match=rf"^dag.py, line \d+: {words}") as raised:
        dag_of(tmp_path, code)
    assert "\n" not in str(raised.value)
