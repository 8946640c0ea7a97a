from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False) as dag:
    a = BashOperator(task_id="task_a", bash_command="echo Task A", retries=2, retry_delay=timedelta(minutes=1))
    b = BashOperator(task_id="task_b", bash_command="echo Task B")
    a >> b
