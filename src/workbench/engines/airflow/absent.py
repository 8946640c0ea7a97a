"""Modules that are not installed: a DAG file that imports from one is read all the same, its tasks
are drawn, and one of them runs where something stands in for it."""

import ast
import contextlib
import inspect
import sys
import sysconfig
from collections.abc import Collection, Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench.engines.airflow.placeholders import (
    PREFIX,
    LentModule,
    decorators_for,
    installed,
)

_WIDE = {"ImportError", "ModuleNotFoundError", "Exception"}  # what catches a module's lack


@contextlib.contextmanager
def lent(path: Path) -> Iterator[None]:
    """Let a DAG file import from what is not installed, and forget that at the end."""
    from airflow.sdk import task

    keywords = _keywords_in(path)
    finder, decorators = _Finder(path, keywords), decorators_for(keywords)
    sys.meta_path.append(finder)
    vars(task).update(decorators)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in decorators:
            vars(task).pop(name, None)  # two files may be read at once
        for name, module in list(sys.modules.items()):
            if isinstance(module, LentModule):
                del sys.modules[name]


def _keywords_in(path: Path) -> set[str]:
    """What the file gives by name to anything; Airflow asks an operator what it may be given."""
    nodes = ast.walk(_tree(str(path)))
    return {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}


def _tree(path: str) -> ast.AST:
    try:
        return ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ast.Module([], [])


class _Finder(MetaPathFinder, Loader):
    """Asked last, when a module is nowhere; lends to the DAG file and to its author's modules."""

    def __init__(self, path: Path, keywords: Collection[str]) -> None:
        self._path, self._keywords = str(path), keywords

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if (name.startswith("airflow.") and not name.startswith(PREFIX)) or installed(name):
            return None
        file, line = _asking()
        if file != self._path and file.startswith(tuple(sysconfig.get_paths().values())):
            return None
        return None if provided_for(_tree(file), line) else ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return LentModule(spec.name, self._keywords)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def _asking() -> tuple[str, int]:
    """The file and line of the import that is under way."""
    frame = inspect.currentframe().f_back.f_back
    while frame.f_back and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def provided_for(tree: ast.AST, line: int) -> bool:
    """Whether this code does without what a line imports, where that is lacking."""
    return not all(map(_raises, _handlers(tree, line)))


def insisted_on(tree: ast.AST, line: int) -> bool:
    """Whether this code says what to do where that is lacking, and does not go on."""
    return any(map(_raises, _handlers(tree, line)))


def _handlers(tree: ast.AST, line: int) -> list[ast.ExceptHandler]:
    """What takes over where a line finds no module."""
    return [
        handler
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and node.body[0].lineno <= line <= node.body[-1].end_lineno
        for handler in node.handlers
        if _catches(handler)
    ]


def _catches(handler: ast.ExceptHandler) -> bool:
    caught = {getattr(node, "id", "") for node in ast.walk(handler.type)} if handler.type else _WIDE
    return bool(caught & _WIDE)


def _raises(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.body[-1], ast.Raise)
