"""Kubeflow Pipelines: compiled pipelines, each component in a process of its own."""

from typing import Any

from workbench.engines.registry import Spec

_GRAPHS = ("parameters", "order-only edges", "skipped branch", "mapped tasks", "growing graph")
_TASKS = ("retries", "cached", "source", "words", "hang", "corrupt output", "kill")


def _is_component(thing: Any) -> bool:
    """A component under a decorator is an ordinary callable that carries its specification."""
    return callable(thing) and hasattr(thing, "pipeline_spec")


SPEC = Spec(
    name="kubeflow",
    title="Kubeflow Pipelines",
    gives="a KFP pipeline",
    adapt="workbench.engines.kubeflow.engine:adapt",
    modules=("kfp", "workbench.engines.kubeflow"),
    recognise=_is_component,
    suffixes=(".yaml", ".yml", ".json"),
    sign=r"pipelineInfo|deploymentSpec",
    whole=frozenset({"GraphComponent"}),
    alone=frozenset({"BaseComponent"}),
    distribution="kfp",
    version="2.16.1",
    imports="import kfp.dsl, kfp.kubernetes",
    internals="workbench.engines.kubeflow.internals",
    capabilities=frozenset(_GRAPHS + _TASKS),
)
