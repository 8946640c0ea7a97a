from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def say(words):
    print(words)


with DAG("example", start_date=datetime(2026, 1, 1)):
    PythonOperator(task_id="task_a", python_callable=say, op_args=["the first try"])

with DAG(
    "example",
    start_date=datetime(2026, 1, 1),
    schedule="@daily",
    default_args={"retries": 1, "retry_delay": timedelta(minutes=1)},
):
    one = PythonOperator(task_id="task_a", python_callable=say, op_args=["Task A"])
    two = PythonOperator(task_id="task_b", python_callable=say, op_args=["Task B"])
    one >> two
