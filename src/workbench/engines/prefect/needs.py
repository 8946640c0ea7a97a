"""What a flow is sure to need and has not got: told before it runs. Imports Prefect."""

import ast
import contextlib
import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from prefect import Flow, Task, get_client
from prefect.blocks.core import Block
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.input import receive_input

from workbench.engines.lacking import certain, lacking, source_of
from workbench.engines.outside import text_of, unfound_file, unfound_host

_INSTEAD = "; or give Run a stand_in for the task"


def hindrance(flow: Flow, stood_in: Collection[str], given: Mapping[str, Any]) -> str:
    """What a body of the flow, called with ``given``, or of a task that it is sure to call, asks
    for and is not there; empty where nothing is known to be lacking."""
    for owner, function in _bodies(flow, stood_in):
        if reason := lacking(function):
            return f"{owner}{reason}{_INSTEAD if owner else ''}"
    nodes = list(certain(source_of(flow.fn)))
    kept = [node.value for node in nodes if isinstance(node, ast.Assign)]  # to be asked later
    if any(_is_endless(node, flow) for node in nodes if node not in kept):
        return (
            "waits without end (receive_input with timeout=None) for what nobody here sends; give "
            "it a timeout"
        )
    names = _names(flow, given)
    if reason := unfound_file(source_of(flow.fn), names):
        return reason
    for owner, function, known in _calls(flow, stood_in, names):
        if reason := unfound_host(source_of(function), known):
            return f"{owner}{reason}{_INSTEAD if owner else ''}"
    return ""


def absent(flow: Flow, stood_in: Collection[str]) -> str:
    """The block or deployment that they ask the server for, and that it does not have."""
    for owner, function in _bodies(flow, stood_in):
        for asked, name, read in _asked(function):
            with get_client(sync_client=True) as client:
                try:
                    read(client)
                except ObjectNotFound:
                    there = f"asks for the {asked} {name!r}, which this session's server has not"
                    return f"{owner}{there}; save it there first{_INSTEAD if owner else ''}"
    return ""


def _bodies(flow: Flow, stood_in: Collection[str]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The function of the flow, and of each task that it is sure to name, with words for it."""
    yield "", flow.fn
    for node in certain(source_of(flow.fn)):
        thing = _meant(node, flow.fn)
        if isinstance(thing, Task) and thing.name not in stood_in:
            yield f"task {thing.name!r} ", thing.fn


def _calls(
    flow: Flow, stood_in: Collection[str], names: Mapping[str, Any]
) -> Iterator[tuple[str, Callable[..., Any], Mapping[str, Any]]]:
    """The same for each call, with what is known of the names in the body."""
    yield "", flow.fn, names
    for node in certain(source_of(flow.fn)):
        task = _meant(node.func, flow.fn) if isinstance(node, ast.Call) else None
        if isinstance(task, Task) and task.name not in stood_in:
            with contextlib.suppress(TypeError, ValueError):  # what does not fit tells itself later
                words = {word.arg: word.value for word in node.keywords if word.arg}
                bound = inspect.signature(task.fn).bind_partial(*node.args, **words).arguments
                given = {
                    name: text_of(value, names)
                    for name, value in bound.items()
                    if isinstance(value, ast.AST)
                }
                yield f"task {task.name!r} ", task.fn, _names(task, given)


def _names(thing: Flow | Task, given: Mapping[str, Any]) -> dict[str, Any]:
    """What names stand for in a body: globals, parameters by their defaults, and what is given."""
    function = inspect.unwrap(thing.fn)
    parameters = inspect.signature(function).parameters.values()
    defaults = {one.name: one.default for one in parameters}
    return {**function.__globals__, **defaults, **given}


def _is_endless(node: ast.AST, flow: Flow) -> bool:
    match node:
        case ast.Call(ast.Name() as called, keywords=words):
            ends = [word.value for word in words if word.arg == "timeout"]
            unending = any(isinstance(end, ast.Constant) and end.value is None for end in ends)
            return unending and _meant(called, flow.fn) is receive_input
    return False


def _meant(node: ast.AST, function: Callable[..., Any]) -> Any:
    """The global that a node names."""
    scope = inspect.unwrap(function).__globals__
    return scope.get(node.id) if isinstance(node, ast.Name) else None


def _asked(function: Callable[..., Any]) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
    """What is asked for, its name, and how to read it: for names that stand in the source."""
    source = source_of(function)
    for node in certain(source):
        match node:
            case ast.Call(ast.Attribute(owner, "load" | "aload"), [ast.Constant(str(name)), *_]):
                kind = _meant(owner, function)
                text = "".join(inspect.findsource(inspect.unwrap(function))[0])
                saved = re.search(rf"\.a?save\(\s*(name=)?['\"]{re.escape(name)}['\"]", text)
                named = inspect.isclass(kind) and issubclass(kind, Block) and "/" not in name
                if named and kind is not Block and not saved:
                    slug = kind.get_block_type_slug()
                    yield (
                        f"{kind.__name__} block",
                        name,
                        lambda client, name=name, slug=slug: client.read_block_document_by_name(
                            name, slug
                        ),
                    )
            case ast.Call(called, [ast.Constant(str(name)), *_]):
                # One without a slash is an id.
                if _meant(called, function) is run_deployment and "/" in name:
                    yield (
                        "deployment",
                        name,
                        lambda client, name=name: client.read_deployment_by_name(name),
                    )
