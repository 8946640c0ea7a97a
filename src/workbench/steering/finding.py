"""One thing out of whatever a path names: a file, a folder of files, or ``module:name``."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.engines.files import things_in
from workbench.engines.registry import suffixes
from workbench.graph import PipelineError
from workbench.picture import few

_MODULE = re.compile(r"([\w.]+):(\w+)")
_FILE = re.compile(r"(.+\.py):(\w+)")


def files_in(folder: Path) -> list[Path]:
    """The files below a folder that may hold things, in order; none of a hidden folder."""
    kinds = {".py", *suffixes()}
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in kinds and path.is_file()]
    parts = ("__pycache__", "__init__.py")
    return [
        path
        for path in files
        if not any(part in parts or part[0] == "." for part in path.relative_to(folder).parts)
    ]


def chosen(path: str, name: str | None = None) -> tuple[str, Any]:
    """The name and the thing that ``path`` means; of several the one called ``name``.

    Raise PipelineError where there is none, or several and no name, with the names that there are.
    """
    if (split := _FILE.fullmatch(path)) and not Path(path).exists():
        path, name = split.groups()
    if (split := _MODULE.fullmatch(path)) and not Path(path).exists():
        return _of_module(*split.groups())
    things: dict[str, Any] = {}
    for more in _read(Path(path), name):
        things |= more
        if name in things:
            return name, things[name]
    names = few(tuple(things), 10) or "none"
    if name is not None:
        raise PipelineError(f"{path}: there is no {name!r} in it (there is: {names})")
    if len(things) != 1:
        raise PipelineError(f"{path}: {len(things)} things are in it, choose by --name: {names}")
    return next(iter(things.items()))


def _read(path: Path, name: str | None) -> Iterator[dict[str, Any]]:
    """Name → thing, file by file; of a folder those first that mention the name. A file of a folder
    that cannot be read is passed over."""
    if not path.is_dir():
        yield things_in(path)
        return
    mentions = (name or "").encode()
    files = files_in(path)
    for file in sorted(files, key=lambda file: mentions not in file.read_bytes()):
        try:
            yield things_in(file)
        except PipelineError:
            continue


def _of_module(module: str, name: str) -> tuple[str, Any]:
    """What a module that can be imported from here calls ``name``."""
    sys.path.append(str(Path.cwd()))
    try:
        return name, getattr(importlib.import_module(module), name)
    except Exception as error:
        text = " ".join(str(error).split())
        raise PipelineError(f"{module}:{name}: {type(error).__name__}: {text}") from None
    finally:
        sys.path.remove(str(Path.cwd()))
