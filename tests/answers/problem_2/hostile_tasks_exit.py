# the tasks end their process and whatever else they can reach
import os, signal
from datetime import datetime, timedelta
from airflow.sdk import DAG, task

with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False,
         default_args={"retries": 1, "retry_delay": timedelta(minutes=5)}):
    @task
    def task_a():
        print("Task A", flush=True)
        os._exit(0)

    @task
    def task_b():
        print("Task B")
        os.killpg(0, signal.SIGKILL)

    task_a() >> task_b()
