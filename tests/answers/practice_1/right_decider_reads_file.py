from kfp import dsl
from kfp.dsl import Metrics, Output, Input, Dataset, ClassificationMetrics
from typing import NamedTuple


@dsl.component
def measure(right: int, total: int, metrics: Output[Metrics], data: Output[Dataset]) -> float:
    metrics.log_metric("accuracy", right / total)
    open(data.path, "w").write(str(right / total))
    return right / total


@dsl.component
def register():
    print("registered")


@dsl.component
def alert():
    print("alert")


@dsl.component
def decide(d: Input[Dataset], threshold: float) -> str:
    return "yes" if float(open(d.path).read()) >= threshold else "no"


@dsl.pipeline(name="quality-gate")
def g(right: int, total: int, threshold: float = 0.8):
    t = measure(right=right, total=total).set_retry(2)
    d = decide(d=t.outputs["data"], threshold=threshold)
    with dsl.If(d.output == "yes"):
        register()
    with dsl.Else():
        alert()
