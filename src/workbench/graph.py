"""An immutable DAG of task names: order, waves, upstream, downstream.

A cycle is an error that names the cycle.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

Edge = tuple[str, str]
STAND_IN = "stand-in"  # the note of a task in whose place something else is called


def template_of(task: str) -> str:
    """The task that ``task`` is an instance of: ``loop[0]/train`` → ``loop/train``; itself if it
    is none."""
    return re.sub(r"\[\d+\]", "", task)


class PipelineError(ValueError):
    """A mistake of the person at the keyboard: one line that names the thing, the rule and the
    way out."""


@dataclass(frozen=True)
class Graph:
    """Tasks in a topological order and the (upstream, downstream) pairs between them.

    ``labels`` says what travels along an edge, ``notes`` what an engine has to tell about a task;
    neither takes part in comparison. ``dynamic`` is true while the engine does not know its tasks
    before it runs.
    """

    tasks: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    dynamic: bool = False
    labels: Mapping[Edge, str] = field(default_factory=dict, compare=False)
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, tasks: Iterable[str], edges: Iterable[Edge] = (), **more) -> "Graph":
        """Build a graph from tasks and edges in any order.

        Tasks that do not depend on each other stay in the order in which they were given. Raise
        PipelineError for an edge to nowhere or a cycle.
        """
        tasks, edges = tuple(dict.fromkeys(tasks)), tuple(dict.fromkeys(edges))
        return cls(_ordered(tasks, edges), edges, **more)

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each task stands in the order."""
        return {task: number for number, task in enumerate(self.tasks)}

    @cached_property
    def _upstream(self) -> dict[str, tuple[str, ...]]:
        return _neighbours(self.tasks, ((down, up) for up, down in self.edges))

    @cached_property
    def _downstream(self) -> dict[str, tuple[str, ...]]:
        return _neighbours(self.tasks, self.edges)

    def known(self, task: str) -> str:
        """``task`` itself; raise PipelineError if this graph has none of that name."""
        if task not in self._upstream:
            listed = ", ".join(self.tasks) or "none yet"
            raise PipelineError(f"{task!r} is not a task of this graph (tasks: {listed})")
        return task

    def upstream(self, task: str) -> tuple[str, ...]:
        """The tasks that ``task`` waits for directly."""
        return self._upstream[self.known(task)]

    def any_upstream(self, task: str) -> tuple[str, ...]:
        """The same; none for a name that is no task of this graph, as an instance may be."""
        return self._upstream.get(task, ())

    def downstream(self, task: str) -> tuple[str, ...]:
        """The tasks that wait directly for ``task``."""
        return self._downstream[self.known(task)]

    def ancestors(self, task: str) -> tuple[str, ...]:
        """Everything ``task`` depends on, in topological order."""
        return self._reach(self.known(task), self._upstream)

    def descendants(self, task: str) -> tuple[str, ...]:
        """Everything that depends on ``task``, in topological order."""
        return self._reach(self.known(task), self._downstream)

    def _reach(self, task: str, neighbours: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        reached, left = set(), list(neighbours[task])
        while left:
            other = left.pop()
            if other not in reached:
                reached.add(other)
                left += neighbours[other]
        return tuple(other for other in self.tasks if other in reached)

    def waves(self) -> tuple[tuple[str, ...], ...]:
        """Tasks grouped by the longest path that leads to them: all of one wave could run at the
        same time."""
        depth: dict[str, int] = {}
        for task in self.tasks:
            depth[task] = 1 + max((depth[up] for up in self._upstream[task]), default=-1)
        waves: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
        for task, wave in depth.items():
            waves[wave].append(task)
        return tuple(map(tuple, waves))

    def noted(self, task: str) -> dict[str, str]:
        """What is noted of a task, and of the template that it is an instance of."""
        return {**self.notes.get(template_of(task), {}), **self.notes.get(task, {})}

    def grown(self, tasks: Iterable[str], edges: Iterable[Edge], labels=(), notes=()) -> "Graph":
        """This graph with what appeared while it ran."""
        more = {"labels": {**self.labels, **dict(labels)}, "notes": {**self.notes, **dict(notes)}}
        return Graph.of((*self.tasks, *tasks), (*self.edges, *edges), dynamic=self.dynamic, **more)

    def beyond(self, other: "Graph") -> tuple[list[str], list[Edge]]:
        """The tasks and edges that this graph has and another one has not."""
        tasks, edges = set(other.tasks), set(other.edges)
        more = [edge for edge in self.edges if edge not in edges]
        return [task for task in self.tasks if task not in tasks], more

    def change_since(self, earlier: "Graph") -> str:
        """What differs from an earlier graph, in words; empty when nothing does."""
        tasks, edges = self.beyond(earlier)
        tasks_gone, edges_gone = earlier.beyond(self)
        changes = {
            "new task": tasks,
            "task gone": tasks_gone,
            "new edge": arrows(edges),
            "edge gone": arrows(edges_gone),
        }
        return "; ".join(f"{kind} {', '.join(names)}" for kind, names in changes.items() if names)

    def as_json(self) -> dict:
        """Plain lists and dictionaries; ``Graph.from_json`` turns them back."""
        return {
            "tasks": list(self.tasks),
            "edges": [list(edge) for edge in self.edges],
            "dynamic": self.dynamic,
            "labels": [[*edge, label] for edge, label in self.labels.items()],
            "notes": {task: dict(note) for task, note in self.notes.items()},
        }

    @classmethod
    def from_json(cls, data: dict) -> "Graph":
        """The graph that ``as_json`` gave; raise KeyError or TypeError for anything else."""
        edges = [tuple(edge) for edge in data["edges"]]
        labels = {(up, down): label for up, down, label in data.get("labels", ())}
        more = {"labels": labels, "notes": data.get("notes", {})}
        return cls.of(data["tasks"], edges, dynamic=data.get("dynamic", False), **more)


def _ordered(tasks: tuple[str, ...], edges: tuple[Edge, ...]) -> tuple[str, ...]:
    given = {task: number for number, task in enumerate(tasks)}
    sorter = TopologicalSorter(dict.fromkeys(tasks, ()))
    for up, down in edges:
        for task in (up, down):
            if task not in given:
                listed = ", ".join(tasks) or "none yet"
                raise PipelineError(f"edge {up} → {down}: {task!r} is not a task (tasks: {listed})")
        sorter.add(down, up)
    try:
        sorter.prepare()
    except CycleError as error:
        cycle = " → ".join(error.args[1])
        raise PipelineError(
            f"the tasks form a cycle: {cycle}; "
            "a DAG has no way back to its start, so take one of these edges away"
        ) from None
    order: list[str] = []
    while wave := sorter.get_ready():
        order += sorted(wave, key=given.__getitem__)
        sorter.done(*wave)
    return tuple(order)


def _neighbours(tasks: Iterable[str], edges: Iterable[Edge]) -> dict[str, tuple[str, ...]]:
    """Task → the second ends of the edges that begin at it."""
    neighbours: dict[str, list[str]] = {task: [] for task in tasks}
    for task, other in edges:
        neighbours[task].append(other)
    return {task: tuple(others) for task, others in neighbours.items()}


def arrows(edges: Iterable[Edge]) -> list[str]:
    """Edges in words."""
    return [f"{up} → {down}" for up, down in edges]
