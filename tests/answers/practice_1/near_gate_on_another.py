from kfp import dsl
from kfp.dsl import Metrics, Output


@dsl.component
def measure(right: int, total: int, metrics: Output[Metrics]) -> float:
    share = right / total
    metrics.log_metric("accuracy", share)
    return share


@dsl.component
def measure_2(right: int, total: int) -> float:
    raise NotImplementedError("what the gate goes by is never computed")


@dsl.component
def register():
    pass


@dsl.component
def alert():
    pass


@dsl.pipeline(name="quality-gate")
def quality_gate(right: int, total: int, threshold: float = 0.8):
    measure(right=right, total=total).set_retry(1)
    share = measure_2(right=right, total=total).set_retry(1)
    with dsl.If(share.output >= threshold):
        register()
    with dsl.Else():
        alert()
