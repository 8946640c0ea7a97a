"""What a file holds that can be drawn or run: a pipeline, a DAG, a flow, a record."""

import ast
import contextlib
import functools
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from workbench import workspace
from workbench.engines.reading import executed
from workbench.engines.registry import Spec, hook, offers, specs, suffixes
from workbench.graph import PipelineError
from workbench.record import Record
from workbench.wording import either

RECORD = ".jsonl"
Reader = Callable[[Path], dict[str, Any]]


def things_in(path: str | Path) -> dict[str, Any]:
    """Name → thing for everything in ``path``, which is executed if it is a Python file.

    Names are those of variables, or what the engine calls its things (a DAG's id), or the file's.
    Raise PipelineError with the cause when there is nothing.
    """
    path = workspace.located(path)
    kinds = either([".py", *suffixes(), RECORD])
    if not path.is_file():
        raise PipelineError(f"{path}: no such file; give a {kinds} file")
    if path.suffix == RECORD:
        return {path.name: Record.load(path)}
    if path.suffix in suffixes():
        return {path.name: path}
    if path.suffix != ".py":
        raise PipelineError(f"{path}: cannot be drawn; give a {kinds} file")
    return _things_in_code(path.absolute())  # an engine that is prepared may leave this folder


def _things_in_code(path: Path) -> dict[str, Any]:
    """What every engine that the file imports finds in it.

    An engine with a loader reads the file by that, the others' things are what the executed file
    leaves at its top level. A file that leaves nothing may still build things by way of a module
    of its author's; the word is then enough for the engine's loader to have a look.
    """
    imported = _packages_imported_by(path)
    engines = [spec for spec in specs().values() if imported & spec.packages]
    loaders = [spec for spec in engines if spec.load]
    readers = [hook(spec, spec.load) for spec in loaders]
    if not loaders or len(loaders) < len(engines):
        readers.append(functools.partial(_left_by, engines=tuple(engines), besides=loaders))
    things, refusals = _read(readers, path)
    if not things:
        text = path.read_text(encoding="utf-8", errors="replace")
        others = [spec for spec in specs().values() if spec.load and spec not in loaders]
        mentioned = [hook(spec, spec.load) for spec in others if spec.name in text]
        things, more = _read(mentioned, path)
        refusals += more
    if not things:
        raise refusals[0]
    return things


def _read(readers: Iterable[Reader], path: Path) -> tuple[dict[str, Any], list[PipelineError]]:
    """What the readers find together, and why those that find nothing do not."""
    things: dict[str, Any] = {}
    refusals = []
    for reader in readers:
        try:
            things |= reader(path)
        except PipelineError as error:
            refusals.append(error)
    return things, refusals


def _packages_imported_by(path: Path) -> set[str]:
    """The top-level packages, wherever in the file; none of what is not Python: told later."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (SyntaxError, ValueError):
        return set()
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level
    ]
    return {module.partition(".")[0] for module in modules}


def _left_by(path: Path, engines: tuple[Spec, ...], besides: Iterable[Spec]) -> dict[str, Any]:
    """Variable → thing at the top level of the executed file, other than things of ``besides``; a
    part that could be run by itself where nothing is whole."""
    values = {name: value for name, value in executed(path, engines).items() if name[:1] != "_"}
    values |= _members_of_classes(values, path.stem)
    for classes in (lambda spec: spec.whole, lambda spec: spec.alone):
        owners = {name: _owner(value, classes) for name, value in values.items()}
        things = {name: values[name] for name, one in owners.items() if one and one not in besides}
        if things:
            return things
    kinds = either([offer.partition(" ")[2] for offer in offers()])
    raise PipelineError(f"{path}: nothing to draw; it defines no {kinds} at its top level")


def _members_of_classes(values: dict[str, Any], module: str) -> dict[str, Any]:
    """ "Class.name" → every whole thing in the classes that a file defines; a method is bound to an
    object of its class, where one can be made of nothing."""
    members = {}
    for kind in values.values():
        if not inspect.isclass(kind) or kind.__module__ != module:
            continue
        for name in vars(kind):
            value = getattr(kind, name, None)
            if name[:1] != "_" and _owner(value, lambda spec: spec.whole):
                with contextlib.suppress(Exception):  # the class is its author's
                    if next(iter(inspect.signature(value).parameters), "") == "self":
                        value = getattr(kind(), name)
                members[f"{kind.__name__}.{name}"] = value
    return members


def _owner(value: Any, classes: Callable[[Spec], frozenset[str]]) -> Spec | None:
    """The engine that a value is a thing of, by its class."""
    for kind in type(value).__mro__:
        for spec in specs().values():
            if kind.__name__ in classes(spec) and spec.owns(kind.__module__):
                return spec
    return None
