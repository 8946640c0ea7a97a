from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import MultipleCronTriggerTimetable

twice = MultipleCronTriggerTimetable("0 6 * * *", "0 18 * * *", timezone="Europe/Berlin")
with DAG(dag_id="example", schedule=twice, start_date=datetime(2024, 1, 1), catchup=False):
    b = BashOperator(task_id="task_b", bash_command="echo Task B", retries=1, retry_delay=timedelta(seconds=5))
    a = BashOperator(task_id="task_a", bash_command="echo Task A", retries=1, retry_delay=timedelta(seconds=5))
    b << a
