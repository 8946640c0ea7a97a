from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def say_a():
    print("Task A")


def say_b():
    print("Task B")


usual = {"retries": 1, "retry_delay": timedelta(minutes=5)}
with DAG(
    "example",
    start_date=datetime(2025, 1, 1),
    schedule="@daily",
    catchup=False,
    default_args=usual,
) as dag:
    first = PythonOperator(task_id="task_a", python_callable=say_a)
    second = PythonOperator(task_id="task_b", python_callable=say_b, trigger_rule="always")
    first >> second
