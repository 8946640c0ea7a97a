# a value goes from one task to the other, and words are logged
import logging
from datetime import datetime, timedelta

from airflow.sdk import dag, task

log = logging.getLogger(__name__)


@dag(schedule="@weekly", start_date=datetime(2025, 1, 1))
def example():
    @task(retries=2, retry_delay=timedelta(seconds=30))
    def task_a():
        log.info("Task A")
        return {"rows": 3}

    @task(retries=2, retry_delay=timedelta(seconds=30))
    def task_b(result):
        log.info("Task B after %d rows", result["rows"])

    task_b(task_a())


example()
