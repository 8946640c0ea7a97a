# a branch beside the two tasks: one side is skipped, and the run still succeeds
from datetime import datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import BranchPythonOperator, PythonOperator
from airflow.sdk import DAG

with DAG("example", schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False):
    a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"))
    choose = BranchPythonOperator(task_id="choose", python_callable=lambda: "task_b")
    b = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"))
    other = EmptyOperator(task_id="other")
    a >> b
    choose >> [b, other]
