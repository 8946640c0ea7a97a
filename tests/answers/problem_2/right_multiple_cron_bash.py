from datetime import timedelta
import pendulum
from airflow.sdk import DAG, MultipleCronTriggerTimetable
from airflow.providers.standard.operators.bash import BashOperator

with DAG(
    dag_id="example",
    schedule=MultipleCronTriggerTimetable("0 6 * * *", "30 18 * * 1-5", timezone="UTC"),
    start_date=pendulum.datetime(2025, 1, 1),
    catchup=False,
) as dag:
    a, b = (
        BashOperator(
            task_id=f"task_{c}",
            bash_command=f"""
      set -euo pipefail
      name="Task {c.upper()}"
      echo "$name on {{{{ ds }}}} {{{{ prev_start_date_success }}}}"
    """,
            retries=1,
            retry_delay=timedelta(seconds=9),
            env={"X": "1"},
            append_env=True,
        )
        for c in "ab"
    )
    a >> b
