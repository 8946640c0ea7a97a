"""A resource that is given back even when the work fails."""

from airflow.sdk import DAG, setup, task, teardown

with DAG("setup_teardown", schedule=None):

    @setup
    def create():
        return "cluster"

    @task
    def work():
        raise RuntimeError("no luck")

    @teardown
    def delete(name):
        print(f"deleting {name}")

    name = create()
    name >> work() >> delete(name)
