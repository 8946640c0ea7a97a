"""The graph of a compiled pipeline: its leaves, what travels between them, what is told of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from workbench.engines.kubeflow.condition import readable
from workbench.engines.kubeflow.internals import authors_names
from workbench.engines.kubeflow.spec import Dag, Source, Task
from workbench.graph import Graph

# An input → the leaves that it comes from, each with the word for what travels.
Origins = dict[str, list[tuple[str, str]]]
Ends = tuple[list[str], list[str]]  # leaves that a group begins with, and those it ends with


def drawn(dag: Dag) -> Graph:
    """The graph of a pipeline's outermost DAG; a leaf in groups is ``group/inner/task``."""
    drawing = _Drawing()
    drawing.dag(dag, "", {}, {})
    labels = {edge: ", ".join(words) for edge, words in drawing.edges.items() if words}
    return Graph.of(drawing.notes, drawing.edges, labels=labels, notes=drawing.notes)


@dataclass
class _Drawing:
    """Leaves with their notes, edges with their words: dictionary keys, for their order."""

    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def dag(self, dag: Dag, prefix: str, given: Origins, notes: dict[str, str]) -> Ends:
        """Draw one DAG below the leaves that its inputs come from."""
        first: dict[str, list[str]] = {}
        last: dict[str, list[str]] = {}
        for name, task in dag.tasks.items():
            received = {
                key: _origins(dag, prefix, source, given) for key, source in task.sources.items()
            }
            own = _joined(notes, _notes(task))
            first[name], last[name] = self._task(task, prefix + name, received, own)
            for other in sorted(task.upstream):
                for edge in product(last[other], first[name]):
                    self.edges.setdefault(edge, {})
        waited_for = frozenset().union(*(task.upstream for task in dag.tasks.values()))
        begin = [leaf for name in dag.tasks if not dag.tasks[name].upstream for leaf in first[name]]
        end = [leaf for name in dag.tasks if name not in waited_for for leaf in last[name]]
        return begin, end

    def _task(self, task: Task, path: str, received: Origins, notes: dict[str, str]) -> Ends:
        if task.dag:
            if task.iterator:
                received[task.iterator["itemInput"]] = received.get(task.items, [])
            return self.dag(task.dag, path + "/", received, notes)
        self.notes[path] = notes
        for origins in received.values():
            for leaf, word in origins:
                self.edges.setdefault((leaf, path), {})[word] = None
        return [path], [path]


def _origins(dag: Dag, prefix: str, source: Source, given: Origins) -> list[tuple[str, str]]:
    if source.kind == "task":
        return list(dag.producers(prefix, source.name, source.key))
    return list(given.get(source.name, ())) if source.kind == "input" else []


def _joined(outer: Mapping[str, str], own: dict[str, str]) -> dict[str, str]:
    """A group's notes with a task's own; of loops and conditions both hold."""
    both = {
        key: f"{outer[key]}; {own[key]}"
        for key in ("loop", "condition")
        if key in outer and key in own
    }
    return {**outer, **own, **both}


def _notes(task: Task) -> dict[str, str]:
    """What a picture tells about a task."""
    notes = _resources(task)
    for key, value in task.cluster.items():
        notes[f"kubernetes {key}"] = re.sub(r"[{}']", "", str(value))
    if task.iterator:
        items = task.iterator["items"].get("raw") or authors_names(task.items)
        limit = f", at most {task.at_once} at once" if task.at_once else ""
        notes["loop"] = f"for each of {items}{limit}"
    if gpu := task.container.get("resources", {}).get("accelerator"):
        notes["accelerator"] = f"{gpu.get('resourceCount')} × {gpu.get('resourceType')}"
    if "enableCache" not in task.spec.get("cachingOptions", {"enableCache": True}):
        notes["cache"] = "off"
    if task.condition:
        notes["condition"] = readable(task.condition)
    if task.runs_after_failures:
        notes["trigger"] = "when everything upstream has ended, however it ended"
    if (retry := task.retry).get("maxRetryCount"):  # a specification in memory leaves 0 out
        first = retry.get("backoffDuration", "0s")
        notes["retries"] = f"{retry['maxRetryCount']}, the first after {first}"
    if image := task.container.get("image"):
        notes["image"] = image
    return notes


def _resources(task: Task) -> dict[str, str]:
    """``resourceMemoryLimit: 2G`` → ``memory limit: 2G``."""
    notes = {}
    for key, value in sorted(task.container.get("resources", {}).items()):
        if key.startswith("resource"):
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key.removeprefix("resource"))
            notes[words.lower()] = str(value)
    return notes
