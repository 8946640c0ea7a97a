"""The calls of a workflow as a tree, and the tree as a graph of its leaves."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product, takewhile
from typing import Any

from workbench.engines.argo.expression import as_text
from workbench.engines.argo.manifest import Manifest, kind_of
from workbench.graph import Edge, Graph, PipelineError, template_of

_LOOPS = ("withItems", "withParam", "withSequence")
_DEPTH = 20


@dataclass(frozen=True)
class Node:
    """A step or task: its call, its template, and what that calls, each after ``waits`` of it."""

    path: str
    call: Mapping[str, Any]
    template: Mapping[str, Any]
    children: Mapping[str, "Node"] = field(default_factory=dict)
    waits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return kind_of(self.template)

    @property
    def loop(self) -> str | None:
        """The key by which it is called once for each item."""
        return next((key for key in _LOOPS if key in self.call), None)

    def all(self) -> Iterator["Node"]:
        """It, and what is below it."""
        yield self
        for child in self.children.values():
            yield from child.all()

    def leaves(self) -> Iterator["Node"]:
        """What is executed in it."""
        return (node for node in self.all() if node.kind not in ("dag", "steps"))


def tree(manifest: Manifest, entry: str, path: str) -> Node:
    """The calls below a template; raise PipelineError for one that calls itself."""
    return _node(manifest, {"name": entry, "template": entry}, path, 0)


def _node(manifest: Manifest, call: Mapping[str, Any], path: str, depth: int) -> Node:
    if depth > _DEPTH:
        raise PipelineError(
            f"{path.partition('/')[0]!r} calls itself; a loop has to end: use withItems"
        )
    template = manifest.template(call, path)
    waits: dict[str, tuple[str, ...]] = {}
    calls: dict[str, Mapping[str, Any]] = {}
    if "dag" in template:
        calls = {task["name"]: task for task in template["dag"].get("tasks", ())}
        waits = {name: tuple(_waits(task)) for name, task in calls.items()}
    before: tuple[str, ...] = ()
    for listed in template.get("steps") or ():
        group = listed if isinstance(listed, list) else [listed]
        calls |= {step["name"]: step for step in group}
        waits |= {step["name"]: before for step in group}
        before = tuple(step["name"] for step in group)
    for name in waits:
        for other in waits[name]:
            if other not in calls:
                raise PipelineError(f"{name!r} waits for {other!r}, which is no task beside it")
    prefix = f"{path}/" if path else ""
    made = {n: _node(manifest, one, f"{prefix}{n}", depth + 1) for n, one in calls.items()}
    order = Graph.of(made, [(up, name) for name in waits for up in waits[name]]).tasks
    return Node(path, call, template, {name: made[name] for name in order}, waits)


def _waits(task: Mapping[str, Any]) -> Iterator[str]:
    yield from task.get("dependencies") or ()
    words = re.findall(r"[A-Za-z0-9_.-]+", task.get("depends", ""))
    yield from dict.fromkeys(word.partition(".")[0] for word in words)


def graph_of(root: Node, after: Node | None) -> Graph:
    """The graph of the leaves; ``after`` is what follows the workflow's end. Raise PipelineError
    where there is none."""
    edges = list(_edges(root))
    leaves = [*root.leaves()]
    if after:
        begun = {up for up, _ in edges}
        ends = [leaf.path for leaf in leaves if leaf.path not in begun]
        edges += [*_edges(after), *product(ends, _side(after, first=True))]
        leaves += after.leaves()
    if not leaves:
        raise PipelineError("the workflow has no steps")
    notes = {leaf.path: note for leaf in leaves if (note := _note(leaf))}
    return Graph.of([leaf.path for leaf in leaves], edges, notes=notes)


def _edges(node: Node) -> Iterator[Edge]:
    for name, child in node.children.items():
        yield from _edges(child)
        for up in node.waits[name]:
            yield from product(_side(node.children[up], False), _side(child, True))


def _side(node: Node, first: bool) -> list[str]:
    """The leaves that a group begins with, or ends with."""
    if not node.children:
        return [leaf.path for leaf in node.leaves()]
    waited = {up for ups in node.waits.values() for up in ups}
    names = [name for name in node.children if not (node.waits[name] if first else name in waited)]
    return [path for name in names for path in _side(node.children[name], first)]


def _note(leaf: Node) -> dict[str, str]:
    note = {}
    if "when" in leaf.call:
        note["when"] = str(leaf.call["when"])
    if leaf.loop:
        note["for each of"] = as_text(leaf.call[leaf.loop])[:60]
    if retry := leaf.template.get("retryStrategy"):
        note["retries"] = str(retry.get("limit"))
    return note


def expanded(graph: Graph, states: Iterable[str], path: str, items: Mapping[int, Any]) -> dict:
    """The detail of a ``graph`` event: the loop ``path`` for these numbered items."""
    start, states = template_of(path), list(states)
    body = [leaf for leaf in graph.tasks if leaf == start or leaf.startswith(f"{start}/")]
    tasks, edges, notes = [], [], {}
    for number, item in items.items():
        names = {leaf: f"{path}[{number}]{leaf.removeprefix(start)}" for leaf in body}
        tasks += names.values()
        notes |= {
            name: {**graph.notes.get(leaf, {}), "item": as_text(item)[:60]}
            for leaf, name in names.items()
        }
        for edge in graph.edges:
            if not names.keys().isdisjoint(edge):
                ends = [
                    [names[end]] if end in names else _outside(states, end, path) for end in edge
                ]
                edges += [list(pair) for pair in product(*ends)]
    expands = [f"{path}{leaf.removeprefix(start)}" for leaf in body]
    return {"tasks": tasks, "edges": edges, "labels": [], "notes": notes, "expands": expands}


def _outside(states: Iterable[str], leaf: str, path: str) -> list[str]:
    """The instances of a leaf outside a loop that share its iterations."""
    return [name for name in states if template_of(name) == leaf and _shares(name, path)]


def _shares(name: str, path: str) -> bool:
    pairs = zip(name.split("/"), path.split("/"), strict=False)
    shared = takewhile(lambda pair: template_of(pair[0]) == template_of(pair[1]), pairs)
    return all(one == other for one, other in shared)
