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


from airflow.providers.standard.sensors.python import PythonSensor
import time

BEGUN = time.time()
with DAG(
    "example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=ARGS,
) as dag:
    w = PythonSensor(
        task_id="wait",
        python_callable=lambda: time.time() > BEGUN + 1,
        poke_interval=30,
        timeout=600,
    )
    (
        w
        >> PythonOperator(task_id="task_a", python_callable=task_a)
        >> PythonOperator(task_id="task_b", python_callable=task_b)
    )
