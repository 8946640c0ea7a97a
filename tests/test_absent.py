"""DAG files that import from providers that are not installed: read, drawn, refused, stood in."""

import sys

import pytest
from test_cli import workbench

from workbench import PipelineError, Run, graph_of, prove
from workbench.engines.airflow.absent import provider_of
from workbench.engines.airflow.dated import OnDate
from workbench.engines.airflow.home import load

pytestmark = [pytest.mark.usefixtures("airflow_home"), pytest.mark.slow]

SALES = """
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

def fetch():
    return S3Hook("lake").get_key("rows.csv")

def late():
    from airflow.providers.trino.hooks.trino import TrinoHook

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


def test_what_stands_in_is_enough_and_a_hook_in_a_task_says_what_it_is_of(sales):
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
