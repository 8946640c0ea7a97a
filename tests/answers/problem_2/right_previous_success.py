from datetime import datetime, timedelta
from airflow.sdk import DAG, task, Variable

with DAG(dag_id="example", schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False,
         default_args=dict(retries=2, retry_delay=timedelta(seconds=20))):
    @task
    def task_a(prev_start_date_success=None, prev_data_interval_end_success=None, **context):
        since = prev_data_interval_end_success or datetime(2025, 1, 1)
        who = Variable.get("who", default="nobody")
        print("Task A", since, who, prev_start_date_success)
    @task
    def task_b(ti):
        print("Task B", ti.xcom_pull(task_ids="task_a", default="nothing"))
    task_a() >> task_b()
