import logging
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

log = logging.getLogger(__name__)

with DAG("example", start_date=datetime(2024, 1, 1), schedule=CronTriggerTimetable("0 4 * * *", timezone="UTC"), catchup=False) as dag:
    task_a = PythonOperator(task_id="task_a", python_callable=lambda: log.info("Task A"))
    task_b = PythonOperator(task_id="task_b", python_callable=lambda: log.info("Task B"))
    task_a >> task_b

for operator in dag.tasks:
    operator.retries = 1
    operator.retry_delay = timedelta(minutes=10)
