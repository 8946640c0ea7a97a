from datetime import datetime, timedelta
from airflow.sdk import DAG, task, Asset, Variable, chain
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.bash import BashOperator

with DAG(
    "example",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=dict(retries=2, retry_delay=timedelta(seconds=20)),
) as dag:

    @task.bash
    def task_a():
        return (
            "echo Task A {{ var.value.get('who', 'nobody') }} {{ params }} "
            "{{ macros.ds_add(ds, 1) }} {{ ts_nodash }} {{ data_interval_start | ds }} "
            "{{ run_id }} {{ ti.try_number }} {{ dag_run.conf.get('x', 1) }} "
            "{{ conn.get('x', 'none') }}"
        )

    @task
    def task_b():
        print("Task B")

    task_a() >> task_b()
