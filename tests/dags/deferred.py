"""A task that hands its waiting over to the triggerer."""

from datetime import timedelta

from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor
from airflow.sdk import DAG, task

with DAG("deferred", schedule=None):

    @task
    def after():
        return "waited"

    TimeDeltaSensor(task_id="wait", delta=timedelta(milliseconds=200), deferrable=True) >> after()
