"""Whether a function is still what it was before its file or cell was edited."""

import inspect
from types import CodeType
from typing import Any


def code_of(function: Any) -> Any:
    """What a function does by its own code, to be compared: equal for one that was only moved.
    What it calls is not looked at."""
    function = inspect.unwrap(function) if callable(function) else function
    code = getattr(function, "__code__", None)
    cells = [_constant(cell.cell_contents) for cell in getattr(function, "__closure__", None) or ()]
    given = [*map(_constant, getattr(function, "__defaults__", None) or ()), *cells]
    return (_instructions(code), given) if code else type(function).__name__


def _instructions(code: CodeType) -> Any:
    return code.co_code, code.co_names, [*map(_constant, code.co_consts)]


def _constant(value: Any) -> Any:
    if isinstance(value, CodeType):
        return _instructions(value)
    plain = isinstance(value, int | float | str | bytes | tuple | frozenset | None)
    return repr(value) if plain else type(value).__name__
