from datetime import timedelta

import pendulum
from airflow.sdk import Label, dag, task


@task
def task_a() -> dict:
    print("Task A")
    return {"rows": 3}


@task
def task_b(message=None):
    print("Task B", message)


@dag("example", schedule="*/15 * * * *", start_date=pendulum.datetime(2024, 1, 1), catchup=False, doc_md="# mended")
def mended():
    careful = dict(retries=2, retry_delay=timedelta(minutes=1))
    first = task_a.override(**careful)()
    second = task_b.override(**careful)()
    first >> Label("then") >> second


dag = mended()
