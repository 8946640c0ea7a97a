from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

default_args = {"retry": 3, "retries_delay": timedelta(minutes=5)}
with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False, default_args=default_args):
    a = BashOperator(task_id="task_a", bash_command="echo Task A")
    b = BashOperator(task_id="task_b", bash_command="echo Task B")
    a >> b
