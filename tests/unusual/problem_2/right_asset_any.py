from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset, TaskGroup


def a():
    print("Task A")


def b():
    print("Task B")


with DAG("example", schedule=(Asset("raw") | Asset("s3://bucket/clean")), start_date=datetime(2024, 1, 1), catchup=False):
    with TaskGroup("steps", prefix_group_id=False, default_args={"retries": 2, "retry_delay": timedelta(minutes=1)}):
        first = PythonOperator(task_id="task_a", python_callable=a)
        second = PythonOperator(task_id="task_b", python_callable=b)
        first.set_downstream(second)
