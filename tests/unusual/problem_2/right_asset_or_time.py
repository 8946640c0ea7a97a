from datetime import datetime, timedelta

from airflow.sdk import DAG, Asset, task
from airflow.timetables.assets import AssetOrTimeSchedule
from airflow.timetables.trigger import CronTriggerTimetable

both = AssetOrTimeSchedule(timetable=CronTriggerTimetable("@weekly", timezone="UTC"), assets=[Asset("orders")])

with DAG("example", schedule=both, start_date=datetime(2024, 1, 1), catchup=False, default_args={"retries": 1}):

    @task(retry_delay=timedelta(minutes=3))
    def task_a():
        print("Task A is running")

    @task(retry_delay=timedelta(minutes=3))
    def task_b():
        print("and now Task B")

    task_a() >> task_b()
