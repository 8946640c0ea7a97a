from datetime import datetime
from airflow.sdk import dag, task

@dag(schedule="@daily", start_date=datetime(2025, 1, 1))
def example():
    @task
    def task_a():
        print("Task A")

    task_a()
