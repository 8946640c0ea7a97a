from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

dag = DAG("example", schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False)
a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"), dag=dag)
b = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"), dag=dag)
for task in (a, b):
    task.retries = 2
    task.retry_delay = timedelta(minutes=5)
a >> b
