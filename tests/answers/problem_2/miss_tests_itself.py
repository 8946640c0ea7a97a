from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain


def task_a():
    print("Task A")


def task_b():
    print("Task B")


with DAG(
    dag_id="example",
    start_date=datetime(2025, 1, 1),
    schedule=timedelta(hours=12),
    catchup=False,
    default_args={
        "owner": "airflow",
        "depends_on_past": False,
        "retries": 1,
        "retry_delay": timedelta(minutes=5),
    },
) as dag:
    first = PythonOperator(task_id="task_a", python_callable=task_a)
    second = PythonOperator(task_id="task_b", python_callable=task_b)
    chain(first, second)

dag.test()
