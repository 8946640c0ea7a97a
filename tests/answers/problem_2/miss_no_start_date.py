from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("example", schedule="@daily", catchup=False):
    a = PythonOperator(task_id="task_a", python_callable=lambda: print("Task A"))
    b = PythonOperator(task_id="task_b", python_callable=lambda: print("Task B"))
    a >> b
