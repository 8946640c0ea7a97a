"""What a run's time went into, its longest path, and how much went from task to task."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.events import DONE
from workbench.folding import folded
from workbench.graph import Edge, Graph
from workbench.record import Record

_COUNTED = re.compile(r"(?P<rows>\d+)(?: × \d+)*$|of (?P<items>[\d,]+) items$")
_UNITS = ("B", "kB", "MB", "GB")


@dataclass(frozen=True)
class Measures:
    """``share`` is task → the part of all tasks' time that its attempts took, ``attempts`` their
    number; ``path`` the tasks one after the other that took longest together, ``seconds`` how
    long; ``carried`` edge → the rows, items or bytes that its upstream task has given.

    Tasks are those that are drawn; one that stands for many has the attempts of all of them.
    """

    share: Mapping[str, float]
    attempts: Mapping[str, int]
    path: tuple[str, ...]
    seconds: float
    carried: Mapping[Edge, str]

    def page(self) -> dict[str, Any]:
        """The same as plain lists and dictionaries, with percents."""
        tried = {task: number for task, number in self.attempts.items() if number}
        return {
            "nodes": {task: [round(100 * self.share[task]), n] for task, n in tried.items()},
            "path": list(self.path),
            "seconds": round(self.seconds, 3),
            "edges": [[*edge, text] for edge, text in self.carried.items()],
        }

    def words(self, task: str) -> str:
        """The figures of a task in a line; empty before it has been tried."""
        number = self.attempts.get(task, 0)
        if not number:
            return ""
        tried = f", {number} attempts" if number > 1 else ""
        on_path = ", on the longest path" if task in self.path else ""
        return f"{self.share[task]:.0%} of the time{tried}{on_path}"


def measures(record: Record) -> Measures:
    """The figures of a run as far as it is."""
    shown, folds = folded(record.graph, record.states())
    stands_for = {node: folds.get(node, (node,)) for node in shown.tasks}
    lasted = {node: [_lasted(record, task) for task in tasks] for node, tasks in stands_for.items()}
    whole = sum(map(sum, lasted.values()))
    # Instances of one template run beside each other: the longest counts.
    path, seconds = _longest(shown, {node: max(seconds) for node, seconds in lasted.items()})
    given = {node: _given(record, tasks) for node, tasks in stands_for.items()}
    return Measures(
        {node: sum(seconds) / whole if whole else 0.0 for node, seconds in lasted.items()},
        {node: sum(len(record.attempts(t)) for t in tasks) for node, tasks in stands_for.items()},
        path,
        seconds,
        {(up, down): given[up] for up, down in shown.edges if given[up]},
    )


def _lasted(record: Record, task: str) -> float:
    return sum(end - start for start, end in record.intervals(task))


def _longest(graph: Graph, lasted: Mapping[str, float]) -> tuple[tuple[str, ...], float]:
    """The path through the graph whose tasks took longest together, and their seconds."""
    paths: dict[str, tuple[float, tuple[str, ...]]] = {}
    for task in graph.tasks:
        before = max((paths[up] for up in graph.upstream(task)), default=(0.0, ()))
        paths[task] = (before[0] + lasted[task], (*before[1], task))
    seconds, path = max(paths.values(), default=(0.0, ()))
    return tuple(task for task in path if lasted[task]), seconds


def _given(record: Record, tasks: tuple[str, ...]) -> str:
    """How much the tasks have returned: the rows or items of one, the bytes of all."""
    outputs = [
        output.detail
        for task in tasks
        if record.state_of(task) in DONE and (output := record.last(task, "output"))
    ]
    outputs = [detail for detail in outputs if detail["type"] != "NoneType"]
    if len(outputs) == 1:
        rest = outputs[0]["summary"].removeprefix(f"{outputs[0]['type']} ")
        counted = rest != outputs[0]["summary"] and _COUNTED.match(rest)
        if counted:
            rows, items = counted["rows"], counted["items"]
            return f"{int(rows):,} rows" if rows else f"{items} items"
    files = [record.folder / d["file"] for d in outputs if d["file"] and record.folder]
    sizes = [path.stat().st_size for path in files if path.is_file()]
    return _size(sum(sizes)) if sizes else ""


def _size(number: float) -> str:
    for unit in _UNITS[:-1]:
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} {_UNITS[-1]}"
