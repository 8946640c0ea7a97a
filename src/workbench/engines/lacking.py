"""What a function is sure to ask for and is not there, read in its source before it is called.

Sure is what stands in its body itself, with what a loop goes over, a branch asks and a `with`
enters first; not what is inside of those, of a `try` or a function, and nothing after the first
that may return.
Less is told than is lacking, and nothing that the call may do without.
"""

import ast
import builtins
import importlib.util
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

_LATER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_PERHAPS = (*_LATER, ast.IfExp, ast.BoolOp)


def lacking(function: Callable[..., Any]) -> str:
    """What is lacking, in words; empty where nothing is known to be."""
    function, source = inspect.unwrap(function), source_of(function)
    if not source:
        return ""
    code, scope = function.__code__, function.__globals__
    known = {*code.co_varnames, *code.co_cellvars, *code.co_freevars, *scope, *dir(builtins)}
    unknown = {name for name in code.co_names if name not in known}
    text = "".join(inspect.findsource(function)[0])
    for node in certain(source):
        name = getattr(node, "id", None)
        if name in unknown and not re.search(rf"\bglobal\b.*\b{name}\b", text):
            return f"names {name}, which its file does not define"
    return lacking_package(source)


def lacking_package(source: str) -> str:
    """The first package that a function's source is sure to import, and that is not installed."""
    for node in certain(source):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for package in (name.partition(".")[0] for name in names):
            if package not in sys.modules and importlib.util.find_spec(package) is None:
                return f"imports {package}, which is not installed here"
    return ""


def source_of(function: Callable[..., Any]) -> str:
    """The source of a function, unwrapped; empty for what has none that can be read."""
    function = inspect.unwrap(function)
    try:
        return inspect.getsource(function) if inspect.isfunction(function) else ""
    except (OSError, TypeError):
        return ""


def certain(source: str) -> Iterator[ast.AST]:
    """The nodes of a function's body that a call is sure to come to; what contains others first."""
    for part in _heads(source):
        yield from _inside(part)


def performed(source: str) -> Iterator[ast.AST]:
    """The same in the order in which they are done: what a call is given before the call."""
    for part in _heads(source):
        yield from _inside(part, inner_first=True)


def _heads(source: str) -> Iterator[ast.AST]:
    """Statements, and of those that hold others what is done in any case."""
    try:
        parts = ast.parse(textwrap.dedent(source)).body
    except (SyntaxError, ValueError):
        return
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    for statement in next((part.body for part in parts if isinstance(part, kinds)), ()):
        if isinstance(statement, ast.With | ast.AsyncWith):
            yield statement.items[0].context_expr
        elif head := getattr(statement, "iter", getattr(statement, "test", None)):
            yield head
        elif not (hasattr(statement, "body") or isinstance(statement, ast.Match)):
            yield statement
        if any(isinstance(node, ast.Return | ast.Raise) for node in ast.walk(statement)):
            return


def _inside(node: ast.AST, inner_first: bool = False) -> Iterator[ast.AST]:
    if isinstance(node, _PERHAPS):
        return
    if not inner_first:
        yield node
    for field, child in ast.iter_fields(node):
        for part in child if isinstance(child, list) else [child]:
            if isinstance(part, ast.AST) and field != "annotation":
                yield from _inside(part, inner_first)
    if inner_first:
        yield node
