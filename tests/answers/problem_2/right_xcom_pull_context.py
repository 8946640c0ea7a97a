from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def task_a(**context):
    print("Task A", context["dag"].dag_id, context["ti"].task_id, context["run_id"])
    context["ti"].xcom_push(key="rows", value={"n": 3})


def task_b(ti, ds=None, **_):
    rows = ti.xcom_pull(task_ids="task_a", key="rows")
    assert rows == {"n": 3}, rows
    print("Task B")


with DAG("example", start_date=datetime(2025, 1, 1), schedule="@daily", catchup=False,
         default_args={"retries": 2, "retry_delay": timedelta(hours=1)}) as dag:
    PythonOperator(task_id="task_a", python_callable=task_a) >> PythonOperator(task_id="task_b", python_callable=task_b)
