from kfp import dsl
from kfp.dsl import Metrics, Output


@dsl.component
def measure(right: int, total: int, metrics: Output[Metrics]) -> float:
    share = right / total
    metrics.log_metric("accuracy", share)
    return share


@dsl.component
def decide(share: float, threshold: float) -> bool:
    return round(share, 3) >= threshold


@dsl.component
def register() -> str:
    return "registered"


@dsl.component
def alert() -> str:
    return "alerted"


@dsl.pipeline(name="quality-gate")
def quality_gate(right: int, total: int, threshold: float = 0.8):
    measured = measure(right=right, total=total).set_retry(num_retries=2)
    good = decide(share=measured.outputs["Output"], threshold=threshold)
    with dsl.If(good.output == True):  # noqa: E712
        register()
    with dsl.Else():
        alert()
