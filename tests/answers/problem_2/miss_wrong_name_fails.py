# another DAG id; task_b needs what task_a never gave
from datetime import datetime, timedelta
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

with DAG("my_example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False,
         default_args={"retries": 1, "retry_delay": timedelta(minutes=5)}):
    a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"))
    b = PythonOperator(task_id="task_b", python_callable=lambda ti: print("Task B", ti.xcom_pull(task_ids="task_a")["rows"]))
    a >> b
