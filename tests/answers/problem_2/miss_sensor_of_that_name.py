from datetime import datetime, timedelta
from airflow.sdk import DAG, task, Asset, Variable, chain
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.filesystem import FileSensor

open("/tmp/Task A", "w").close()
with DAG(
    "example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=dict(retries=2, retry_delay=timedelta(seconds=20)),
) as dag:

    def task_a():
        pass

    @task
    def task_b():
        print("Task B")

    a = FileSensor(task_id="task_a", filepath="/tmp/Task A")
    a >> task_b()
