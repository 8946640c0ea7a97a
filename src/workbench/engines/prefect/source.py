"""What a flow's source tells of its tasks before it has run: which of them it names."""

import inspect
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any

from prefect import Flow, Task


def tasks_named_in(flow: Flow) -> dict[str, Task]:
    """Name → task, for every task that the flow's code names, those of the flows it calls included
    ("subflow/task"). Their order is that of the names; edges are not known.

    A guess, made to have something to draw: every name in the compiled function is looked up in the
    function's scope, and counts if it is a task now. It misses a task that is made or looked up
    while the flow runs (``tasks["train"]()``, a local variable, an attribute of an object, a plain
    function that calls it), and it names one that is mentioned and never called. The run puts both
    right: what is called appears, what is not called is skipped.
    """
    return dict(_named_in(flow, "", frozenset()))


def _named_in(flow: Flow, path: str, visited: frozenset[Flow]) -> Iterator[tuple[str, Task]]:
    for thing in _mentioned(flow):
        if isinstance(thing, Task):
            yield path + thing.name, thing
        elif isinstance(thing, Flow) and thing not in visited and thing is not flow:
            yield from _named_in(thing, f"{thing.name}/", visited | {thing, flow})


def _mentioned(flow: Flow) -> Iterator[Any]:
    """The values of the names in the flow's code, and of such names in the modules among them."""
    scope = {**flow.fn.__globals__, **inspect.getclosurevars(flow.fn).nonlocals}
    names = list(_names(flow.fn.__code__))
    values = [scope[name] for name in names if name in scope]
    yield from values
    for module in values:
        if isinstance(module, ModuleType):  # ``steps.train()``: "train" is one of the names
            yield from (getattr(module, name, None) for name in names)


def _names(code: CodeType) -> Iterator[str]:
    """Global, attribute and closure names in a function's code, and in functions inside it."""
    yield from (*code.co_names, *code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
