# the first attempt of task_a fails; the second does not
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable


def speak(letter, ti):
    if letter == "A" and ti.try_number == 1:
        raise ConnectionError("not yet")
    print("Task", letter)


with DAG("example", schedule=CronTriggerTimetable("0 6 * * 1-5", timezone="Europe/Berlin"),
         start_date=datetime(2025, 1, 1), catchup=False,
         default_args=dict(retries=1, retry_delay=timedelta(hours=1))) as dag:
    a, b = (PythonOperator(task_id=f"task_{x.lower()}", python_callable=speak, op_args=[x]) for x in "AB")
    b << a
