"""Dagster jobs and assets of many styles, as people write them: `STYLES` makes each by its name.

Where a run takes parameters, the style gives (thing, parameters). Text files go to $STYLE_FOLDER.
"""

import asyncio
import os
from pathlib import Path

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
def a_policy_of_the_job():
    flaky = dg.op(name="flaky")(fails(1))

    @dg.job(op_retry_policy=dg.RetryPolicy(max_retries=1))
    def policy_of_job():
        flaky()

    return policy_of_job


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
def a_configuration():
    class Rate(dg.Config):
        rate: float
        times: int = 2

    @dg.op
    def scaled(config: Rate):
        return config.rate * config.times

    @dg.job
    def configured():
        scaled()

    return configured, {"run_config": {"ops": {"scaled": {"config": {"rate": 1.5}}}}}


@style
def a_mapped_configuration():
    @dg.op(config_schema={"rows": int})
    def rows(context):
        return context.op_config["rows"]

    @dg.config_mapping(config_schema={"rows": dg.Field(int, default_value=3)})
    def simple(given):
        return {"ops": {"rows": {"config": given}}}

    @dg.job(config=simple)
    def simply_configured():
        rows()

    return simply_configured


@style
def inputs_of_the_job():
    @dg.job
    def given(number):
        increment(number)

    return given, {"number": 41}


@style
def an_input_from_configuration():
    @dg.op
    def typed(number: int):
        return number

    @dg.job
    def from_configuration():
        increment(typed())

    return from_configuration, {"run_config": {"ops": {"typed": {"inputs": {"number": 4}}}}}


@style
def a_resource():
    class Store(dg.ConfigurableResource):
        name: str

        def read(self):
            return f"from {self.name}"

    @dg.op
    def read(store: Store):
        return store.read()

    @dg.job(resource_defs={"store": Store(name="shelf")})
    def with_resource():
        read()

    return with_resource


@style
def a_resource_that_counts():
    @dg.resource
    def counter(context):
        yield {"calls": 0}

    @dg.op(required_resource_keys={"counter"}, ins={"start": dg.In(dg.Nothing)})
    def count(context):
        context.resources.counter["calls"] += 1
        return context.resources.counter["calls"]

    @dg.job(resource_defs={"counter": counter})
    def counted():
        count.alias("second")(count())

    return counted


@style
def a_resource_that_cannot_be_made():
    @dg.resource
    def lost(context):
        raise OSError("no such host")

    @dg.op(required_resource_keys={"lost"})
    def use(context):
        return 1

    @dg.job(resource_defs={"lost": lost})
    def without_resource():
        use()

    return without_resource


class Text(dg.IOManager):
    """Stores text: what is loaded is another type than what was stored."""

    def path(self, context):
        return Path(os.environ["STYLE_FOLDER"], "-".join(context.get_identifier()))

    def handle_output(self, context, obj):
        self.path(context).write_text(str(obj))

    def load_input(self, context):
        return self.path(context.upstream_output).read_text()


class Metered(Text):
    def handle_output(self, context, obj):
        super().handle_output(context, obj)
        yield dg.AssetMaterialization("metered", metadata={"characters": len(str(obj))})


@style
def an_io_manager():
    @dg.op
    def repeat(text):
        return text * 2

    @dg.job(resource_defs={"io_manager": dg.IOManagerDefinition.hardcoded_io_manager(Text())})
    def stored():
        repeat(one())

    return stored


@style
def an_io_manager_for_one_output():
    @dg.op(out=dg.Out(io_manager_key="text"))
    def number():
        return 12

    @dg.op
    def repeat(text):
        return text * 2

    @dg.job(resource_defs={"text": dg.IOManagerDefinition.hardcoded_io_manager(Metered())})
    def stored_once():
        repeat(repeat.alias("first")(number()))

    return stored_once


@style
def an_input_manager():
    @dg.input_manager
    def constant(context):
        return 30

    @dg.op(ins={"number": dg.In(input_manager_key="constant")})
    def loaded(number):
        return number

    @dg.job(resource_defs={"constant": constant})
    def managed():
        increment(loaded())

    return managed


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
def a_job_of_partitions():
    days = dg.DailyPartitionsDefinition(start_date="2026-01-01")

    @dg.op
    def day(context):
        return context.partition_key

    @dg.job(partitions_def=days)
    def daily():
        day()

    return daily, {"partition_key": "2026-01-05"}


