from datetime import datetime, timedelta
from airflow.sdk import DAG, ExceptionRetryPolicy, RetryAction, RetryRule, task

policy = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception=Exception, action=RetryAction.RETRY, retry_delay=timedelta(seconds=30))
    ]
)
with DAG(
    "example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args={"retries": 3, "retry_policy": policy},
):

    @task
    def task_a():
        print("Task A")

    @task
    def task_b():
        print("Task B")

    task_a() >> task_b()
