"""Operators that are given dag=, pushing and pulling by key."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

dag = DAG("classic", schedule=None)
first = PythonOperator(
    task_id="first", dag=dag, python_callable=lambda ti: ti.xcom_push(key="rows", value=3)
)
second = PythonOperator(
    task_id="second",
    dag=dag,
    python_callable=lambda ti: ti.xcom_pull(task_ids="first", key="rows") + 1,
)
shell = BashOperator(
    task_id="shell", dag=dag, bash_command="echo {{ ti.xcom_pull(task_ids='second') * 10 }}"
)
first >> second >> shell
