"""Edges that the flow's source says, for values that Python has only once: None, True, "a".

An argument that is written as a call of a task (``two(one())``), or as a variable that nothing but
such a call has ever set, came from that call, if it still is what the call gave.
"""

import ast
import concurrent.futures
import contextlib
import dis
import functools
import linecache
import typing
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import prefect

import workbench
from workbench.engines.prefect.origins import leaves

ENGINES = (  # whose code calls a learner's: folders, generics, dataclasses
    *(str(Path(module.__file__).parent) for module in (prefect, concurrent.futures, workbench)),
    typing.__file__,
    "<string>",
)
Place = tuple[int, int | None, int | None, int | None]  # as CPython has them in its code


class Written:
    """The calls of one flow by where they are written. Not thread-safe."""

    def __init__(self) -> None:
        # Frames are kept until the flow ends, or another could be taken for one that has gone.
        self._given: dict[tuple[FrameType, Place], tuple[str, Any]] = {}

    def given(self, call: str, value: Any, where: tuple[FrameType, Place] | None) -> None:
        """The call at ``where`` has given ``value``."""
        if where:
            self._given[where] = call, value

    def received(self, where: tuple[FrameType, Place] | None, values: list[Any]) -> set[str]:
        """Names of the calls that gave arguments of the call at ``where``, by its source."""
        if where is None:
            return set()
        frame, place = where
        calls = (self._given.get((frame, origin)) for origin in _origins(frame.f_code, place))
        parts = {id(part) for part in leaves(values)}
        return {call for call, value in filter(None, calls) if id(value) in parts}


def written_at(frame: FrameType | None) -> tuple[FrameType, Place] | None:
    """The flow's own frame among those that have led to this one, and the call it is at."""
    while frame and frame.f_code.co_filename.startswith(ENGINES):
        frame = frame.f_back
    return frame and (frame, _place(frame.f_code, frame.f_lasti))


def _place(code: CodeType, offset: int) -> Place:
    line, last_line, column, last = list(code.co_positions())[offset // 2]
    return line, last_line, column, last


def _of(node: ast.expr) -> Place:
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


def _origins(code: CodeType, place: Place) -> list[Place]:
    """Where the arguments of the call at ``place`` are written as calls."""
    nodes = _nodes(code.co_filename)
    call = _awaited(nodes.get(place))
    written = [*call.args, *(word.value for word in call.keywords)] if call else []
    origins = [
        nodes.get(_only_target(code, argument.id)) if isinstance(argument, ast.Name) else argument
        for argument in written
    ]
    return [_of(node) for node in origins if _awaited(node)]


def _awaited(node: ast.AST | None) -> ast.Call | None:
    """The call that a node is, awaited or not."""
    inside = node.value if isinstance(node, ast.Await) else node
    return inside if isinstance(inside, ast.Call) else None


@functools.lru_cache(16)
def _nodes(file: str) -> dict[Place, ast.expr]:
    """Calls by their place, and by that of the one variable that they are assigned to."""
    with contextlib.suppress(SyntaxError, ValueError):
        nodes = list(ast.walk(ast.parse("".join(linecache.getlines(file)))))
        calls = {_of(node): node for node in nodes if isinstance(node, ast.Call | ast.Await)}
        for node in nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                calls[_of(node.targets[0])] = node.value
        return calls
    return {}


def _only_target(code: CodeType, name: str) -> Place | None:
    """Where a function sets its variable, if in one place and nobody else can."""
    given = code.co_argcount + code.co_kwonlyargcount + (code.co_flags & 12).bit_count()
    if name not in code.co_varnames[given:]:
        return None
    changes = [
        step.offset
        for step in dis.get_instructions(code)
        if step.argval == name and step.opname.startswith(("STORE", "DELETE"))
    ]
    return _place(code, changes[0]) if len(changes) == 1 else None