@style
def assets():
    @dg.asset
    def raw():
        return [1, 2, 3]

    @dg.asset
    def clean(raw):
        return [number for number in raw if number > 1]

    @dg.asset
    def model(clean):
        return sum(clean)

    return [raw, clean, model]


@style
def one_asset():
    @dg.asset(key_prefix=["shop", "daily"])
    def sales():
        return 10

    return sales


@style
def assets_in_an_order():
    @dg.asset
    def table() -> None:
        Path(os.environ["STYLE_FOLDER"], "table").write_text("1")

    @dg.asset(deps=[table])
    def report() -> dg.MaterializeResult:
        text = Path(os.environ["STYLE_FOLDER"], "table").read_text()
        return dg.MaterializeResult(metadata={"text": text})

    return [table, report]


@style
def several_assets_at_once():
    @dg.multi_asset(specs=[dg.AssetSpec("left"), dg.AssetSpec("right", skippable=True)])
    def both():
        yield dg.MaterializeResult(asset_key="left")

    @dg.multi_asset(outs={"small": dg.AssetOut(), "large": dg.AssetOut(is_required=False)})
    def sizes():
        yield dg.Output(1, "small")

    @dg.asset
    def from_small(small):
        return small + 1

    @dg.asset
    def from_large(large):
        return large

    return [both, sizes, from_small, from_large]


@style
def a_graph_of_an_asset():
    @dg.graph_asset
    def made():
        return increment(increment.alias("first")(one()))

    @dg.asset
    def after(made):
        return made * 2

    return [made, after]


@style
def checked_assets():
    @dg.asset(check_specs=[dg.AssetCheckSpec("positive", asset="prices")])
    def prices():
        yield dg.Output([3, -1])
        yield dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)

    @dg.asset_check(asset=prices)
    def not_empty(prices):
        return dg.AssetCheckResult(passed=len(prices) > 0)

    @dg.asset
    def after(prices):
        return len(prices)

    return [prices, not_empty, after]


@style
def a_check_that_blocks():
    @dg.asset
    def prices():
        return []

    @dg.asset_check(asset=prices, blocking=True)
    def not_empty(prices):
        return dg.AssetCheckResult(passed=len(prices) > 0)

    @dg.asset
    def after(prices):
        return len(prices)

    return [prices, not_empty, after]


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


@style
def an_asset_of_partitions():
    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["north", "south"]))
    def region(context):
        return context.partition_key

    return region, {"partition_key": "south"}


@style
def an_asset_with_a_policy():
    return dg.asset(name="flaky", retry_policy=dg.RetryPolicy(max_retries=1))(fails(1))


# In the styles of public examples, each labelled before it was run.


@style
def a_config_of_pydantic():
    class Greeting(dg.Config):
        name: str = "world"
        times: int = 2

    @dg.op
    def greet(config: Greeting):
        return f"hello {config.name} " * config.times

    @dg.job
    def greeting():
        greet()

    return greeting, {"run_config": {"ops": {"greet": {"config": {"name": "you"}}}}}


@style
def a_resource_of_pydantic():
    class Store(dg.ConfigurableResource):
        prefix: str

        def key(self, name):
            return f"{self.prefix}/{name}"

    @dg.asset
    def where(store: Store):
        return store.key("table")

    return dg.Definitions(assets=[where], resources={"store": Store(prefix="s3")})


@style
def a_multi_asset():
    @dg.multi_asset(outs={"train": dg.AssetOut(), "test": dg.AssetOut()})
    def split():
        return [1, 2, 3], [4]

    @dg.asset
    def sizes(train, test):
        return [len(train), len(test)]

    return [split, sizes]


@style
def assets_with_keys_and_groups():
    @dg.asset(key_prefix=["bronze"], group_name="raw")
    def events():
        return [1, 2]

    @dg.asset(ins={"events": dg.AssetIn(key=["bronze", "events"])}, key_prefix="silver")
    def counted(events):
        return len(events)

    return [events, counted]


@style
def an_asset_that_only_waits():
    @dg.asset
    def loaded():
        return None

    @dg.asset(deps=[loaded])
    def report():
        return "after"

    return [loaded, report]


@style
def a_graph_backed_asset():
    @dg.op
    def fetch():
        return 3

    @dg.op
    def double(number):
        return number * 2

    @dg.graph_asset
    def doubled():
        return double(fetch())

    return [doubled]


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
def a_result_with_metadata():
    @dg.asset
    def counted():
        return dg.MaterializeResult(metadata={"rows": 3})

    @dg.asset(deps=[counted])
    def told():
        return dg.MaterializeResult(metadata={"ok": True})

    return [counted, told]


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
