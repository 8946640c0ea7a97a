# task_b comes after task_a, but not directly; retries without a delay of its own
from datetime import datetime
from airflow.sdk import DAG, task

with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False, default_args={"retries": 2}):
    @task
    def task_a():
        print("Task A")

    @task
    def between():
        print("between")

    @task
    def task_b():
        print("Task B")

    task_a() >> between() >> task_b()
