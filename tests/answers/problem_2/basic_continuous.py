from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("example", start_date=datetime(2025, 1, 1), schedule="@continuous", max_active_runs=1,
         default_args={"retries": 3}):
    PythonOperator(task_id="task_a", python_callable=lambda: print("Task A")) >> PythonOperator(
        task_id="task_b", python_callable=lambda: print("Task B"))
