"""Whether the functions that an observer goes by are still those of before an answer was loaded.

An answer shares its process with what observes it there. What it puts in the place of a function
or method, or before it, is found out; what it does to memory by other means is not.
"""

import builtins
import sys
from collections.abc import Iterator, Mapping
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, WrapperDescriptorType
from typing import Any

CALLABLE = (
    *(FunctionType, BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType),
    *(type, classmethod, staticmethod, property),
)


class Seal:
    """What the modules of these packages that are imported by now hold."""

    def __init__(self, *packages: str):
        self._spaces = [
            (
                *(where, space, set(space)),
                {
                    name: (value, _code(value))
                    for name, value in space.items()
                    if isinstance(value, CALLABLE)
                },
            )
            for where, space in _spaces(packages)
        ]

    def broken(self) -> str:
        """The name of something that was replaced, or covered, since; "" where nothing was."""
        for where, space, names, parts in self._spaces:
            for name, (value, code) in parts.items():
                if space.get(name) is not value or _code(value) is not code:
                    return f"{where}.{name}"
            for name in space.keys() - names:
                if _covers(name, space):
                    return f"{where}.{name}"
        return ""


def _spaces(packages: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Of each module, and of each class that a module defines: its name, and what it holds."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in packages and module is not None:
            yield name, vars(module)
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == name:
                    yield f"{name}.{value.__name__}", vars(value)


def _covers(name: str, space: Mapping[str, Any]) -> bool:
    """Whether a name that is new hides another: a base class's method, or a builtin function."""
    is_class = not isinstance(space, dict)
    return isinstance(space[name], FunctionType) if is_class else name in vars(builtins)


def _code(value: Any) -> Any:
    """The code object that a function or method runs, if it runs any."""
    function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    return getattr(function, "__code__", None)
