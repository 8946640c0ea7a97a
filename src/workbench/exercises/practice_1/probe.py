"""Compiles the answer's pipeline, calls its component `measure`, and lets runs of the pipeline take
their ways."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

from workbench.engines import registry
from workbench.engines.kubeflow import SPEC
from workbench.engines.kubeflow.internals import is_python_component
from workbench.engines.kubeflow.spec import TYPES
from workbench.exercises.practice_1.called import component_of, outputs
from workbench.sandbox.channel import LONGEST_TEXT, Channel, load, text_of, type_of

WAYS = ("register", "alert")  # what they do is the learner's affair: they are not called


def warm_up() -> None:
    """Read the engines' specifications, which an answer cannot see, and look inside kfp once."""
    registry.check(SPEC.name)


def observe(source: str, given: dict, channel: Channel) -> None:
    """given: pipeline, the name of the one to look at among several; calls, pairs of right and
    total; runs, dictionaries of parameters."""
    from kfp.dsl.base_component import BaseComponent
    from kfp.dsl.graph_component import GraphComponent

    from workbench.engines.kubeflow.engine import adapt

    made = {id(one): one for one in vars(load(source)).values() if isinstance(one, BaseComponent)}
    pipelines = _outermost([one for one in made.values() if isinstance(one, GraphComponent)])
    channel.tell(pipelines=[pipeline.name for pipeline in pipelines])
    named = [one for one in pipelines if one.name == given["pipeline"]]
    if not named and len(pipelines) != 1:
        return
    pipeline = (named or pipelines)[-1]
    engine = adapt(pipeline)
    components = {leaf: component_of(leaf, engine.task(leaf)) for leaf in engine.graph.tasks}
    measures = [leaf for leaf, name in components.items() if name == "measure"]
    channel.tell(
        tasks=sorted(set(components.values())),
        parameters={name: one.get("defaultValue") for name, one in engine.spec.accepts.items()},
        tries=min((1 + engine.policy(leaf).retries for leaf in measures), default=0),
    )
    channel.stage("measures")
    if measures:
        task = engine.task(measures[0])
        told = [_tried(_measured, task, Path(f"call-{n}"), *call)
                for n, call in enumerate(given["calls"])]  # fmt: skip
        channel.tell(measured=told)
    channel.stage("registers")
    runs = enumerate(given["runs"])
    channel.tell(runs=[_tried(_way, pipeline, engine, Path(f"run-{n}"), one) for n, one in runs])


def _outermost(pipelines: list[Any]) -> list[Any]:
    """Those of the pipelines that are no component of another one."""
    inner = {
        id(one)
        for one, other in permutations(pipelines, 2)
        if f"comp-{one.name}" in other.pipeline_spec.components
    }
    return [one for one in pipelines if id(one) not in inner]


def _tried(observing: Callable[..., dict], *arguments: Any) -> dict[str, Any]:
    """What was observed, or the error."""
    try:
        return observing(*arguments)
    except BaseException as error:  # also one that ends programs, or of the learner's own
        return {"error": ": ".join(filter(None, (type_of(error), text_of(error))))}


def _measured(task: Any, folder: Path, right: int, total: int) -> dict[str, Any]:
    """values: the outputs that are numbers or texts; metrics: what its Metrics artifacts hold."""
    given = {"right": right, "total": total}
    if not set(task.needs) <= given.keys() <= task.accepts.keys():
        raise TypeError(f"it asks for {', '.join(task.accepts) or 'nothing'}, not right and total")
    made = outputs(task, "measure", given, folder)
    artifacts = {name: one for name, one in made.items() if hasattr(one, "metadata")}
    metrics = {name: one.metadata for name, one in artifacts.items() if one.kind == "Metrics"}
    values = {name: value for name, value in made.items() if name not in artifacts}
    return json.loads(json.dumps({"values": values, "metrics": metrics}, default=repr))


def _way(pipeline: Any, engine: Any, folder: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """ran: the components of which a task ran; errors: those of tasks that failed."""
    from workbench.execution import Run

    tasks = engine.graph.tasks
    instead = {leaf: partial(_instead, engine.task(leaf), leaf, folder) for leaf in tasks}
    given = {name: value for name, value in parameters.items() if name in engine.spec.accepts}
    run = Run(pipeline, folder / "run", stand_in=instead, parameters=given)
    run.run_all()
    states = run.states
    failed = [leaf for leaf, state in states.items() if state == "failed"]
    errors = [f"{leaf}: {run.record.error(leaf)}"[:LONGEST_TEXT] for leaf in failed]
    ran = {leaf for leaf, state in states.items() if state == "success"}
    ran = {component_of(leaf, engine.task(leaf)) for leaf in ran}
    return {"ran": sorted(ran), "errors": errors}


def _instead(task: Any, leaf: str, folder: Path, **inputs: Any) -> Any:
    """What stands in for a task of a run: any values for the ways and for what is no Python; for
    `measure` what it makes, with the true share of what it has received, so that a slip in it costs
    no point but its own; other components are called."""
    values = [name for name, kind in task.makes.items() if "parameterType" in kind]
    name = component_of(leaf, task)
    if name in WAYS or not is_python_component(task.container.get("command", [])):
        made = {name: _any(kind) for name, kind in task.makes.items()}
    elif name == "measure" and len(values) == 1:
        share = inputs["right"] / inputs["total"]
        made = _corrected(task, leaf, inputs, folder, share) | {values[0]: share}
    else:
        made = outputs(task, leaf, inputs, _own(folder, leaf))
    return made if len(task.makes) > 1 else next(iter(made.values()), None)


def _any(kind: dict) -> Any:
    """A value of an output's type; of an artifact's, what is put into its file."""
    return TYPES.get(kind.get("parameterType"), dict)()


def _corrected(task: Any, leaf: str, inputs: dict, folder: Path, share: float) -> dict[str, Any]:
    """The outputs of `measure`, of which each metric accuracy is this share."""
    try:
        made = outputs(task, leaf, inputs, _own(folder, leaf))
    except BaseException:  # whoever wrote it has been told
        return {name: {} for name in task.makes}
    artifacts = {
        name: one for name, one in made.items() if "accuracy" in getattr(one, "metadata", ())
    }
    return made | {
        name: replace(one, metadata={**one.metadata, "accuracy": share})
        for name, one in artifacts.items()
    }


def _own(folder: Path, leaf: str) -> Path:
    return folder / leaf.replace("/", ".")
