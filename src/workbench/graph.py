"""An immutable DAG of task names: order, waves, upstream, downstream. A cycle is an error that names the cycle."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

Edge = tuple[str, str]


def template_of(task: str) -> str:
    """The task that ``task`` is an instance of: ``loop[0]/train`` → ``loop/train``; itself if it is none."""
    return re.sub(r"\[\d+\]", "", task)


class PipelineError(ValueError):
    """A mistake of the person at the keyboard: one line that names the thing, the rule and the way out."""


@dataclass(frozen=True)
class Graph:
    """Tasks in a topological order and the (upstream, downstream) pairs between them.

    ``labels`` says what travels along an edge, ``notes`` what an engine has to tell about a task; neither takes
    part in comparison. ``dynamic`` is true while the engine does not know its tasks before it runs.
    """

    tasks: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    dynamic: bool = False
    labels: Mapping[Edge, str] = field(default_factory=dict, compare=False)
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, tasks: Iterable[str], edges: Iterable[Edge] = (), **more) -> "Graph":
        """Build a graph from tasks and edges in any order; raise PipelineError for an edge to nowhere or a cycle."""
        tasks, edges = tuple(dict.fromkeys(tasks)), tuple(dict.fromkeys(edges))
        place = {task: number for number, task in enumerate(tasks)}
        sorter = TopologicalSorter(dict.fromkeys(tasks, ()))
        for upstream, downstream in edges:
            for task in (upstream, downstream):
                if task not in place:
                    listed = ", ".join(tasks) or "none yet"
                    raise PipelineError(
                        f"edge {upstream} → {downstream}: {task!r} is not a task (tasks: {listed})"
                    )
            sorter.add(downstream, upstream)
        try:
            sorter.prepare()
        except CycleError as error:
            cycle = " → ".join(error.args[1])
            raise PipelineError(
                f"the tasks form a cycle: {cycle}; a DAG has no way back to its start, so take one of these edges away"
            ) from None
        order = []
        while wave := sorter.get_ready():
            order += sorted(wave, key=place.__getitem__)
            sorter.done(*wave)
        return cls(tuple(order), edges, **more)

    @cached_property
    def place(self) -> dict[str, int]:
        """The position of each task in the order."""
        return {task: number for number, task in enumerate(self.tasks)}

    @cached_property
    def _upstream(self) -> dict[str, tuple[str, ...]]:
        return self._neighbours({task: [] for task in self.tasks}, 1, 0)

    @cached_property
    def _downstream(self) -> dict[str, tuple[str, ...]]:
        return self._neighbours({task: [] for task in self.tasks}, 0, 1)

    def _neighbours(
        self, lists: dict[str, list[str]], here: int, there: int
    ) -> dict[str, tuple[str, ...]]:
        for edge in self.edges:
            lists[edge[here]].append(edge[there])
        return {task: tuple(found) for task, found in lists.items()}

    def _known(self, task: str) -> str:
        if task not in self._upstream:
            raise PipelineError(
                f"{task!r} is not a task of this graph (tasks: {', '.join(self.tasks) or 'none yet'})"
            )
        return task

    def upstream(self, task: str) -> tuple[str, ...]:
        """The tasks that ``task`` waits for directly."""
        return self._upstream[self._known(task)]

    def downstream(self, task: str) -> tuple[str, ...]:
        """The tasks that wait directly for ``task``."""
        return self._downstream[self._known(task)]

    def ancestors(self, task: str) -> tuple[str, ...]:
        """Everything ``task`` depends on, in topological order."""
        return self._reach(self._known(task), self._upstream)

    def descendants(self, task: str) -> tuple[str, ...]:
        """Everything that depends on ``task``, in topological order."""
        return self._reach(self._known(task), self._downstream)

    def _reach(self, task: str, step: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        found, todo = set(), list(step[task])
        while todo:
            if (here := todo.pop()) not in found:
                found.add(here)
                todo += step[here]
        return tuple(other for other in self.tasks if other in found)

    def waves(self) -> tuple[tuple[str, ...], ...]:
        """Tasks grouped by the longest path that leads to them: all of one wave could run at the same time."""
        depth: dict[str, int] = {}
        for task in self.tasks:
            depth[task] = 1 + max((depth[up] for up in self._upstream[task]), default=-1)
        waves: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
        for task, wave in depth.items():
            waves[wave].append(task)
        return tuple(map(tuple, waves))

    def grown(self, tasks: Iterable[str], edges: Iterable[Edge], labels=(), notes=()) -> "Graph":
        """This graph with what appeared while it ran."""
        return Graph.of(
            (*self.tasks, *tasks),
            (*self.edges, *edges),
            dynamic=self.dynamic,
            labels={**self.labels, **dict(labels)},
            notes={**self.notes, **dict(notes)},
        )

    def change_since(self, earlier: "Graph") -> str:
        """What differs from an earlier graph, in words; empty when nothing does."""
        changes = []
        for word, now, then in (
            ("task", self.tasks, earlier.tasks),
            ("edge", self.edges, earlier.edges),
        ):
            names = {item: item if word == "task" else " → ".join(item) for item in (*now, *then)}
            added = [names[item] for item in now if item not in set(then)]
            gone = [names[item] for item in then if item not in set(now)]
            changes += [f"new {word} {', '.join(added)}"] * bool(added) + [
                f"{word} gone {', '.join(gone)}"
            ] * bool(gone)
        return "; ".join(changes)

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
        labels = {(up, down): label for up, down, label in data.get("labels", ())}
        edges = [tuple(edge) for edge in data["edges"]]
        return cls.of(
            data["tasks"],
            edges,
            dynamic=data.get("dynamic", False),
            labels=labels,
            notes=data.get("notes", {}),
        )
