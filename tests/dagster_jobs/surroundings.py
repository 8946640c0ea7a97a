"""Jobs that are given configuration, inputs, resources, I/O managers or partitions."""

import os
from pathlib import Path

import dagster as dg

from dagster_jobs.ops import increment, one, style


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
def a_job_of_partitions():
    days = dg.DailyPartitionsDefinition(start_date="2026-01-01")

    @dg.op
    def day(context):
        return context.partition_key

    @dg.job(partitions_def=days)
    def daily():
        day()

    return daily, {"partition_key": "2026-01-05"}
