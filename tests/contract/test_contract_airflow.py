"""Airflow keeps the contract."""

import time
from datetime import timedelta

import pytest
from suite import Contract
from vocabulary import fail_once, pause, reach_the_gate


@pytest.mark.slow  # a database of its own
class TestAirflow(Contract):
    engine = "airflow"
    heavy = True
    counts_interrupted = True  # try_number goes up when a task is queued
    misfit = {"value": "text"}  # a DAG takes any conf that its params do not forbid
    cannot_say = {"cached": "a task instance is never answered by another run"}

    def chain(self, second=lambda value: value + 1):
        from airflow.sdk import DAG, Param, task

        with DAG("chain", params={"value": Param(1, type="integer")}) as dag:

            @task
            def first():
                return 1

            @task
            def third(value):
                return value + 1

            third(task(second, task_id="second")(first()))
        return dag

    def diamond(self):
        from airflow.sdk import DAG, task

        with DAG("diamond") as dag:

            @task
            def first():
                pause()
                return 1

            @task
            def left(value):
                pause()
                return value + 1

            @task
            def right(value):
                pause()
                return value + 2

            @task
            def last(left, right):
                pause()
                return left + right

            one = first()
            last(left(one), right(one))
        return dag

    def held(self):
        def second(value):
            reach_the_gate()
            return value + 1

        return self.chain(second)

    def flaky(self, delay=600.0):
        from airflow.sdk import DAG, task

        with DAG("flaky") as dag:
            options = {"retries": 2, "retry_delay": timedelta(seconds=delay)}
            task(fail_once, task_id="flaky", **options)()
        return dag

    def slow(self):
        from airflow.sdk import DAG, task

        with DAG("slow") as dag:

            @task(execution_timeout=timedelta(seconds=1))
            def slow():
                time.sleep(60)

            slow()
        return dag

    def ordered(self):
        from airflow.providers.standard.operators.empty import EmptyOperator
        from airflow.sdk import DAG

        with DAG("ordered") as dag:
            EmptyOperator(task_id="first") >> EmptyOperator(task_id="later")
        return dag

    def choice(self):
        from airflow.providers.standard.operators.empty import EmptyOperator
        from airflow.sdk import DAG, task

        with DAG("choice") as dag:

            @task.branch
            def choose():
                return "taken"

            choose() >> [EmptyOperator(task_id="taken"), EmptyOperator(task_id="left")]
        return dag

    def mapped(self):
        from airflow.sdk import DAG, task

        with DAG("mapped") as dag:

            @task
            def numbers():
                return [1, 2, 3]

            @task
            def double(number):
                return 2 * number

            @task
            def total(numbers):
                return sum(numbers)

            total(double.expand(number=numbers()))
        return dag

    def adder(self):
        from airflow.sdk import DAG, Param, task

        with DAG("adder", params={"value": Param(1, type="integer")}) as dag:

            @task
            def add(params):
                return params["value"] + 1

            add()
        return dag

    answer = "yes"

    def asking(self):
        from airflow.providers.standard.operators.hitl import HITLOperator
        from airflow.sdk import DAG, task

        with DAG("asking") as dag:

            @task
            def later():
                return 1

            HITLOperator(task_id="ask", subject="On?", options=["yes", "no"]) >> later()
        return dag
