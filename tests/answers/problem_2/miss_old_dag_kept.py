from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

dag = DAG("example", start_date=datetime(2026, 1, 1))

with DAG(
    "example",
    start_date=datetime(2026, 1, 1),
    schedule="@daily",
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=2)},
) as mended:
    first = BashOperator(task_id="task_a", bash_command="echo 'Task A'")
    second = BashOperator(task_id="task_b", bash_command="echo 'Task B'")
    first >> second
