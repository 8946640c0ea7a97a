from kfp import dsl
from kfp.dsl import Metrics, Output, Input


@dsl.component
def measure(right: int, total: int, metrics: Output[Metrics]) -> float:
    metrics.log_metric("accuracy", right / total)
    return right / total


@dsl.component
def decide(m: Input[Metrics], threshold: float) -> str:
    return "yes" if m.metadata["accuracy"] >= threshold else "no"


@dsl.component
def register(m: Input[Metrics]):
    print("registered")


@dsl.component
def alert(m: Input[Metrics]):
    print("alert")


@dsl.pipeline(name="quality-gate")
def g(right: int, total: int, threshold: float = 0.8):
    t = measure(right=right, total=total).set_retry(2)
    d = decide(m=t.outputs["metrics"], threshold=threshold)
    with dsl.If(d.output == "yes"):
        register(m=t.outputs["metrics"])
    with dsl.Else():
        alert(m=t.outputs["metrics"])
