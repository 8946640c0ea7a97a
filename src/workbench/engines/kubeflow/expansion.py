"""How a loop's body becomes instances: a part of the graph for every item."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product, takewhile
from typing import Any

from workbench.graph import Graph, template_of


def expanded(
    graph: Graph, leaves: Iterable[str], path: str, items: Mapping[int, Any]
) -> dict[str, Any]:
    """The detail of a ``graph`` event: instances of the loop ``path`` for the numbered ``items``,
    joined to the run's other ``leaves`` by the edges of their templates."""
    start = template_of(path) + "/"
    body = [leaf for leaf in graph.tasks if leaf.startswith(start)]
    outside = _outside(leaves, path)
    tasks, edges, labels, notes = [], [], [], {}
    for number, item in items.items():
        names = {leaf: f"{path}[{number}]/{leaf.removeprefix(start)}" for leaf in body}
        instances = {**outside, **{leaf: [name] for leaf, name in names.items()}}
        tasks += names.values()
        shown = json.dumps(item, default=repr)[:60]
        notes |= {name: {**graph.notes[leaf], "item": shown} for leaf, name in names.items()}
        for edge in graph.edges:
            if not names.keys().isdisjoint(edge):
                pairs = [list(pair) for pair in product(*(instances.get(end, ()) for end in edge))]
                edges += pairs
                labels += [[*pair, graph.labels[edge]] for pair in pairs if edge in graph.labels]
    return {
        "tasks": tasks,
        "edges": edges,
        "labels": labels,
        "notes": notes,
        "expands": [f"{path}/{leaf.removeprefix(start)}" for leaf in body],
    }


def _outside(leaves: Iterable[str], path: str) -> dict[str, list[str]]:
    """Template → its instances that the instances of the loop ``path`` may be joined to."""
    instances = defaultdict(list)
    for leaf in leaves:
        if not leaf.startswith((path + "/", path + "[")) and _same_iteration(leaf, path):
            instances[template_of(leaf)].append(leaf)
    return instances


def _same_iteration(name: str, path: str) -> bool:
    """Whether two instances belong to the same iteration of every loop that both are in."""
    pairs = zip(name.split("/"), path.split("/"), strict=False)
    shared = takewhile(lambda pair: template_of(pair[0]) == template_of(pair[1]), pairs)
    return all(one == other for one, other in shared)
