from datetime import datetime, timedelta

from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator

with DAG(
    "example",
    schedule="30 6 * * 1-5",
    start_date=datetime(2024, 1, 1),
    catchup=False,
    default_args={"owner": "me", "retries": 3, "retry_delay": timedelta(seconds=30)},
) as dag:
    task_a = BashOperator(task_id="task_a", bash_command="echo 'Task A'")
    task_b = BashOperator(task_id="task_b", bash_command="echo 'Task B'")
    task_b.set_upstream(task_a)
