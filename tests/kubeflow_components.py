"""Components for the pipelines of the Kubeflow tests."""

from typing import NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output

plain = {"base_image": "python:3.11", "install_kfp_package": False}
component = dsl.component(**plain)


@component
def give(value: int) -> int:
    return value


@component
def say(text: str) -> str:
    return text


@component
def double(value: int) -> int:
    return 2 * value


@component
def upto(count: int) -> list[int]:
    return list(range(count))


@component
def total(values: list[int]) -> int:
    return sum(values)


@component
def write(text: str, data: Output[Dataset]):
    with open(data.path, "w") as file:
        file.write(text)


@component
def read(data: Input[Dataset]) -> str:
    with open(data.path) as file:
        return file.read()


@component
def join(data: Input[list[Dataset]]) -> str:
    return "+".join(open(part.path).read() for part in data)


@component
def fail(text: str) -> str:
    raise ValueError(text)


@component
def fail_on(value: int, bad: int) -> int:
    if value == bad:
        raise ValueError(f"{value} is bad")
    return value


@component
def succeed_at(attempt: int, counter: str) -> int:
    import os

    tries = os.path.getsize(counter) + 1 if os.path.exists(counter) else 1
    with open(counter, "a") as file:
        file.write(".")
    if tries < attempt:
        raise ConnectionError(f"try {tries}")
    return tries


@component
def final(status: dsl.PipelineTaskFinalStatus) -> str:
    return f"{status.pipeline_task_name} {status.state} {status.error_message}"


@component
def kinds(numbers: dict) -> str:
    return ", ".join(f"{key} {type(value).__name__}" for key, value in sorted(numbers.items()))


@component
def tuned() -> dict:
    return {"depth": 5, "rate": 1.0}


@component
def both(value: int) -> NamedTuple("Both", [("half", float), ("word", str)]):
    return (value / 2, f"no. {value}")


@component
def score(value: float, metrics: Output[Metrics], model: Output[Model]):
    metrics.log_metric("accuracy", value)
    model.metadata["framework"] = "none"
    with open(model.path, "w") as file:
        file.write("weights")


@component
def environment() -> str:
    import os

    return os.environ["FLAVOUR"]


@component
def nap(value: int) -> int:
    import time

    time.sleep(0.6)
    return value


@component
def fill(size: int, data: Output[Dataset]):
    with open(data.path, "w") as file:
        file.write("x" * size)


@component
def nothing() -> str:
    pass


@component
def unwritten(data: Output[Dataset]):
    print("forgot to write")


@component
def sleep():
    import time

    print("asleep", flush=True)
    time.sleep(60)


@component
def die():
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


@dsl.component(**plain, packages_to_install=["pandas==0.1", "no-such-package-here", "numpy>=1"])
def demanding() -> str:
    return "ran"


@dsl.component(base_image="python:3.11", packages_to_install=["pandas", "scikit-learn>=1"])
def contented() -> str:
    return "ran"


@dsl.container_component
def shout(text: str, louder: Output[Dataset], size: dsl.OutputPath(int)):
    return dsl.ContainerSpec(
        image="alpine:3.20",
        command=["sh", "-c", 'echo "shouting $0"; echo "$0!" > "$1"; echo 7 > "$2"'],
        args=[text, louder.path, size],
    )


@component
def depth(nested: list[list[int]]) -> str:
    return str(nested)
