"""The contract's pipelines in Airflow's words."""


def chain():
    """first → second → third: 1, 2, 3."""
    from airflow.sdk import DAG, task

    with DAG("chain") as dag:

        @task
        def first():
            return 1

        @task
        def second(value):
            return value + 1

        @task
        def third(value):
            return value + 1

        third(second(first()))
    return dag
