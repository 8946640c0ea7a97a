from datetime import datetime, timedelta
from airflow.sdk import DAG, BaseOperator, task
from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
class A(BaseOperator):
    def execute(self, context):
        self.defer(trigger=TimeDeltaTrigger(timedelta(seconds=1)), method_name="go_on")
    def go_on(self, context, event=None):
        print("Task A")
with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False,
         default_args={"retries": 2, "retry_delay": timedelta(seconds=30)}):
    @task()
    def task_b(): print("Task B")
    A(task_id="task_a") >> task_b()
