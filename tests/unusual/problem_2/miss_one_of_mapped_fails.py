from datetime import datetime, timedelta

from airflow.sdk import DAG, task

RETRIES = {"retries": 1, "retry_delay": timedelta(minutes=1)}
with DAG(
    "example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=RETRIES,
):

    @task
    def task_a():
        print("Task A")
        return [0, 1]

    @task
    def task_b(x):
        print("Task B", 1 / x)

    task_b.expand(x=task_a())
