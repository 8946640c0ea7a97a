from datetime import datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable


def make(name):
    dag = DAG(name, start_date=datetime(2025, 1, 1), schedule=CronTriggerTimetable("0 6 * * *", timezone="Europe/Rome"),
              catchup=False)
    with dag:
        args = {"retries": 1, "retry_delay": timedelta(minutes=1)}
        first = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"), **args)
        second = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"), **args)
        EmptyOperator(task_id="begin") >> first >> second >> EmptyOperator(task_id="end")
    return dag


example = make("example")
