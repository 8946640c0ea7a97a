from datetime import datetime, timedelta
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator

for name in ("example", "example_backup"):
    with DAG(name, start_date=datetime(2025, 1, 1), schedule="@daily",
             default_args={"retries": 1, "retry_delay": timedelta(minutes=5)}):
        # "Task A" is in the command and not in the output
        BashOperator(task_id="task_a", bash_command="true Task A") >> BashOperator(task_id="task_b", bash_command="echo Task B")
