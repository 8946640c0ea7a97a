from datetime import datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain


def say(word):
    print(f"Task {word}")


dag = DAG(dag_id="example", schedule=timedelta(days=1), start_date=datetime(2024, 5, 5), catchup=False)
options = dict(dag=dag, retries=2, retry_delay=timedelta(minutes=2))
start = EmptyOperator(task_id="start", dag=dag)
task_a = PythonOperator(task_id="task_a", python_callable=say, op_args=["A"], **options)
task_b = PythonOperator(task_id="task_b", python_callable=say, op_kwargs={"word": "B"}, **options)
end = EmptyOperator(task_id="end", dag=dag)
chain(start, task_a, task_b, end)
