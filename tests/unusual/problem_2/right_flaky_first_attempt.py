import pathlib
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

MARK = pathlib.Path("been_here")


def first():
    print("Task A")


def second():
    if not MARK.exists():
        MARK.touch()
        raise ConnectionError("not yet")
    print("Task B")


with DAG("example", schedule="0 0 1 * *", start_date=datetime(2024, 1, 1), catchup=False,
         default_args={"retries": 2, "retry_delay": timedelta(0)}) as dag:
    a = PythonOperator(task_id="task_a", python_callable=first)
    b = PythonOperator(task_id="task_b", python_callable=second)
    dag.get_task("task_a") >> dag.get_task("task_b")
