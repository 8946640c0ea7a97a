"""Whether the functions that an observer goes by are still those of before an answer was loaded.

An answer shares its process with what observes it there. What it puts in the place of a function,
method, class or module, into one of them, or before it, is found out; what it does to memory by
other means is not.
"""

import builtins
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter, is_not
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, ModuleType
from types import WrapperDescriptorType as WrapperType
from typing import Any, NamedTuple

# What a function does, and calls, by the kind of function.
PARTS = {
    FunctionType: ("__code__", "__defaults__", "__kwdefaults__"),
    **{classmethod: ("__func__",), staticmethod: ("__func__",)},
    property: ("fget", "fset", "fdel"),
}
# Of sys: what only ends a process, or answers who types, and is anybody's to set.
HOOKS = ("excepthook", "unraisablehook", "displayhook", "breakpointhook")
CALLED = (*PARTS, BuiltinFunctionType, MethodDescriptorType, WrapperType, type, ModuleType)


class Space(NamedTuple):
    """What has names for functions: a module, or a class that a module defines."""

    where: str
    owner: Any
    holds: Mapping[str, Any]
    names: frozenset[str]


class Reading(NamedTuple):
    """What `get` gave for each of these, and their names. Of many it is compared in a moment."""

    get: Callable[[Any], Any]
    asked: Sequence[Any]
    gave: Sequence[Any]
    where: Sequence[str]

    @classmethod
    def of(cls, get: Callable[[Any], Any], named: Sequence[tuple[str, Any]]) -> "Reading":
        asked = [one for _, one in named]
        return cls(get, asked, [*map(get, asked)], [where for where, _ in named])


class Seal:
    """What these modules, and those below them, hold, as far as they are imported by now."""

    def __init__(self, *modules: str):
        self._spaces = tuple(_spaces(modules))
        self._readings = (*_names(self._spaces), *_insides(self._spaces))

    def watch(self) -> Callable[[], str]:
        """What gives the name of something that was replaced, or covered, since; "" for nothing.

        Make it before an answer runs: what it consists of has no name that could be another's then.
        """
        own = {**globals(), "__builtins__": dict(vars(builtins))}
        for name in ("_broken", "_covers"):
            own[name] = FunctionType(own[name].__code__, own)
        return partial(own["_broken"], self._spaces, self._readings)


def _broken(spaces: tuple[Space, ...], readings: tuple[Reading, ...]) -> str:
    for get, asked, gave, where in readings:
        if any(map(is_not, map(get, asked), gave)):
            changed = map(is_not, map(get, asked), gave)
            return next(name for name, differs in zip(where, changed, strict=True) if differs)
    for where, owner, holds, names in spaces:
        for name in () if holds.keys() <= names else holds.keys() - names:
            if _covers(name, owner, holds[name]):
                return f"{where}.{name}"
    return ""


def _covers(name: str, owner: Any, value: Any) -> bool:
    """Whether a name that is new hides another: a base class's method, or a builtin function."""
    if isinstance(owner, ModuleType):
        return owner is not builtins and name in vars(builtins)
    inherited = [vars(base)[name] for base in type.mro(owner)[1:] if name in vars(base)]
    if any(one is value for one in inherited):  # as typing.Protocol has it, when it is first used
        return False
    binds = callable(value) or hasattr(value, "__get__")
    return isinstance(value, CALLED) or bool(inherited and binds)


def _spaces(modules: tuple[str, ...]) -> Iterator[Space]:
    """Of each module, and of each class that a module defines."""
    below = tuple(f"{module}." for module in modules)
    for name, module in list(sys.modules.items()):
        if (name in modules or name.startswith(below)) and module is not None:
            yield Space(name, module, vars(module), frozenset(vars(module)))
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == name:
                    holds = vars(value)
                    yield Space(f"{name}.{value.__name__}", value, holds, frozenset(holds))


def _names(spaces: tuple[Space, ...]) -> Iterator[Reading]:
    """Which modules there are, of which kind each is, or below which classes, and what each name
    stands for; of modules that others than these use, too, Airflow itself replaces some."""
    modules = [space for space in spaces if isinstance(space.owner, ModuleType)]
    owners = [(space.where, space.owner) for space in spaces]
    yield Reading.of(sys.modules.get, [(space.where, space.where) for space in modules])
    yield Reading.of(type, owners)
    yield Reading.of(
        attrgetter("__bases__"), [pair for pair in owners if isinstance(pair[1], type)]
    )
    believed = {id(space.owner) for space in modules}
    for space in spaces:
        called = [
            name
            for name, value in space.holds.items()
            if isinstance(value, CALLED)
            and not (space.owner is sys and name in HOOKS)
            and (type(value) is not ModuleType or id(value) in believed)
        ]
        yield Reading.of(space.holds.get, [(f"{space.where}.{name}", name) for name in called])


def _insides(spaces: tuple[Space, ...]) -> Iterator[Reading]:
    """What there is in each function, and in those that are within it."""
    cells, known = [], {}
    functions = [
        (f"{space.where}.{name}", value) for space in spaces for name, value in space.holds.items()
    ]
    while functions:
        where, function = functions.pop()
        if type(function) not in PARTS or id(function) in known:
            continue
        known[id(function)] = where, function
        functions += [(where, getattr(function, part)) for part in PARTS[type(function)]]
        for cell in getattr(function, "__closure__", None) or ():
            if isinstance(content := _content(cell), (*CALLED, str)):
                cells.append((where, cell))
                functions.append((where, content))
        if by_name := getattr(function, "__kwdefaults__", None):
            yield Reading.of(by_name.get, [(where, name) for name in by_name])
    yield Reading.of(attrgetter("cell_contents"), cells)
    for kind, parts in PARTS.items():
        of_kind = [pair for pair in known.values() if type(pair[1]) is kind]
        for part in parts:
            yield Reading.of(attrgetter(part), of_kind)


def _content(cell: Any) -> Any:
    """What a cell holds; None of one that is empty."""
    try:
        return cell.cell_contents
    except ValueError:
        return None
