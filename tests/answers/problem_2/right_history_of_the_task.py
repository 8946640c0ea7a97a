from datetime import datetime, timedelta
from airflow.sdk import DAG, task, Variable

with DAG(dag_id="example", schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False,
         default_args=dict(retries=2, retry_delay=timedelta(seconds=20))):
    @task
    def task_a(ti):
        n = ti.get_dr_count(dag_id="example")
        print("Task A", n, ti.get_dagrun_state(dag_id="example", run_id=ti.run_id))
    @task
    def task_b(ti):
        print("Task B", ti.get_task_states(dag_id="example", task_ids=["task_a"]), ti.try_number)
    task_a() >> task_b()
