from typing import NamedTuple
from kfp import dsl
from kfp.dsl import Artifact, Dataset, Input, Metrics, Model, Output, OutputPath, InputPath
@dsl.component
def measure(right: int, total: int, metrics: Output[Metrics]) -> float:
    share = right / total
    metrics.log_metric("accuracy", share)
    return share
@dsl.component
def register(): print("registered")
@dsl.component
def alert(): print("alert")
@dsl.pipeline(name="quality-gate")
def gate(right: int, total: int, threshold: float = 0.8):
    m = measure(right=right, total=total).set_retry(1)
    with dsl.If(m.outputs["Output"] < threshold): register()
    with dsl.Else(): alert()
