import logging
from datetime import datetime, timedelta

from airflow.decorators import dag, task

log = logging.getLogger("airflow.task")


@task
def task_a():
    log.info("Task A")
    return [1, 2, 3]


@task
def task_b(rows):
    log.info("Task B with %d rows", len(rows))
    return sum(rows)


@task(trigger_rule="all_done")
def report(total):
    print("total", total)


@dag(schedule="@weekly", start_date=datetime(2025, 1, 1), catchup=False,
     default_args={"retries": 2, "retry_delay": timedelta(minutes=10)})
def example():
    report(task_b(task_a()))


the_dag = example()
