"""@task.branch into a group and past it, and a short circuit."""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TriggerRule, task

with DAG("branching", schedule=None):

    @task.branch
    def choose():
        return "big"

    @task.short_circuit
    def enough():
        return False

    small, big = EmptyOperator(task_id="small"), EmptyOperator(task_id="big")
    join = EmptyOperator(task_id="join", trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS)
    choose() >> [small, big] >> join
    join >> enough() >> EmptyOperator(task_id="publish")
