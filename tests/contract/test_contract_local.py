"""Plain Python keeps the contract."""

import time

from suite import Contract
from vocabulary import fail_once, pause, reach_the_gate

from workbench import Pipeline


class TestLocal(Contract):
    engine = "local"
    cannot_say = {
        "skipped branch": "a task runs if its upstream succeeds",
        "mapped tasks": "the tasks are those that were written down",
        "growing graph": "the tasks are those that were written down",
        "cached": "a task is run when it is asked for",
    }

    def chain(self):
        pipeline = Pipeline("chain")

        @pipeline.task
        def first():
            return 1

        @pipeline.task
        def second(first):
            return first + 1

        @pipeline.task
        def third(second):
            return second + 1

        return pipeline

    def diamond(self):
        pipeline = Pipeline("diamond")

        @pipeline.task
        def first():
            pause()
            return 1

        @pipeline.task
        def left(first):
            pause()
            return first + 1

        @pipeline.task
        def right(first):
            pause()
            return first + 2

        @pipeline.task
        def last(left, right):
            pause()
            return left + right

        return pipeline

    def held(self):
        pipeline = Pipeline("held")

        @pipeline.task
        def first():
            return 1

        @pipeline.task
        def second(first):
            reach_the_gate()
            return first + 1

        @pipeline.task
        def third(second):
            return second + 1

        return pipeline

    def flaky(self, delay=600.0):
        pipeline = Pipeline("flaky")
        pipeline.task(fail_once, name="flaky", retries=2, retry_delay=delay)
        return pipeline

    def slow(self):
        pipeline = Pipeline("slow")

        @pipeline.task(timeout=1)
        def slow():
            time.sleep(60)

        return pipeline

    def ordered(self):
        pipeline = Pipeline("ordered")
        pipeline.task(lambda: 1, name="first")
        pipeline.task(lambda: 2, name="later", after=["first"])
        return pipeline

    def adder(self):
        pipeline = Pipeline("adder")
        pipeline.task(lambda value=1: value + 1, name="add")
        return pipeline
