# only the first operator is given to the DAG, and nothing connects them
from datetime import datetime, timedelta
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

dag = DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False,
          default_args={"retries": 1, "retry_delay": timedelta(minutes=5)})
a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"), dag=dag)
b = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"))
