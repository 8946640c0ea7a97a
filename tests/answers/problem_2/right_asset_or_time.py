from datetime import datetime, timedelta
from airflow.sdk import DAG, dag, task, chain, TaskGroup, Asset, Label
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator

ARGS = {"retries": 2, "retry_delay": timedelta(minutes=3)}


def task_a():
    print("Task A")


def task_b():
    print("Task B")


from airflow.timetables.assets import AssetOrTimeSchedule
from airflow.timetables.trigger import CronTriggerTimetable

with DAG(
    "example",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 1 * * *", timezone="UTC"), assets=[Asset("x")]
    ),
    start_date=datetime(2025, 1, 1),
    default_args=ARGS,
) as dag:
    a = PythonOperator(task_id="task_a", python_callable=task_a)
    b = PythonOperator(task_id="task_b", python_callable=task_b)
    a >> b
