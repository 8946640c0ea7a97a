from datetime import datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, TriggerRule

with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False):
    a = BashOperator(task_id="task_a", bash_command="echo Task A")
    b = BashOperator(task_id="task_b", bash_command="echo Task B", trigger_rule=TriggerRule.ALL_FAILED)
    a >> b
