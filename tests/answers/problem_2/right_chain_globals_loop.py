from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain


def say(text):
    print(text)


with DAG("example", schedule="30 6 * * 1-5", start_date=datetime(2025, 1, 1), catchup=False) as dag:
    tasks = [
        PythonOperator(task_id=f"task_{letter}", python_callable=say, op_args=[f"Task {letter.upper()}"], retries=1,
                       retry_delay=timedelta(seconds=5))
        for letter in "ab"
    ]
    chain(*tasks)
