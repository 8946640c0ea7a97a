from datetime import datetime

from airflow.sdk import dag, task


def twice(function):
    def wrapper():
        function()


@task
def task_a():
    print("Task A")


@task
def task_b():
    print("Task B")


@twice
@dag(dag_id="example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False)
def example():
    task_a() >> task_b()


example()
