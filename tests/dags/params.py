"""Declared params with a schema, read from the context and from a template."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param, task

with DAG("params", schedule=None, params={"rows": Param(5, type="integer", minimum=1)}):

    @task
    def double(params=None):
        return params["rows"] * 2

    double() >> BashOperator(
        task_id="shell", bash_command="echo {{ params.rows }} {{ ds_nodash | length }}"
    )
