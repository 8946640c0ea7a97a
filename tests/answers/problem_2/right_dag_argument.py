from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

dag = DAG("example", start_date=pendulum.datetime(2025, 1, 1, tz="UTC"), schedule="@hourly", catchup=False)
more = dict(retries=2, retry_delay=timedelta(minutes=1), retry_exponential_backoff=True)
task1 = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"), dag=dag, **more)
task2 = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"), dag=dag, **more)
task1.set_downstream(task2)
