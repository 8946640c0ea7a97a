from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Label, TaskGroup

with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False) as dag:
    with TaskGroup("steps", prefix_group_id=False, default_args={"retries": 1, "retry_delay": timedelta(minutes=3)}):
        a = PythonOperator(task_id="task_a", python_callable=print, op_args=["Task A"])
        b = PythonOperator(task_id="task_b", python_callable=print, op_args=["Task B"])
        a >> Label("then") >> b
