from datetime import datetime, timedelta
from airflow.sdk import DAG, dag, task, chain, TaskGroup, Asset, Label
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator

ARGS = {"retries": 2, "retry_delay": timedelta(minutes=3)}


def task_a():
    print("Task A")


def task_b():
    print("Task B")


from airflow.sdk import BaseOperator


class Say(BaseOperator):
    template_fields = ("word",)

    def __init__(self, word, **kwargs):
        super().__init__(**kwargs)
        self.word = word

    def execute(self, context):
        self.log.info("Task %s on %s", self.word, context["dag"].dag_id)


with DAG(
    "example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=ARGS,
) as dag:
    chain(*[Say(task_id=f"task_{w.lower()}", word=w) for w in "AB"])
