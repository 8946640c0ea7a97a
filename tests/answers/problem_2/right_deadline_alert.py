from datetime import datetime, timedelta
from airflow.sdk import DAG, task, AsyncCallback, DeadlineAlert, DeadlineReference


async def late(**kw):
    print(kw)


with DAG(
    dag_id="example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(minutes=30),
        callback=AsyncCallback(late),
    ),
    default_args=dict(retries=2, retry_delay=timedelta(seconds=20)),
):

    @task
    def task_a():
        print("Task A")

    @task
    def task_b():
        print("Task B")

    task_a() >> task_b()
