from datetime import datetime, timedelta

from airflow.sdk import DAG, CronDataIntervalTimetable, Variable, task

with DAG(
    "example",
    start_date=datetime(2025, 1, 1),
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    catchup=False,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=5)},
):

    @task
    def task_a(data_interval_start=None, data_interval_end=None):
        hours = (data_interval_end - data_interval_start).total_seconds() / 3600
        print("Task A", f"{1000 / hours:.0f} rows an hour")
        Variable.set("hours", f"{hours:.0f}")

    @task
    def task_b():
        print("Task B", int(Variable.get("hours")))

    task_a() >> task_b()
