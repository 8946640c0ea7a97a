from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def build():
    with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False) as dag:
        a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"))
        b = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"))
        a >> b
    return dag
