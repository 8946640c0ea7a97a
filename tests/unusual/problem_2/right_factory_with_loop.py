import datetime as dt

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, cross_downstream


def build():
    with DAG(dag_id="example", schedule=dt.timedelta(hours=6), start_date=dt.datetime(2024, 2, 29)) as dag:
        tasks = {
            letter: BashOperator(
                task_id=f"task_{letter}",
                bash_command=f"echo 'Task {letter.upper()}'",
                retries=1,
                retry_delay=dt.timedelta(minutes=15),
            )
            for letter in "ab"
        }
        cross_downstream([tasks["a"]], [tasks["b"]])
    return dag


globals()["example"] = build()
