"""Compiles the answer's pipeline, calls its component `measure`, and lets runs of the pipeline take
their ways."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import workbench
from workbench.engines import registry
from workbench.engines.kubeflow import SPEC
from workbench.engines.kubeflow.internals import is_python_component
from workbench.engines.kubeflow.spec import TYPES
from workbench.exercises.practice_1.called import component_of, outputs
from workbench.exercises.verdict import SHOWING
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

    for name in SHOWING:  # nobody looks here
        setattr(workbench, name, lambda *_, **__: None)
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
    """What a call of measure by itself has made."""
    given = {"right": right, "total": total}
    if not set(task.needs) <= given.keys() <= task.accepts.keys():
        raise TypeError(f"it asks for {', '.join(task.accepts) or 'nothing'}, not right and total")
    return _seen(outputs(task, "measure", given, folder))


def _seen(made: dict[str, Any]) -> dict[str, Any]:
    """values: the outputs that are numbers or texts; metrics: what its Metrics artifacts hold."""
    artifacts = {name: one for name, one in made.items() if hasattr(one, "metadata")}
    metrics = {name: one.metadata for name, one in artifacts.items() if one.kind == "Metrics"}
    values = {name: value for name, value in made.items() if name not in artifacts}
    return json.loads(json.dumps({"values": values, "metrics": metrics}, default=repr))


def _way(pipeline: Any, engine: Any, folder: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """ran: the components of which a task ran; errors: those of tasks that failed; measured: what
    each call of `measure` made, and of what."""
    from workbench.execution import Run

    tasks, measured = engine.graph.tasks, []
    instead = {
        leaf: partial(_instead, engine.task(leaf), leaf, folder, measured.append) for leaf in tasks
    }
    given = {name: value for name, value in parameters.items() if name in engine.spec.accepts}
    run = Run(pipeline, folder / "run", stand_in=instead, parameters=given)
    run.run_all()
    states = run.states
    failed = [leaf for leaf, state in states.items() if state == "failed"]
    errors = [f"{leaf}: {run.record.error(leaf)}"[:LONGEST_TEXT] for leaf in failed]
    ran = {leaf for leaf, state in states.items() if state == "success"}
    ran = {component_of(leaf, engine.task(leaf)) for leaf in ran}
    return {"ran": sorted(ran), "errors": errors, "measured": measured}


def _instead(task: Any, leaf: str, folder: Path, tell: Callable, **inputs: Any) -> Any:
    """What stands in for a task of a run: any values for the ways and for what is no Python; for
    `measure` what it makes, with the true share of what it has received, so that a slip in it costs
    no point but its own; other components are called."""
    name = component_of(leaf, task)
    if name in WAYS or not is_python_component(task.container.get("command", [])):
        made = {name: _any(kind) for name, kind in task.makes.items()}
    elif name == "measure":
        made = _corrected(task, leaf, inputs, _own(folder, leaf), tell)
    else:
        made = outputs(task, leaf, inputs, _own(folder, leaf))
    return made if len(task.makes) > 1 else next(iter(made.values()), None)


def _any(kind: dict) -> Any:
    """A value of an output's type; of an artifact's, what is put into its file."""
    return TYPES.get(kind.get("parameterType"), dict)()


def _corrected(
    task: Any, leaf: str, inputs: dict, folder: Path, tell: Callable[[dict], None]
) -> dict[str, Any]:
    """The outputs of `measure`, as they are told; with a single value, it and each metric accuracy
    are the share."""
    values = [name for name, kind in task.makes.items() if "parameterType" in kind]
    call = {"call": [inputs.get("right"), inputs.get("total")]}
    try:
        made = outputs(task, leaf, inputs, folder)
        tell(_seen(made) | call)
    except BaseException as error:
        tell({"error": f"{type_of(error)}: {text_of(error)}"} | call)
        if len(values) != 1:
            raise
        made = {name: {} for name in task.makes}
    if len(values) != 1:
        return made
    share = inputs["right"] / inputs["total"]
    artifacts = {
        name: replace(one, metadata={**one.metadata, "accuracy": share})
        for name, one in made.items()
        if "accuracy" in getattr(one, "metadata", ())
    }
    return made | artifacts | {values[0]: share}


def _own(folder: Path, leaf: str) -> Path:
    return folder / leaf.replace("/", ".")
