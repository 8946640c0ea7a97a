import os
import signal
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def task_a():
    print("Task A")
    os.kill(os.getppid(), signal.SIGKILL)


def task_b():
    print("Task B")


with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False):
    PythonOperator(task_id="task_a", python_callable=task_a) >> PythonOperator(task_id="task_b", python_callable=task_b)
