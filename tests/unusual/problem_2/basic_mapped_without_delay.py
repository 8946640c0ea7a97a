from datetime import datetime

from airflow.sdk import DAG, task

with DAG("example", schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False):

    @task(retries=1)
    def task_a():
        print("Task A")  # no retry_delay
        return ["B"]

    @task(retries=1)
    def task_b(x):
        print("Task", x)

    task_b.expand(x=task_a())
