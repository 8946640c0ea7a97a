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


@dsl.component(packages_to_install=["requests_nope"])
def notify():
    import requests_nope


@dsl.pipeline(name="quality-gate")
def g(right: int, total: int, threshold: float = 0.8):
    t = measure(right=right, total=total).set_retry(2)
    notify().after(t)
    with dsl.If(t.outputs["Output"] >= threshold):
        register()
    with dsl.Else():
        alert()
