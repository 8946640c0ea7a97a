"""Jobs by the shape of their graphs: branches, nested graphs, dynamic outputs, orders."""

import asyncio
import os

import dagster as dg

from dagster_jobs.ops import add, broken, increment, one, style, three_numbers, total


@style
def chain():
    @dg.job
    def chain():
        increment(increment(one()))

    return chain


@style
def diamond():
    @dg.job
    def diamond():
        made = one()
        add(increment(made), increment.alias("other")(made))

    return diamond


@style
def fan_in_of_a_list():
    @dg.job
    def fan_in():
        total([one.alias(f"one_{number}")() for number in range(4)])

    return fan_in


@style
def graph_in_a_graph():
    @dg.graph
    def inner(number):
        return increment(increment.alias("again")(number))

    @dg.graph
    def outer(number):
        return inner(inner.alias("first_inner")(number))

    @dg.job
    def nested():
        increment(outer(one()))

    return nested


@style
def a_graph_by_itself():
    @dg.graph
    def doubled():
        add(one(), one.alias("more")())

    return doubled


@style
def several_outputs():
    @dg.op(out={"even": dg.Out(), "odd": dg.Out()})
    def split():
        return [2, 4], [1, 3]

    @dg.job
    def several():
        even, odd = split()
        add(total(even), total.alias("total_odd")(odd))

    return several


@style
def a_branch_by_optional_outputs():
    @dg.op(out={"yes": dg.Out(is_required=False), "no": dg.Out(is_required=False)})
    def choose():
        yield dg.Output(5, "yes")

    @dg.job
    def branch():
        yes, no = choose()
        total([increment(yes), increment.alias("left")(increment.alias("left_first")(no))])

    return branch


@style
def an_optional_output_alone():
    @dg.op(out=dg.Out(is_required=False))
    def perhaps():
        if os.environ.get("NEVER"):
            yield dg.Output(1)

    @dg.job
    def alone():
        increment(perhaps())

    return alone


@style
def dynamic_and_collected():
    @dg.job
    def dynamic():
        total(three_numbers().map(increment).collect())

    return dynamic


@style
def dynamic_in_two_steps():
    @dg.job
    def dynamic_chain():
        mapped = three_numbers().map(lambda number: increment(increment.alias("more")(number)))
        increment.alias("end")(total(mapped.collect()))

    return dynamic_chain


@style
def dynamic_without_items():
    @dg.op(out=dg.DynamicOut(int))
    def none():
        yield from ()

    @dg.job
    def empty():
        total(none().map(increment).collect())

    return empty


@style
def dynamic_that_fails_for_one():
    @dg.op
    def only_odd(number):
        if number == 2:
            raise ValueError("even")
        return number

    @dg.job
    def dynamic_failing():
        total(three_numbers().map(only_odd).collect())

    return dynamic_failing


@style
def dynamic_after_a_failure():
    @dg.op(out=dg.DynamicOut())
    def split(number):
        yield dg.DynamicOutput(number, mapping_key="only")

    @dg.job
    def never_dynamic():
        increment.alias("end")(total(split(broken(one())).map(increment).collect()))

    return never_dynamic


@style
def dynamic_with_a_constant():
    @dg.job
    def dynamic_constant():
        given = one()
        total(three_numbers().map(lambda number: add(number, given)).collect())

    return dynamic_constant


@style
def only_an_order():
    @dg.op(ins={"start": dg.In(dg.Nothing)})
    def after():
        return "after"

    @dg.job
    def order():
        after([one(), one.alias("other")()])

    return order


@style
def many_fan_in():
    @dg.op
    def one():
        return 1

    @dg.op
    def add(numbers):
        return sum(numbers)

    @dg.job
    def fan_in():
        add([one.alias(f"one_{number}")() for number in range(4)])

    return fan_in


@style
def an_async_op():
    @dg.op
    async def slowly():
        await asyncio.sleep(0.01)
        return 8

    @dg.job
    def asynchronous():
        add(slowly(), slowly.alias("also")())

    return asynchronous


@style
def an_op_that_yields():
    @dg.op
    def yields(context):
        context.log.info("about to yield")
        yield dg.AssetMaterialization("table", metadata={"rows": 3})
        yield dg.ExpectationResult(success=True, label="rows are there")
        yield dg.Output(3)

    @dg.job
    def yielding():
        increment(yields())

    return yielding


@style
def definitions():
    @dg.asset
    def raw():
        return 2

    @dg.asset
    def squared(raw):
        return raw**2

    nightly = dg.define_asset_job("nightly", selection="*")
    schedule = dg.ScheduleDefinition(name="each_night", job=nightly, cron_schedule="0 2 * * *")
    return dg.Definitions(assets=[raw, squared], jobs=[nightly], schedules=[schedule])
