"""What code is sure to ask of the world outside and does not find: a host, by its name, and a file.

Sure is what `lacking` calls sure, and here an address that stands in the source, in a name that
holds a text, or in what the function is given.
"""

import ast
import contextlib
import socket
import textwrap
import threading
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench.engines.lacking import certain, performed

PATIENCE = 3.0  # seconds for a name service; one that takes longer is not known to find nothing
_ASKING = {  # package → its functions that ask the address they are given first
    "requests": ("get", "post", "put", "patch", "delete", "head"),
    "httpx": ("get", "post", "put", "patch", "delete", "head"),
    "urllib.request": ("urlopen", "urlretrieve"),
    "pandas": ("read_csv", "read_json", "read_parquet", "read_excel", "read_html", "read_xml"),
}
_SHOWING = {"print", "len", "str", "get_run_logger", "getLogger", "info", "debug", "warning"}


def unfound_host(source: str, names: Mapping[str, Any]) -> str:
    """The host that a function of this ``source`` asks and that is not found, in words; empty where
    none is known to be. ``names`` holds what names stand for, as far as that is known."""
    known, once = _before(source, names)
    for node in certain(source):
        _learn(node, known, once)
        if (url := _asked(node, known)) and (host := unknown_host(url)):
            return f"asks {host}, a name that is not found from here"
    return ""


def unknown_host(url: str) -> str:
    """The host of an address whose name nobody knows here; empty if it is known, or may be."""
    with contextlib.suppress(ValueError):
        host = urllib.parse.urlsplit(url).hostname or ""
        if host and not urllib.request.getproxies() and not _found(host):
            return host
    return ""


def _found(host: str) -> bool:
    """Whether a name service knows the host, or has not said that it does not."""
    denied = threading.Event()

    def ask() -> None:
        try:
            socket.getaddrinfo(host, None)
        except (OSError, UnicodeError):  # the latter for what can be no name
            denied.set()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return not denied.is_set()


def _before(source: str, names: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """What is known of the names that the function never sets, and those that it sets once."""
    stores: Counter[str] = Counter()
    with contextlib.suppress(SyntaxError, ValueError):
        nodes = ast.walk(ast.parse(textwrap.dedent(source)))
        stores.update(n.id for n in nodes if isinstance(n, ast.Name) and not _is_read(n))
    once = {name for name, times in stores.items() if times == 1}
    return {name: value for name, value in names.items() if name not in stores}, once


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _learn(node: ast.AST, names: dict[str, Any], once: set[str]) -> None:
    """What a statement makes known: an import, and a text for a name that is set here alone."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            head = alias.name.partition(".")[0]
            names[alias.asname or head] = ModuleType(alias.name if alias.asname else head)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            names[alias.asname or alias.name] = ModuleType(f"{node.module}.{alias.name}")
    elif isinstance(node, ast.Assign):
        target = getattr(node.targets[0], "id", None)
        if target in once:
            names[target] = text_of(node.value, names)


def text_of(node: ast.AST | None, names: Mapping[str, Any]) -> str:
    """The text that an expression is, or begins with; empty where that is not known."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.Name(name):
            return names.get(name) if isinstance(names.get(name), str) else ""
        case ast.JoinedStr([ast.FormattedValue(value), ast.Constant(str(rest)), *_]):
            return text_of(value, names) if rest.startswith("/") else ""
        case ast.JoinedStr([first, *_]):
            # What follows may change the last part of it, a host for example.
            return text_of(first, names).rpartition("/")[0]
        case ast.Call(ast.Name("Path") | ast.Attribute(attr="Path"), [one]):
            return text_of(one, names)
    return ""


def _asked(node: ast.AST, names: Mapping[str, Any]) -> str:
    """The address that a call asks, if it is one of HTTP's."""
    if not isinstance(node, ast.Call) or not (path := _path(node.func, names)):
        return ""
    package, _, function = path.rpartition(".")
    given = node.args[0] if node.args else None
    url = text_of(given, names) if function in _ASKING.get(package, ()) else ""
    return url if url.startswith(("http://", "https://")) else ""


def _path(node: ast.AST, names: Mapping[str, Any]) -> str:
    """The full name of what a function is called by: a module's member."""
    if isinstance(node, ast.Attribute):
        outer = _path(node.value, names)
        return outer and f"{outer}.{node.attr}"
    value = names.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(value, ModuleType):
        return value.__name__
    owner, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not (isinstance(owner, str) and isinstance(name, str)):
        return ""
    return f"{owner if owner in _ASKING else owner.partition('.')[0]}.{name}"


def unfound_file(source: str, names: Mapping[str, Any]) -> str:
    """The file that a function opens to read it, before anything that it calls could have made it,
    and that is not there: in words, as above."""
    names, once = _before(source, names)
    for node in performed(source):
        _learn(node, names, once)
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = name or getattr(node.func, "id", "")
        file = _opened(node, name, names)
        if file and "://" not in file and not Path(file).exists():
            return f"opens {file}, which does not lie in {Path(file).absolute().parent}"
        if not file and name not in (*_SHOWING, "Path"):
            return ""
    return ""


def _opened(call: ast.Call, name: str, names: Mapping[str, Any]) -> str:
    """The name of the file that a call opens to read it."""
    reads_itself = name in ("read_text", "read_bytes") and isinstance(call.func, ast.Attribute)
    if reads_itself and isinstance(call.func.value, ast.Call):
        return text_of(call.func.value, names)
    first = call.args[0] if call.args else None
    if isinstance(first, ast.JoinedStr):
        return ""
    if isinstance(call.func, ast.Name) and name == "open" and "open" not in names:
        modes = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "mode")]
        read = all(isinstance(m, ast.Constant) and str(m.value) in ("r", "rb", "rt") for m in modes)
        return text_of(first, names) if read else ""
    package, _, function = _path(call.func, names).rpartition(".")
    return text_of(first, names) if package == "pandas" and function in _ASKING[package] else ""
