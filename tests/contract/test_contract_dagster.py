"""Dagster keeps the contract."""

from suite import Contract
from vocabulary import fail_once, pause, reach_the_gate


def first():
    pause()
    return 1


def second(first):
    return first + 1


def third(second):
    return second + 1


def second_at_the_gate(first):
    reach_the_gate()
    return first + 1


def left(first):
    pause()
    return first + 1


def right(first):
    pause()
    return first + 2


def last(left, right):
    pause()
    return left + right


class TestDagster(Contract):
    engine = "dagster"
    heavy = True
    cannot_say = {
        "timeout": "an op has no limit; dagster/max_runtime is a run's, for the daemon",
        "cached": "a step that a run has selected is executed",
    }

    def chain(self, second=second):
        from dagster import job, op

        one, two, three = op(first), op(name="second")(second), op(third)

        @job
        def chain():
            three(two(one()))

        return chain

    def diamond(self):
        from dagster import job, op

        one, two, other, end = op(first), op(left), op(right), op(last)

        @job
        def diamond():
            made = one()
            end(two(made), other(made))

        return diamond

    def held(self):
        return self.chain(second_at_the_gate)

    def flaky(self, delay=600.0):
        from dagster import RetryPolicy, job, op

        flaky = op(name="flaky", retry_policy=RetryPolicy(max_retries=2, delay=delay))(fail_once)

        @job
        def flaky_job():
            flaky()

        return flaky_job

    def ordered(self):
        from dagster import In, Nothing, job, op

        one = op(first)

        @op(ins={"start": In(Nothing)})
        def later():
            return 2

        @job
        def ordered():
            later(one())

        return ordered

    def choice(self):
        from dagster import Out, Output, job, op

        @op(out={"yes": Out(is_required=False), "no": Out(is_required=False)})
        def choose():
            yield Output(1, "yes")

        @op
        def taken(value):
            return value

        @op
        def left(value):
            return value

        @job
        def choice():
            yes, no = choose()
            taken(yes)
            left(no)

        return choice

    def mapped(self):
        from dagster import DynamicOut, DynamicOutput, job, op

        @op(out=DynamicOut())
        def numbers():
            for number in (1, 2, 3):
                yield DynamicOutput(number, mapping_key=f"n{number}")

        @op
        def double(number):
            return 2 * number

        @op
        def total(numbers):
            return sum(numbers)

        @job
        def mapped():
            total(numbers().map(double).collect())

        return mapped

    def adder(self):
        from dagster import In, job, op

        @op(ins={"value": In(int, default_value=1)})
        def add(value):
            return value + 1

        @job
        def adder(value):
            add(value)

        return adder
