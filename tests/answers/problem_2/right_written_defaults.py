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
    max_active_runs=16,
    max_active_tasks=16,
    dagrun_timeout=None,
    fail_fast=False,
    default_args={
        "owner": "airflow",
        "retries": 1,
        "retry_delay": timedelta(minutes=5),
        "depends_on_past": False,
        "wait_for_downstream": False,
        "trigger_rule": "all_success",
        "pool": "default_pool",
        "pool_slots": 1,
        "priority_weight": 1,
        "weight_rule": "downstream",
        "queue": "default",
        "max_active_tis_per_dag": None,
    },
):
    first = PythonOperator(task_id="task_a", python_callable=task_a)
    second = PythonOperator(task_id="task_b", python_callable=task_b)
    first >> second
