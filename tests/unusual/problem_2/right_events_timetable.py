import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, chain_linear
from airflow.timetables.events import EventsTimetable

dates = [pendulum.datetime(2026, month, 1) for month in (1, 4, 7, 10)]
with DAG(dag_id="example", schedule=EventsTimetable(event_dates=dates), start_date=pendulum.datetime(2025, 1, 1), catchup=False):
    retry = {"retries": 2, "retry_delay": pendulum.duration(seconds=30)}
    chain_linear(
        BashOperator(task_id="task_a", bash_command="echo 'this is Task A'", **retry),
        BashOperator(task_id="task_b", bash_command="echo 'this is Task B'", **retry),
    )
