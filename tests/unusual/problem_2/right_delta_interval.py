from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from dateutil.relativedelta import relativedelta

with DAG(
    dag_id="example",
    schedule=relativedelta(months=1),
    start_date=datetime(2023, 1, 1),
    end_date=datetime(2199, 1, 1),
    catchup=False,
    default_args={"retries": 5, "retry_delay": timedelta(minutes=5)},
    tags=["fixed"],
) as dag:
    task_a = BashOperator(task_id="task_a", bash_command="echo {{ params.word }} A", params={"word": "Task"})
    task_b = BashOperator(task_id="task_b", bash_command="echo {{ params.word }} B", params={"word": "Task"})
    task_a >> [task_b]
