from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator
from datetime import datetime, timedelta

dag = DAG("example", default_args={"retries": 1, "retry_delay": timedelta(minutes=5)},
          start_date=datetime(2025, 1, 1), schedule_interval="@daily", catchup=False)
a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"), dag=dag)
b = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"), dag=dag)
a >> b
