"""Steps as tasks of a graph: `outer.double[b]` is `outer/double[1]`, its second instance."""

from collections.abc import Iterable, Mapping

from workbench.engines.dagster.internals.plans import Step
from workbench.graph import Edge, Graph, PipelineError

Mappings = Mapping[str, Mapping[str, list[str] | None]]


def template(key: str) -> str:
    """The task that a step is, or is an instance of."""
    return key.partition("[")[0].replace(".", "/")


def named(steps: Iterable[Step], mappings: Mappings) -> dict[str, str]:
    """Step key → name of its task, for those that there are now."""
    steps = list(steps)
    sources = {template(step.key): step.source for step in steps if "[?]" in step.key}
    return {step.key: _name(step.key, sources, mappings) for step in steps}


def _name(key: str, sources: Mapping[str, tuple[str, str]], mappings: Mappings) -> str:
    task, _, mapping = key.partition("[")
    if not mapping or mapping == "?]":
        return template(key)
    source, output = sources[template(key)]
    known = mappings.get(source, {}).get(output) or []
    return f"{template(task)}[{known.index(mapping.removesuffix(']'))}]"


def edges(steps: Iterable[Step], names: Mapping[str, str]) -> dict[Edge, str]:
    """(upstream, downstream) → the inputs that travel along it; empty where nothing does."""
    received: dict[Edge, list[str]] = {}
    for step in steps:
        for one in step.inputs:
            for handle in one.waits:
                inputs = received.setdefault((names[handle[0]], names[step.key]), [])
                if handle in one.loads and one.name not in inputs:
                    inputs.append(one.name)
    return {edge: ", ".join(inputs) for edge, inputs in received.items()}


def graph_of(steps: Iterable[Step], schedules: Iterable[str] = ()) -> Graph:
    """The graph of a job that has not begun; raise PipelineError for one without steps."""
    steps = list(steps)
    if not steps:
        raise PipelineError("the job has no ops; call one in its body")
    names = named(steps, {})
    arrows = edges(steps, names)
    labels = {edge: label for edge, label in arrows.items() if label}
    notes = {names[step.key]: note for step in steps if (note := _note(step))}
    ends = {down for _, down in arrows}
    for task in names.values():
        if schedules and task not in ends:
            notes[task] = notes.get(task, {}) | {"schedule": "; ".join(schedules)}
    return Graph.of(names.values(), arrows, labels=labels, notes=notes)


def _note(step: Step) -> dict[str, str]:
    note = {}
    if policy := step.op.retry_policy or getattr(step.op.definition, "retry_policy", None):
        note["retries"] = str(policy.max_retries)
    if step.source:
        note["for each of"] = step.source[0].replace(".", "/")
    if checks := [output.check for output in step.outputs if output.check]:
        note["checks"] = ", ".join(checks)
    return note
