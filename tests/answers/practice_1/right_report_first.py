from kfp import dsl
from kfp.dsl import Metrics, Output


@dsl.component(base_image="python:3.11")
def measure(report: Output[Metrics], right: int, total: int = 1) -> float:
    share = right / total
    report.metadata["rows"] = total
    report.metadata["accuracy"] = share
    return share


@dsl.component(base_image="python:3.11")
def register(accuracy: float) -> str:
    return f"registered with {accuracy}"


@dsl.component(base_image="python:3.11")
def alert(accuracy: float) -> str:
    return f"only {accuracy}"


@dsl.pipeline(name="quality-gate")
def quality_gate(right: int, total: int, threshold: float = 0.8):
    measured = measure(total=total, right=right)
    measured.set_retry(1, backoff_duration="5s").set_caching_options(False)
    accuracy = measured.outputs["Output"]
    with dsl.If(accuracy >= threshold):
        register(accuracy=accuracy)
    with dsl.Else():
        alert(accuracy=accuracy)
