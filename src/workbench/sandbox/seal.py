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
    """What these modules, and those below them, hold, as far as they are imported by now."""

    def __init__(self, *modules: str):
        self._names, self._parts = [], []
        for where, space in _spaces(modules):
            self._names.append((where, space, set(space)))
            for name, value in space.items():
                if isinstance(value, CALLABLE):
                    function = _function(value)
                    code = getattr(function, "__code__", None)
                    self._parts.append((where, space, name, value, function, code))

    def broken(self) -> str:
        """The name of something that was replaced, or covered, since; "" where nothing was."""
        for where, space, name, value, function, code in self._parts:
            if space.get(name) is not value or (code and function.__code__ is not code):
                return f"{where}.{name}"
        for where, space, names in self._names:
            for name in space.keys() - names:
                if _covers(name, space):
                    return f"{where}.{name}"
        return ""


def _spaces(modules: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Of each module, and of each class that a module defines: its name, and what it holds."""
    below = tuple(f"{module}." for module in modules)
    for name, module in list(sys.modules.items()):
        if (name in modules or name.startswith(below)) and module is not None:
            yield name, vars(module)
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == name:
                    yield f"{name}.{value.__name__}", vars(value)


def _covers(name: str, space: Mapping[str, Any]) -> bool:
    """Whether a name that is new hides another: a base class's method, or a builtin function."""
    is_class = not isinstance(space, dict)
    return isinstance(space[name], FunctionType) if is_class else name in vars(builtins)


def _function(value: Any) -> Any:
    """What a method, or a property, calls."""
    return value.fget if isinstance(value, property) else getattr(value, "__func__", value)
