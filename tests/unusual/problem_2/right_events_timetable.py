import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, chain_linear
from airflow.timetables.events import EventsTimetable

dates = [pendulum.datetime(year, 4, 1) for year in range(2026, 2100)]
with DAG(dag_id="example", schedule=EventsTimetable(event_dates=dates), start_date=pendulum.datetime(2025, 1, 1), catchup=False):
    retry = {"retries": 2, "retry_delay": pendulum.duration(seconds=30)}
    chain_linear(
        BashOperator(task_id="task_a", bash_command="echo 'this is Task A'", **retry),
        BashOperator(task_id="task_b", bash_command="echo 'this is Task B'", **retry),
    )
