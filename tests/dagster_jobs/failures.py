"""Jobs whose ops fail, are retried, or are told of how they end."""

import os
from pathlib import Path

import dagster as dg

from dagster_jobs.ops import broken, fails, increment, one, style


@style
def a_failure():
    @dg.job
    def failing():
        made = one()
        increment(broken(made))
        increment.alias("beside")(made)

    return failing


@style
def a_failure_with_a_description():
    @dg.op
    def careful():
        raise dg.Failure("the file is empty", metadata={"rows": 0})

    @dg.job
    def described():
        increment(careful())

    return described


@style
def a_failure_with_metadata():
    @dg.op
    def check():
        raise dg.Failure("too few rows", metadata={"rows": 1})

    @dg.op
    def publish(number):
        return number

    @dg.job
    def guarded():
        publish(check())

    return guarded


@style
def retried_by_a_policy():
    policy = dg.RetryPolicy(max_retries=3, delay=0.01, backoff=dg.Backoff.EXPONENTIAL)
    flaky = dg.op(name="flaky", retry_policy=policy)(fails(2))

    @dg.job
    def retried():
        increment(flaky())

    return retried


@style
def retries_used_up():
    flaky = dg.op(name="flaky", retry_policy=dg.RetryPolicy(max_retries=1))(fails(9))

    @dg.job
    def used_up():
        increment(flaky())

    return used_up


@style
def a_retry_that_the_op_asks_for():
    left = [1]

    @dg.op
    def asks():
        if left:
            left.pop()
            raise dg.RetryRequested(max_retries=1)
        return 3

    @dg.job
    def asking():
        increment(asks())

    return asking


@style
def a_retry_that_is_asked_for():
    left = [2]

    @dg.op
    def unstable():
        left[0] -= 1
        if left[0] >= 0:
            raise dg.RetryRequested(max_retries=3)
        return "at last"

    @dg.job
    def patient():
        unstable()

    return patient


@style
def a_policy_of_the_job():
    flaky = dg.op(name="flaky")(fails(1))

    @dg.job(op_retry_policy=dg.RetryPolicy(max_retries=1))
    def policy_of_job():
        flaky()

    return policy_of_job


@style
def hooks():
    @dg.success_hook
    def note(context):
        Path(os.environ["STYLE_FOLDER"], f"done-{context.op.name}").touch()

    @dg.job(hooks={note})
    def hooked():
        increment(one())

    return hooked


@style
def a_result_with_metadata():
    @dg.asset
    def counted():
        return dg.MaterializeResult(metadata={"rows": 3})

    @dg.asset(deps=[counted])
    def told():
        return dg.MaterializeResult(metadata={"ok": True})

    return [counted, told]
