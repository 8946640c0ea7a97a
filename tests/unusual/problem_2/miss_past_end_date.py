from datetime import datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("example", schedule="@daily", start_date=datetime(2023, 1, 1), end_date=datetime(2023, 12, 31), catchup=False):
    a = BashOperator(task_id="task_a", bash_command="echo Task A")
    b = BashOperator(task_id="task_b", bash_command="echo Task B")
    a >> b
