"""A task group expanded as a whole: instance i of a task waits for instance i of the one before."""

from airflow.sdk import DAG, task, task_group

with DAG("mapped_group", schedule=None):

    @task
    def fit(kind):
        return kind.upper()

    @task
    def score(model):
        return len(model)

    @task_group
    def train(kind):
        return score(fit(kind))

    @task
    def best(scores):
        return max(scores)

    best(train.expand(kind=["rf", "lightgbm"]))
