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


@dsl.pipeline(name="quality-gate")
def g(right: int, total: int, threshold: float = 0.8):
    t = measure(right=right, total=total).set_retry(2)
    imp = dsl.importer(artifact_uri="gs://b/m", artifact_class=dsl.Model, reimport=False)
    with dsl.If(t.outputs["Output"] >= threshold):
        register()
    with dsl.Else():
        alert()
