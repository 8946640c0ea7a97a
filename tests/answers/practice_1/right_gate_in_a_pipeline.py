from kfp import dsl
from kfp.dsl import Metrics, Output


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


@dsl.pipeline(name="gate")
def gate(share: float, threshold: float):
    with dsl.If(share >= threshold):
        register()
    with dsl.Else():
        alert()


@dsl.pipeline(name="quality-gate")
def g(right: int, total: int, threshold: float = 0.8):
    t = measure(right=right, total=total).set_retry(2)
    gate(share=t.outputs["Output"], threshold=threshold)
