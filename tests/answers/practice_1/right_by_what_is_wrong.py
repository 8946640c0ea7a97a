from kfp import dsl
from kfp.dsl import Metrics, Output


@dsl.component(base_image="python:3.11")
def measure(right: int, total: int, report: Output[Metrics]) -> float:
    accuracy = 1 - (total - right) / total
    report.log_metric("accuracy", accuracy)
    return accuracy


@dsl.component(base_image="python:3.11")
def register(accuracy: float) -> str:
    return f"registered with {accuracy}"


@dsl.component(base_image="python:3.11")
def alert(accuracy: float) -> str:
    return f"only {accuracy}"


@dsl.pipeline(name="quality-gate")
def quality_gate(right: int, total: int, threshold: float = 0.8):
    measured = measure(right=right, total=total).set_retry(2)
    accuracy = measured.outputs["Output"]
    with dsl.If(accuracy >= threshold):
        register(accuracy=accuracy)
    with dsl.Else():
        alert(accuracy=accuracy)
