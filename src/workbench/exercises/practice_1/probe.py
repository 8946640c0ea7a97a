"""Compiles the answer's pipeline, and calls its component `measure` as kfp's executor would."""

import json
from typing import Any

from workbench.sandbox.channel import Channel, load


def observe(source: str, given: dict, channel: Channel) -> None:
    """given: calls, pairs of right and total."""
    from google.protobuf.json_format import MessageToDict
    from kfp.dsl.base_component import BaseComponent
    from kfp.dsl.graph_component import GraphComponent

    made = {id(one): one for one in vars(load(source)).values() if isinstance(one, BaseComponent)}
    pipelines = [one for one in made.values() if isinstance(one, GraphComponent)]
    channel.tell(pipelines=[pipeline.name for pipeline in pipelines])
    if len(pipelines) == 1:
        channel.tell(specification=MessageToDict(pipelines[0].pipeline_spec))
    for component in made.values():
        if component.name == "measure" and hasattr(component, "python_func"):
            channel.tell(measured=[_measured(component, *call) for call in given["calls"]])


def _measured(component: Any, right: int, total: int) -> dict[str, Any]:
    """What it returns, and the metadata of the artifacts it is given to write to."""
    from kfp.dsl import Metrics

    outputs = component.component_spec.outputs or {}
    artifacts = {
        name: Metrics(name=name, uri=f"{name}.json", metadata={})
        for name, output in outputs.items()
        if output.is_artifact_list or output.type.startswith("system.")
    }
    value = component.python_func(right=right, total=total, **artifacts)
    return {
        "value": json.loads(json.dumps(value, default=str)),
        "metrics": {name: dict(artifact.metadata) for name, artifact in artifacts.items()},
    }
