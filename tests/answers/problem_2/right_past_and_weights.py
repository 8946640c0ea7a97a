from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def task_a():
    print("Task A")


def task_b():
    print("Task B")


with DAG(
    "example",
    start_date=datetime(2025, 1, 1),
    schedule="@daily",
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    is_paused_upon_creation=False,
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=10),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=30),
        "depends_on_past": True,
        "wait_for_downstream": True,
        "ignore_first_depends_on_past": True,
        "execution_timeout": timedelta(minutes=20),
    },
):
    first = PythonOperator(
        task_id="task_a", python_callable=task_a, priority_weight=-5, pool_slots=2
    )
    second = PythonOperator(
        task_id="task_b",
        python_callable=task_b,
        priority_weight=100,
        weight_rule="absolute",
    )
    first >> second
