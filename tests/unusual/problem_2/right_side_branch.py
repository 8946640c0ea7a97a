from datetime import datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator, ShortCircuitOperator
from airflow.sdk import DAG

with DAG("example", schedule="@daily", start_date=datetime(2024, 1, 1), catchup=False,
         default_args={"retries": 1, "retry_delay": timedelta(minutes=1)}):
    task_a = PythonOperator(task_id="task_a", python_callable=print, op_args=["Task A"])
    task_b = PythonOperator(task_id="task_b", python_callable=print, op_args=["Task B"], trigger_rule="all_done")
    gate = ShortCircuitOperator(task_id="gate", python_callable=lambda: False)
    task_a >> task_b
    task_a >> gate >> EmptyOperator(task_id="never")
