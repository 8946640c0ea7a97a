from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def task_a():
    print("Task A")


def task_b():
    print("Task B")


with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False,
         default_args={"retries": 1, "retry_delay": timedelta(minutes=5)}):
    a = PythonOperator(task_id="task_a", python_callable=task_a())
    b = PythonOperator(task_id="task_b", python_callable=task_b())
    a >> b
