from datetime import datetime

from airflow.operators.dummy import DummyOperator
from airflow.operators.python import PythonOperator
from airflow import DAG

with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False) as dag:
    DummyOperator(task_id="start") >> PythonOperator(task_id="task_a", python_callable=lambda: print("Task A")) >> PythonOperator(
        task_id="task_b", python_callable=lambda: print("Task B"))
