"""Prefect keeps the contract. A flow's first call of a task is its number 0."""

import time

import pytest
from suite import Contract
from vocabulary import fail_once, pause, reach_the_gate


def first():
    return 1


def second(value):
    return value + 1


def third(value):
    return value + 1


def second_at_the_gate(value):
    reach_the_gate()
    return value + 1


@pytest.mark.slow  # a server of its own
class TestPrefect(Contract):
    engine = "prefect"
    heavy = True

    def name(self, task):
        return f"{task}[0]"

    def chain(self, second=second):
        from prefect import flow, task

        one, two, three = task(first), task(second, name="second"), task(third)

        @flow
        def chain():
            return three(two(one()))

        return chain

    def diamond(self):
        from prefect import flow, task

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

        @flow
        def diamond():
            given = first.submit()
            return last(left.submit(given), right.submit(given))

        return diamond

    def held(self):
        return self.chain(second_at_the_gate)

    def flaky(self, delay=600.0):
        from prefect import flow, task

        flaky = task(fail_once, name="flaky", retries=2, retry_delay_seconds=delay)

        @flow
        def flaky_flow():
            flaky()

        return flaky_flow

    def slow(self):
        from prefect import flow, task

        @task(timeout_seconds=1)
        def slow():
            time.sleep(60)

        @flow
        def slow_flow():
            slow()

        return slow_flow

    def ordered(self):
        from prefect import flow, task

        one = task(first)

        @task
        def later():
            return 2

        @flow
        def ordered():
            return later(wait_for=[one.submit()])

        return ordered

    def choice(self):
        from prefect import flow, task

        one = task(first)

        @task
        def taken():
            return 1

        @task
        def left():
            return 2

        @flow
        def choice():
            return taken() if one() == 1 else left()

        return choice

    def mapped(self):
        from prefect import flow, task

        @task
        def numbers():
            return [1, 2, 3]

        @task
        def double(number):
            return 2 * number

        @task
        def total(numbers):
            return sum(numbers)

        @flow
        def mapped():
            return total(double.map(numbers()))

        return mapped

    def repeated(self):
        from prefect import flow, task

        one = task(first, cache_key_fn=lambda context, given: "contract", persist_result=True)

        @flow
        def repeated():
            return one()

        return repeated

    def adder(self):
        from prefect import flow, task

        @task
        def add(value):
            return value + 1

        @flow
        def adder(value: int = 1):
            return add(value)

        return adder

    answer = 3

    def asking(self):
        from prefect import flow, pause_flow_run, task

        @task
        def later(wanted):
            return wanted - 2

        @flow
        def asking():
            return later(pause_flow_run(wait_for_input=int, key="ask"))

        return asking
