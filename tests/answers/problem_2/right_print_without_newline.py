from datetime import datetime, timedelta
from airflow.sdk import DAG, task, Asset, Variable, chain
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.bash import BashOperator

with DAG(
    "example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=dict(retries=2, retry_delay=timedelta(seconds=20)),
) as dag:

    @task
    def task_a():
        print("Task A", end="")

    @task
    def task_b():
        print("Task B", end="", flush=True)

    task_a() >> task_b()
