from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task_group

with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False,
         default_args={"retries": 1, "retry_delay": timedelta(minutes=1)}):

    @task_group
    def work():
        a = BashOperator(task_id="task_a", bash_command="echo Task A")
        b = BashOperator(task_id="task_b", bash_command="echo Task B")
        a >> b

    work()
