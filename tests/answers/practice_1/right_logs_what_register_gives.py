from kfp import dsl
from kfp.dsl import Metrics, Output, Input, Dataset, ClassificationMetrics
from typing import NamedTuple


@dsl.component
def measure(right: int, total: int, metrics: Output[Metrics]) -> float:
    metrics.log_metric("accuracy", right / total)
    return right / total


@dsl.component
def register() -> int:
    return 3


@dsl.component
def alert():
    print("alert")


@dsl.component
def log(v: int):
    print(v + 1)


@dsl.pipeline(name="quality-gate")
def g(right: int, total: int, threshold: float = 0.8):
    t = measure(right=right, total=total).set_retry(2)
    with dsl.If(t.outputs["Output"] >= threshold):
        r = register()
        log(v=r.output)
    with dsl.Else():
        alert()
