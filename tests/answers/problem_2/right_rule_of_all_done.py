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
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
):
    first = PythonOperator(task_id="task_a", python_callable=task_a)
    second = PythonOperator(task_id="task_b", python_callable=task_b, trigger_rule="none_failed")
    audit = PythonOperator(task_id="audit", python_callable=print, trigger_rule="always")
    first >> [second, audit]
