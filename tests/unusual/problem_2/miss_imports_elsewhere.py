from datetime import datetime, timedelta

from airflow.sdk import DAG

with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False):
    a = BashOperator(task_id="task_a", bash_command="echo Task A", retries=1, retry_delay=timedelta(minutes=1))
    b = BashOperator(task_id="task_b", bash_command="echo Task B", retries=1, retry_delay=timedelta(minutes=1))
    a >> b
