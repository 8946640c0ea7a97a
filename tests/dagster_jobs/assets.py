"""Assets, their checks, keys, groups, partitions and policies."""

import os
from pathlib import Path

import dagster as dg

from dagster_jobs.ops import fails, increment, one, style


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
def an_asset_of_partitions():
    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["north", "south"]))
    def region(context):
        return context.partition_key

    return region, {"partition_key": "south"}


@style
def an_asset_with_a_policy():
    return dg.asset(name="flaky", retry_policy=dg.RetryPolicy(max_retries=1))(fails(1))


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
