"""expand over what a task returns, over a constant, and a sum of the instances."""

from airflow.sdk import DAG, task

with DAG("mapped", schedule=None):

    @task
    def numbers():
        return [1, 2, 3]

    @task
    def scaled(number, factor):
        return number * factor

    @task
    def total(values):
        return sum(values)

    total(scaled.partial(factor=10).expand(number=numbers()))
