"""What the styles share: where each is entered, and ops that many use."""

import dagster as dg

STYLES = {}


def style(function):
    STYLES[function.__name__] = function
    return function


@dg.op
def one():
    return 1


@dg.op
def increment(number):
    return number + 1


@dg.op
def add(left, right):
    return left + right


@dg.op
def total(numbers):
    return sum(numbers)


@dg.op(out=dg.DynamicOut())
def three_numbers():
    for number in (1, 2, 3):
        yield dg.DynamicOutput(number, mapping_key=f"n{number}")


@dg.op
def broken(number):
    raise ValueError(f"no use for {number}")


def fails(times):
    """An op's body that raises so often, in this process."""
    left = [times]

    def body():
        if left[0]:
            left[0] -= 1
            raise ConnectionError("not yet")
        return 7

    return body
