"""A DAG's tasks under the workbench's names: its graph, and what mapping adds to it in a run."""

import inspect
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from workbench.engines.sameness import code_of
from workbench.events import Growth
from workbench.graph import Edge, Graph, template_of


@dataclass(frozen=True)
class Structure:
    """``task_ids`` is the workbench's name of a task → Airflow's id of it.

    A mapped task's instances are ``task[0]`` and on here, a task id and a map index in Airflow.
    """

    dag: Any
    task_ids: Mapping[str, str]
    graph: Graph

    @classmethod
    def of(cls, dag: Any) -> "Structure":
        """Raise PipelineError for a cycle."""
        names = _names(dag)
        position = {task_id: number for number, task_id in enumerate(names)}
        edges = {
            (names[up], names[down]): dag.get_edge_info(up, down).get("label")
            for up, task in dag.task_dict.items()
            for down in sorted(task.downstream_task_ids, key=position.__getitem__)
        }
        labels = {edge: label for edge, label in edges.items() if label}
        notes = {names[task_id]: _notes(task) for task_id, task in dag.task_dict.items()}
        task_ids = {name: task_id for task_id, name in names.items()}
        return cls(dag, task_ids, Graph.of(task_ids, edges, labels=labels, notes=notes))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {task_id: name for name, task_id in self.task_ids.items()}

    def name(self, task_id: str, map_index: int = -1) -> str:
        """The workbench's name of a task, or of an instance of it."""
        return self._names[task_id] + (f"[{map_index}]" if map_index >= 0 else "")

    def address(self, name: str) -> tuple[str, int]:
        """Airflow's task id and map index; -1 where the task is not mapped."""
        template, _, number = name.partition("[")
        return self.task_ids[template], int(number.rstrip("]") or -1)

    def operator(self, name: str) -> Any:
        """The operator of a task, or of the task that ``name`` is an instance of."""
        return self.dag.task_dict[self.task_ids[template_of(name)]]

    def _arguments(self, name: str) -> dict[str, Any]:
        operator = self.operator(name)
        return {**vars(operator), **getattr(operator, "partial_kwargs", {})}

    def source(self, name: str) -> str | None:
        """The callable's code, or the shell command."""
        arguments = self._arguments(name)
        try:
            return inspect.getsource(arguments["python_callable"])
        except (KeyError, OSError, TypeError):
            command = arguments.get("bash_command")
            return command if isinstance(command, str) else None

    def code(self, name: str) -> Any:
        """The callable's code and what is templated, to be compared; None for no task."""
        if template_of(name) not in self.task_ids:
            return None
        operator, arguments = self.operator(name), self._arguments(name)
        given = {field: arguments.get(field) for field in operator.template_fields}
        told = json.dumps(given, default=lambda value: type(value).__name__, sort_keys=True)
        rule = str(operator.trigger_rule), operator.retries
        return operator.task_type, code_of(arguments.get("python_callable")), told, rule

    def by_name(self, instances: Iterable[Any]) -> dict[str, Any]:
        """Name → task instance, in the order of the graph."""
        named = {self.name(row.task_id, row.map_index): row for row in instances}

        def position(name: str) -> tuple[int, int]:
            return self.graph.position[template_of(name)], named[name].map_index

        return {name: named[name] for name in sorted(named, key=position)}

    def appeared(
        self, new: Collection[str], instances: Iterable[str], tasks: Collection[str]
    ) -> Growth:
        """What a ``graph`` event says of ``new`` instances; ``tasks`` are those there were."""
        instances, there = list(instances), {*tasks, *new}
        edges = dict.fromkeys(edge for name in new for edge in self._edges_of(name, instances))
        return {
            "tasks": list(new),
            "edges": [list(edge) for edge in edges if there.issuperset(edge)],
            "notes": {name: self.graph.notes[template_of(name)] for name in new},
        }

    def _edges_of(self, name: str, instances: Iterable[str]) -> Iterator[Edge]:
        template = template_of(name)
        for upstream in self.graph.upstream(template):
            for other in self._partners(name, upstream, instances):
                yield other, name
        for downstream in self.graph.downstream(template):
            for other in self._partners(name, downstream, instances):
                yield name, other

    def _partners(self, name: str, neighbour: str, instances: Iterable[str]) -> list[str]:
        """Instances that an edge joins: of the same number inside a mapped group, all elsewhere."""
        group = self._mapped_group(name)
        if group is not None and self._mapped_group(neighbour) is group:
            return [neighbour + name[len(template_of(name)) :]]
        return [other for other in instances if other.startswith(f"{neighbour}[")] or [neighbour]

    def _mapped_group(self, name: str) -> Any:
        return next(self.operator(name).iter_mapped_task_groups(), None)


def _names(dag: Any) -> dict[str, str]:
    """Airflow's id → the workbench's name; the id itself where a name would not tell two tasks
    apart, for people give several tasks one display name."""
    names = {task_id: _name(task) for task_id, task in dag.task_dict.items()}
    often = Counter(names.values())

    def clear(task_id: str, name: str) -> bool:
        return often[name] == 1 and (name == task_id or name not in dag.task_dict)

    return {task_id: name if clear(task_id, name) else task_id for task_id, name in names.items()}


def _name(task: Any) -> str:
    """`group/task`, whatever the group does to Airflow's own task id. Brackets are those of an
    instance here, so that a display name's own become round."""
    parts, group = [task.label], task.task_group
    while group is not None and not group.is_root:
        parts, group = [group.label, *parts], group.parent_group
    name = " ".join("/".join(parts).split())
    return name.translate(str.maketrans("[]", "()")) or task.task_id


def _notes(task: Any) -> dict[str, str]:
    """What a reader of the picture wants to know about a task."""
    kind = task.operator_class if task.is_mapped else type(task)
    rule = str(getattr(task.trigger_rule, "value", task.trigger_rule))
    notes = {"operator": kind.__name__.removeprefix("_")}
    if provider := getattr(kind, "provider", None):
        notes["needs"] = provider
    if rule != "all_success":
        notes["trigger rule"] = rule
    if task.retries:
        notes["retries"] = str(task.retries)
    if any("Branch" in base.__name__ for base in kind.__mro__):
        notes["branch"] = "chooses what follows"
    if any("ShortCircuit" in base.__name__ for base in kind.__mro__):
        notes["gate"] = "skips what follows, or lets it through"
    if task.is_mapped or next(task.iter_mapped_task_groups(), None):
        notes["mapped"] = "one instance for each value"
    return notes


def why_empty(dag: Any, date: datetime) -> str:
    """Why Airflow makes no tasks for a run of that date: each lies outside its own dates."""
    ends = [task.end_date for task in dag.tasks if task.end_date and task.end_date < date]
    if ends:
        when = f"its end_date {max(ends):%Y-%m-%d} has passed"
    else:
        starts = [task.start_date for task in dag.tasks if task.start_date]
        when = f"its start_date {min(starts):%Y-%m-%d} is still to come"
    return (
        f"{when}, so Airflow makes no tasks for a run of {date:%Y-%m-%d}; set another date to run "
        "it here, or give one: workbench run-pipeline --date"
    )
