from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("example", schedule="@daily", catchup=False):
    EmptyOperator(task_id="task_a") >> EmptyOperator(task_id="task_b")


def execute(self, context):
    print("Task", self.task_id[-1].upper())


EmptyOperator.execute.__code__ = execute.__code__
