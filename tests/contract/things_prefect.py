"""The contract's pipelines in Prefect's words."""


def chain():
    """first → second → third: 1, 2, 3."""
    from prefect import flow, task

    @task
    def first():
        return 1

    @task
    def second(value):
        return value + 1

    @task
    def third(value):
        return value + 1

    @flow
    def chain():
        return third(second(first()))

    return chain
