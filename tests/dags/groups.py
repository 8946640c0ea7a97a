"""Nested groups, one of them without a prefix, and a label on an edge."""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Label, TaskGroup

with DAG("groups", schedule=None):
    start = EmptyOperator(task_id="start")
    with TaskGroup("prepare") as prepare:
        clean = EmptyOperator(task_id="clean")
        with TaskGroup("features", prefix_group_id=False):
            clean >> EmptyOperator(task_id="scale")
    start >> Label("raw rows") >> prepare >> EmptyOperator(task_id="end")
