"""Pipelines for the tests of the Kubeflow engine, one for each thing a specification can say."""

from kfp import dsl
from kfp.dsl import Dataset, Input
from kubeflow_components import (  # noqa: F401 - some are run without a pipeline
    both,
    contented,
    demanding,
    depth,
    die,
    double,
    environment,
    fail,
    fail_on,
    fill,
    final,
    give,
    join,
    kinds,
    nap,
    nothing,
    read,
    say,
    score,
    shout,
    sleep,
    succeed_at,
    total,
    tuned,
    unwritten,
    upto,
    write,
)


@dsl.pipeline
def chain(value: int = 3) -> int:
    return double(value=double(value=value).output).output


@dsl.pipeline
def files(text: str = "rows") -> str:
    return read(data=write(text=text).outputs["data"]).output


@dsl.pipeline
def conditional(value: int):
    given = give(value=value)
    with dsl.If(given.output > 3, name="big"):
        inner = say(text="big")
        say(text="more").after(inner)
    say(text="whatever").after(given)


@dsl.pipeline
def loop_in_condition(value: int):
    given = give(value=value)
    with dsl.If(given.output > 3), dsl.ParallelFor([1, 2]) as item:
        double(value=item)


@dsl.pipeline
def branches(value: int) -> str:
    given = give(value=value)
    with dsl.If(given.output > 10):
        high = say(text="high")
    with dsl.Elif(given.output > 3):
        middle = say(text="middle")
    with dsl.Else():
        low = say(text="low")
    chosen = dsl.OneOf(high.output, middle.output, low.output)
    return say(text=chosen).output


@dsl.pipeline
def kinds_of_condition(word: str, flag: bool, rate: float):
    with dsl.If(word == "go"):
        say(text="word")
    with dsl.If(flag == True):  # noqa: E712 - kfp builds the condition from this
        say(text="flag")
    with dsl.If(rate >= 0.5), dsl.If(word != "stop"):
        say(text="rate")


@dsl.pipeline
def static_loop():
    with dsl.ParallelFor([1, 2, 3]) as item:
        double(value=item)


@dsl.pipeline
def dynamic_loop(count: int) -> int:
    numbers = upto(count=count)
    with dsl.ParallelFor(numbers.output) as item:
        doubled = double(value=item)
    return total(values=dsl.Collected(doubled.output)).output


@dsl.pipeline
def loop_of_dictionaries():
    with dsl.ParallelFor([{"a": 1, "b": 10}, {"a": 2, "b": 20}]) as item:
        give(value=item.a)
        double(value=item.b)


@dsl.pipeline
def collected_files():
    with dsl.ParallelFor(["x", "y"]) as item:
        written = write(text=item)
    join(data=dsl.Collected(written.outputs["data"]))


@dsl.pipeline
def nested_loops():
    with dsl.ParallelFor([1, 2]) as outer, dsl.ParallelFor([10, 20]) as inner:
        made = fail_on(value=outer, bad=inner)
    depth(nested=dsl.Collected(made.output))


@dsl.pipeline
def loop_with_condition():
    with dsl.ParallelFor([1, 5]) as item:
        given = give(value=item)
        with dsl.If(given.output > 3):
            double(value=item)


@dsl.pipeline
def failing_loop():
    with dsl.ParallelFor([1, 2, 3]) as item:
        tried = fail_on(value=item, bad=2)
        double(value=tried.output)
    total(values=dsl.Collected(tried.output))


@dsl.pipeline
def limited_loop():
    with dsl.ParallelFor([1, 2, 3], parallelism=1) as item:
        nap(value=item)


@dsl.pipeline
def overlapping_loop():
    with dsl.ParallelFor([1, 2, 3]) as item:
        nap(value=item)


@dsl.pipeline
def doubled_twice(value: int = 1) -> int:
    first = double(value=value)
    return double(value=first.output).output


@dsl.pipeline
def nested(value: int = 3) -> int:
    return give(value=doubled_twice(value=value).output).output


@dsl.pipeline
def nested_in_nested(value: int = 1) -> int:
    return double(value=nested(value=value).output).output


@dsl.pipeline
def lists_of_files() -> list[Dataset]:
    with dsl.ParallelFor(["p", "q"]) as item:
        written = write(text=item)
    return dsl.Collected(written.outputs["data"])


@dsl.pipeline
def loop_over_files():
    made = lists_of_files()
    with dsl.ParallelFor(made.output) as part:
        read(data=part)


@dsl.pipeline
def exits_well():
    with dsl.ExitHandler(final(), name="guarded"):
        say(text="fine")


@dsl.pipeline
def exits_after_failure():
    with dsl.ExitHandler(final(), name="guarded"):
        failed = fail(text="on purpose")
        say(text="never").after(failed)


@dsl.pipeline
def ignoring_failure():
    failed = fail(text="on purpose")
    say(text="anyway").after(failed).ignore_upstream_failure()


@dsl.pipeline
def failing(text: str = "on purpose"):
    failed = fail(text=text)
    double(value=give(value=1).output)
    say(text=failed.output)


@dsl.pipeline
def retrying(counter: str, attempt: int = 2):
    succeed_at(attempt=attempt, counter=counter).set_retry(
        2, backoff_duration="5s", backoff_factor=3
    )


@dsl.pipeline
def same_twice():
    first = double(value=4)
    double(value=4).after(first)


@dsl.pipeline
def same_twice_uncached():
    first = double(value=4)
    double(value=4).after(first).set_caching_options(False)


@dsl.pipeline
def imported(uri: str):
    made = dsl.importer(artifact_uri=uri, artifact_class=Dataset, metadata={"owner": "us"})
    read(data=made.output)


@dsl.pipeline
def integers(numbers: dict = {"trees": 100, "share": 0.5}):  # noqa: B006 - a pipeline's default is a constant
    kinds(numbers=numbers)
    kinds(numbers={"deep": 3})
    kinds(numbers=tuned().output)


@dsl.pipeline
def several_outputs() -> str:
    made = both(value=3)
    return say(text=f"{made.outputs['word']} is twice {made.outputs['half']}").output


@dsl.pipeline
def logged():
    score(value=0.75)


@dsl.pipeline
def with_environment():
    environment().set_env_variable("FLAVOUR", "vanilla").set_memory_limit("2G").set_cpu_request("1")


@dsl.pipeline
def containers(text: str = "hey"):
    read(data=shout(text=text).outputs["louder"])


@dsl.pipeline
def given_a_file(data: Input[Dataset]) -> str:
    return read(data=data).output
