from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset

dag = DAG("example", start_date=datetime(2025, 1, 1), schedule=[Asset("file:///data/raw.csv")])
task_a = BashOperator(task_id="task_a", bash_command="echo Task A {{ ds }}", dag=dag)
task_b = BashOperator(task_id="task_b", bash_command="echo Task B; echo {{ run_id }}", dag=dag)
task_b.set_upstream(task_a)
for each in dag.tasks:
    each.retries, each.retry_delay = 3, timedelta(minutes=1)
