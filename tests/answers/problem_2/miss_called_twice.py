from datetime import datetime, timedelta
from airflow.sdk import DAG, dag, task, chain, TaskGroup, Asset, Label
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator

ARGS = {"retries": 2, "retry_delay": timedelta(minutes=3)}


def task_a():
    print("Task A")


def task_b():
    print("Task B")


@dag(schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False, default_args=ARGS)
def example():
    @task
    def task_a():
        print("Task A")

    @task
    def task_b():
        print("Task B")

    task_a()
    task_b()
    task_a() >> task_b()


example()
