"""Kubeflow Pipelines keep the contract. A component is its code alone: it imports what it uses."""

import functools
import warnings

from suite import Contract


def first() -> int:
    return 1


def second(value: int) -> int:
    return value + 1


def third(value: int) -> int:
    return value + 1


def left(value: int) -> int:
    return value + 1


def right(value: int) -> int:
    return value + 2


def last(left: int, right: int) -> int:
    return left + right


def add(value: int) -> int:
    return value + 1


def at_the_gate():
    def second(value: int) -> int:
        import os
        import time

        folder = os.environ["CONTRACT_FOLDER"]
        open(f"{folder}/held", "w").close()
        while not os.path.exists(f"{folder}/go"):
            time.sleep(0.02)
        return value + 1

    return second


def flaky():
    import os

    flag = os.environ["CONTRACT_FOLDER"] + "/tried"
    if not os.path.exists(flag):
        open(flag, "w").close()
        raise ConnectionError("no answer")


def later() -> int:
    return 2


def taken() -> int:
    return 1


def numbers() -> list[int]:
    return [1, 2, 3]


def double(value: int) -> int:
    return 2 * value


def total(values: list[int]) -> int:
    return sum(values)


@functools.cache
def component(function):
    from kfp import dsl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of the image, which is not used here
        return dsl.component(function)


def call(function, **arguments):
    """A task of a component that is never answered by an earlier run."""
    return component(function)(**arguments).set_caching_options(False)


def pipeline(function):
    from kfp import dsl

    return dsl.pipeline(function)


class TestKubeflow(Contract):
    engine = "kubeflow"
    cannot_say = {
        "timeout": "a deadline is the cluster's; kubernetes.set_timeout is a note of the task"
    }

    def chain(self):
        @pipeline
        def chain():
            call(third, value=call(second, value=call(first).output).output)

        return chain

    def diamond(self):
        @pipeline
        def diamond():
            one = call(first).output
            call(last, left=call(left, value=one).output, right=call(right, value=one).output)

        return diamond

    def held(self):
        waiting = at_the_gate()

        @pipeline
        def held():
            call(third, value=call(waiting, value=call(first).output).output)

        return held

    def flaky(self, delay=600.0):
        @pipeline
        def flaky_pipeline():
            call(flaky).set_retry(2, backoff_duration=f"{delay:g}s", backoff_factor=1.0)

        return flaky_pipeline

    def ordered(self):
        @pipeline
        def ordered():
            call(later).after(call(first))

        return ordered

    def choice(self):
        from kfp import dsl

        @pipeline
        def choice():
            one = call(first)
            with dsl.If(one.output == 1):
                call(taken)
            with dsl.Else():
                call(left, value=1)

        return choice

    def mapped(self):
        from kfp import dsl

        @pipeline
        def mapped():
            with dsl.ParallelFor(call(numbers).output) as item:
                doubled = call(double, value=item)
            call(total, values=dsl.Collected(doubled.output))

        return mapped

    def repeated(self):
        @pipeline
        def repeated():
            component(first)()

        return repeated

    def adder(self):
        @pipeline
        def adder(value: int = 1):
            call(add, value=value)

        return adder
