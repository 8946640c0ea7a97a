from kfp import dsl
from kfp.dsl import Metrics, Output, Input, Dataset, ClassificationMetrics
from typing import NamedTuple


@dsl.component
def measure(right: int, total: int, metrics: Output[Metrics]) -> float:
    metrics.log_metric("accuracy", right / total)
    return right / total


@dsl.component
def register():
    print("registered")


@dsl.component
def alert():
    print("alert")


@dsl.container_component
def banner(text: str):
    return dsl.ContainerSpec(image="alpine", command=["echo"], args=[text])


@dsl.pipeline(name="quality-gate")
def g(right: int, total: int, threshold: float = 0.8):
    t = measure(right=right, total=total).set_retry(2)
    banner(text="hello").after(t)
    with dsl.If(t.outputs["Output"] >= threshold):
        register()
    with dsl.Else():
        alert()
