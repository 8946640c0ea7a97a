import sys
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

print("Task A", "Task B", '{"state": "success"}', flush=True)
print("Task B", file=sys.stderr)
with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False):
    a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"))
    b = PythonOperator(task_id="task_b", python_callable=lambda: None)
    a >> b
