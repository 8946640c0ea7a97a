from datetime import datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.timetables.simple import NullTimetable

with DAG("example", schedule=NullTimetable(), start_date=datetime(2024, 1, 1), catchup=False):
    a = BashOperator(task_id="task_a", bash_command="echo Task A")
    b = BashOperator(task_id="task_b", bash_command="echo Task B")
    a >> b
