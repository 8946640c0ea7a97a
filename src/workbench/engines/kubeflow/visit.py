"""One look over the whole pipeline: what may start, and what follows from what has ended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from workbench.engines.kubeflow.condition import holds, readable
from workbench.engines.kubeflow.expansion import expanded
from workbench.engines.kubeflow.values import Frame, Values, items_of
from workbench.engines.protocol import Change, Decision
from workbench.events import FAILED, FINISHED, NO_ITEM
from workbench.graph import Graph, PipelineError


def decided(graph: Graph, values: Values, states: Mapping[str, str]) -> Decision:
    """Visit every task of a run."""
    visit = _Visit(graph, values, states)
    visit.dag(values.root)
    return Decision(tuple(visit.ready), tuple(visit.changes))


class _Visit:
    """Goes down the DAGs, upstream first. What a method returns is the state of what it visited:
    success, skipped, failed, upstream_failed, or pending while it has not ended."""

    def __init__(self, graph: Graph, values: Values, states: Mapping[str, str]) -> None:
        self._graph, self._values, self._states = graph, values, states
        self._leaves = _leaves(states)
        self.ready: list[str] = []
        self.changes: list[Change] = []

    def dag(self, frame: Frame, free: bool = True) -> str:
        """Visit the tasks of one DAG; nothing in it may start unless ``free``."""
        ended: dict[str, str] = {}
        for name, task in frame.dag.tasks.items():
            upstream = {ended[other] for other in task.upstream}
            ended[name] = self._task(frame, name, upstream, free)
        return _together(ended.values())

    def _task(self, frame: Frame, name: str, upstream: set[str], free: bool) -> str:
        task, path = frame.dag.tasks[name], frame.prefix + name
        if "pending" in upstream:
            return "pending"
        if upstream - {"success"} and not task.runs_after_failures:
            return self._end(path, "upstream_failed" if upstream & FAILED else "skipped")
        if not task.dag and not task.condition:
            return self._leaf(path, free)  # without a look at its values, which cost files
        try:
            return self._triggered(frame, name, free)
        except PipelineError as error:
            return self._end(path, "failed", str(error))

    def _triggered(self, frame: Frame, name: str, free: bool) -> str:
        """Visit a group, a loop, or a task with a condition, by the values it receives."""
        task, path = frame.dag.tasks[name], frame.prefix + name
        values = self._values.received(frame, name)
        if task.condition and not holds(task.condition, values):
            return self._end(path, "skipped", f"{readable(task.condition)} is false")
        if task.iterator:
            return self._loop(frame, name, values, free)
        if task.dag:
            return self.dag(frame.inside(name, values), free)
        return self._leaf(path, free)

    def _leaf(self, path: str, free: bool) -> str:
        state = self._states[path]
        if free and state in ("pending", "retrying"):
            self.ready.append(path)
        if state not in FINISHED:
            return "pending"
        return "success" if state == "cached" else state

    def _end(self, path: str, state: str, reason: str | None = None) -> str:
        """Decide a whole group without running it; what has ended in it stays as it is."""
        pending = [leaf for leaf in self._leaves[path] if self._states[leaf] == "pending"]
        self.changes += [Change(state, leaf, reason) for leaf in pending]
        return state

    def _loop(self, frame: Frame, name: str, values: dict[str, Any], free: bool) -> str:
        task, path = frame.dag.tasks[name], frame.prefix + name
        items = items_of(task, values)
        iterations = [f"{path}[{number}]" for number in range(len(items))]
        new = {n: items[n] for n, one in enumerate(iterations) if one not in self._leaves}
        if new:
            expansion = expanded(self._graph, self._states, path, new)
            self.changes.append(Change("graph", None, expansion))
            return "pending"
        self._skip_surplus(path, iterations)
        begun = set(filter(self._has_begun, iterations))
        room = task.at_once or len(items)
        states = []
        # Those under way first: they have taken their room already.
        for number in sorted(range(len(items)), key=lambda n: iterations[n] not in begun):
            may_start = free and (iterations[number] in begun or room > 0)
            states.append(self.dag(frame.iteration(name, values, number), may_start))
            if states[-1] == "pending":
                room -= 1
        return _together(states)

    def _has_begun(self, iteration: str) -> bool:
        return any(self._states[leaf] != "pending" for leaf in self._leaves[iteration])

    def _skip_surplus(self, path: str, iterations: list[str]) -> None:
        """Skip what is in no iteration any more: the list is empty, or shorter than it was."""
        inside = {leaf for iteration in iterations for leaf in self._leaves[iteration]}
        for leaf in self._leaves[path]:
            if self._states[leaf] == "pending" and leaf not in inside:
                self.changes.append(Change("skipped", leaf, NO_ITEM))


def _leaves(states: Iterable[str]) -> dict[str, list[str]]:
    """A group, loop or iteration → its leaves: ``a[0]/b`` is one of ``a``, ``a[0]`` and itself."""
    leaves = defaultdict(list)
    for leaf in states:
        parts = leaf.split("/")
        for end in range(1, len(parts) + 1):
            path = "/".join(parts[:end])
            leaves[path].append(leaf)
            if path.endswith("]"):
                leaves[path.rpartition("[")[0]].append(leaf)
    return leaves


def _together(states: Iterable[str]) -> str:
    """The state of a group, from those of its tasks; skipped tasks do not spoil it."""
    kinds = set(states)
    if "pending" in kinds:
        return "pending"
    return "failed" if kinds & FAILED else "success"
