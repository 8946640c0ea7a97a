import sys
from datetime import datetime, timedelta

from airflow.sdk import DAG, BaseOperator


class SayOperator(BaseOperator):
    template_fields = ("word",)

    def __init__(self, word, **kwargs):
        super().__init__(**kwargs)
        self.word = word

    def execute(self, context):
        sys.stdout.write(f"Task {self.word}\n")
        return self.word


retrying = {"retries": 4, "retry_delay": timedelta(seconds=20), "retry_exponential_backoff": True}
with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False, default_args=retrying):
    SayOperator(task_id="task_a", word="A") >> SayOperator(task_id="task_b", word="B")
