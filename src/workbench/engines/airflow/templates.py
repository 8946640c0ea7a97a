"""What the templates of a task ask of its run for certain, whatever else comes true."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes

_LATER = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock)  # perhaps, or otherwise than it stands
_FORGIVING = ("default", "d", "defined", "undefined")  # filters and tests of what is undefined


def wanted(task: Any, dag: Any, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """("params", a name), so of "dag_run.conf", "conn" and "var", too, or ("inlet_events", the
    asset's name or uri as a dictionary) for each that a template cannot do without."""
    if not issubclass(dag.template_undefined, StrictUndefined):
        return
    environment = Environment()
    for field in task.template_fields:
        for text in _texts(arguments.get(field)):
            try:
                yield from _asked(environment.parse(text))
            except TemplateSyntaxError:
                continue  # it may use what the DAG's own environment adds


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and "{" in value:
        yield value
    elif isinstance(value, dict | list | tuple | set):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _asked(node: nodes.Node) -> Iterator[tuple[str, Any]]:
    """Of a choice only what it is made by is certain, and of a loop what it goes over."""
    if asked := _taken(node) or _event(node):
        yield asked
        return
    if getattr(node, "name", "") in _FORGIVING or isinstance(node, _LATER):
        return
    if isinstance(node, nodes.If | nodes.CondExpr):
        certain = [node.test]
    elif isinstance(node, nodes.And | nodes.Or):
        certain = [node.left]
    elif isinstance(node, nodes.For):
        certain = [node.iter]
    else:
        certain = list(node.iter_child_nodes())
    for child in certain:
        yield from _asked(child)


def _taken(node: nodes.Node) -> tuple[str, str] | None:
    """What a node takes by a name: `params.name`, `params['name']`, or the same of the conf;
    `conn.name`, `var.value.name`."""
    if not isinstance(node, nodes.Getattr | nodes.Getitem):
        return None
    name = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
    if not isinstance(name, str) or (isinstance(node, nodes.Getattr) and hasattr(dict, name)):
        return None
    if isinstance(node.node, nodes.Name) and node.node.name == "params":
        return "params", name
    of = node.node
    if isinstance(of, nodes.Name) and of.name == "conn" and isinstance(node, nodes.Getattr):
        return "conn", name
    if isinstance(of, nodes.Getattr) and isinstance(of.node, nodes.Name):
        if (of.node.name, of.attr) == ("dag_run", "conf"):
            return "dag_run.conf", name
        if of.node.name == "var" and of.attr in ("value", "json"):
            return "var", name
    return None


def _event(node: nodes.Node) -> tuple[str, dict[str, str]] | None:
    """What `inlet_events.for_asset(uri='…')[-1]` needs an event of."""
    call = node.node if isinstance(node, nodes.Getitem) else None
    of = call.node if isinstance(call, nodes.Call) else None
    if not (isinstance(of, nodes.Getattr) and of.attr == "for_asset"):
        return None
    try:
        number, asset = (
            node.arg.as_const(),
            {given.key: given.value.as_const() for given in call.kwargs},
        )
    except nodes.Impossible:
        return None
    return ("inlet_events", asset) if isinstance(number, int) and asset else None
