from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("example", schedule="@weekly", start_date=datetime(2024, 1, 1), catchup=False) as dag:
    make = BashOperator(task_id="make", bash_command="echo make").as_setup()
    clean = BashOperator(task_id="clean", bash_command="echo clean").as_teardown(setups=make)
    task_a = BashOperator(task_id="task_a", bash_command="echo Task A")
    task_b = BashOperator(task_id="task_b", bash_command="echo Task B")
    make >> task_a >> task_b >> clean
    for one in (task_a, task_b):
        one.retries, one.retry_delay = 3, timedelta(seconds=45)
