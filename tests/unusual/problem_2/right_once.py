from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

dag = DAG("example", schedule="@once", start_date=datetime(2024, 1, 1), catchup=False, max_active_runs=1)


def hello(**context):
    print("Task", context["task"].task_id[-1].upper())


task_a = PythonOperator(task_id="task_a", python_callable=hello, dag=dag, retries=1, retry_delay=timedelta(seconds=300))
task_b = PythonOperator(task_id="task_b", python_callable=hello, dag=dag, retries=1, retry_delay=timedelta(seconds=300))
task_a >> task_b
