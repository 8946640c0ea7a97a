"""Trigger rules after a failure, and a task that skips itself."""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TriggerRule, task
from airflow.sdk.exceptions import AirflowSkipException

with DAG("rules", schedule=None):

    @task
    def broken():
        raise ValueError("bad data")

    @task
    def idle():
        raise AirflowSkipException("nothing to do")

    below, skipped = EmptyOperator(task_id="below"), EmptyOperator(task_id="after_idle")
    alarm = EmptyOperator(task_id="alarm", trigger_rule=TriggerRule.ONE_FAILED)
    always = EmptyOperator(task_id="always", trigger_rule=TriggerRule.ALL_DONE)
    broken() >> [below, alarm]
    idle() >> skipped
    [below, alarm, skipped] >> always
