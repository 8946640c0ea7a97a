from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def a():
    print("Task " + 1)


def b():
    print("Task B")


with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False):
    task_a = PythonOperator(task_id="task_a", python_callable=a)
    task_b = PythonOperator(task_id="task_b", python_callable=b)
    task_a >> task_b
