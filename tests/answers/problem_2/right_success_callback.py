from datetime import datetime, timedelta
from airflow.sdk import DAG, Param, task, TriggerRule, WeightRule


def bad(context):
    print("failed", context)


with DAG(
    dag_id="example",
    schedule="15 3 * * *",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    on_success_callback=bad,
    default_args=dict(
        retries=2,
        retry_delay=timedelta(seconds=20),
    ),
):

    @task()
    def task_a():
        print("Task A")

    @task()
    def task_b():
        print("Task B")

    task_a() >> task_b()
