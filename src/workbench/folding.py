"""Which tasks of a graph are shown: instances in the place of their template, or one for many."""

from collections.abc import Collection, Iterable, Mapping

from workbench.graph import Edge, Graph, PipelineError, template_of

FOLD = 10  # instances of one template that are drawn one by one
URGENT = (  # states, from the one that most wants to be seen
    *("failed", "running", "retrying", "upstream_failed", "queued", "pending"),
    *("success", "cached", "skipped"),
)

Folds = dict[str, tuple[str, ...]]  # node → the instances that it stands for


def foremost(states: Collection[str]) -> str | None:
    """The state among several that most wants to be seen."""
    return next((state for state in URGENT if state in states), None)


def state_of_node(task: str, states: Mapping[str, str]) -> str | None:
    """The state that a node is shown in; of a template, one for all its instances."""
    if task in states:
        return states[task]
    return foremost({state for name, state in states.items() if template_of(name) == task})


def instances(graph: Graph, states: Mapping[str, str]) -> list[str]:
    """The tasks that have a state; a template's instances stand where it stood."""
    of_template: dict[str, list[str]] = {}
    for name in states:
        if name not in graph.position:
            of_template.setdefault(template_of(name), []).append(name)
    shown: list[str] = []
    for task in graph.tasks:
        shown += [task] if task in states else of_template.get(task, [])
    return shown


def folded(graph: Graph, states: Mapping[str, str]) -> tuple[Graph, Folds]:
    """The graph as it is shown, and what each node of it stands for that stands for several.

    Instances take the place of a template that was expanded; more than ten are one node.
    """
    if not any("[" in name for name in states):
        return graph, {}
    shown = instances(graph, states)
    by_template: dict[str, list[str]] = {}
    for name in shown:
        by_template.setdefault(template_of(name), []).append(name)
    shown += [task for task in graph.tasks if task not in states and task not in by_template]
    folds = {task: tuple(names) for task, names in by_template.items() if len(names) > FOLD}
    nodes = {name: template_of(name) if template_of(name) in folds else name for name in shown}
    expanded = {task: by_template.get(task, []) for task in graph.tasks if task not in nodes}
    edges = _edges(graph, nodes, expanded)
    labels = {edge: label for edge, label in edges.items() if label}
    notes = {**graph.notes}
    for task, names in folds.items():
        notes[task] = {**graph.notes.get(task, {}), "instances": str(len(names))}
    more = {"dynamic": graph.dynamic, "labels": labels, "notes": notes}
    try:
        return Graph.of(nodes.values(), edges, **more), folds
    except PipelineError:  # folding would close a cycle, as with calls that take turns
        return graph, {}


def _edges(
    graph: Graph, nodes: Mapping[str, str], expanded: Mapping[str, list[str]]
) -> dict[Edge, str | None]:
    """Edge between nodes → its label. An edge of a template becomes one of each instance, unless
    the engine has given the edges of the instances themselves."""
    given = {task for edge in graph.edges for task in edge if task in nodes and "[" in task}
    edges: dict[Edge, str | None] = {}
    for edge in graph.edges:
        up, down = (expanded.get(end, [end]) for end in edge)
        stand_ins = [name for end in edge for name in expanded.get(end, ())]
        if given.isdisjoint(stand_ins):
            for pair in _pairs(up, down, nodes):
                edges[pair] = graph.labels.get(edge, edges.get(pair))
    return edges


def _pairs(up: Iterable[str], down: Iterable[str], nodes: Mapping[str, str]) -> Iterable[Edge]:
    pairs = ((nodes[one], nodes[other]) for one in up for other in down)
    return (pair for pair in pairs if pair[0] != pair[1])
