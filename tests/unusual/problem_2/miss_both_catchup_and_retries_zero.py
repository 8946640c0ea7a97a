from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

args = {"retries": 2, "retry_delay": timedelta(minutes=1)}
with DAG("example", schedule="0 12 * * *", start_date=datetime(2024, 1, 1), catchup=True, default_args=args):
    a = BashOperator(task_id="task_a", bash_command="echo Task A")
    b = BashOperator(task_id="task_b", bash_command="echo Task B", retries=0)
    a >> b
