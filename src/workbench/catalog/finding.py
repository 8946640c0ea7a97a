"""One thing out of whatever a path names: a file, a folder of files, or ``module:name``."""

import importlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.capture import one_line
from workbench.catalog.entry import Entry
from workbench.catalog.listing import entries, files_in
from workbench.engines.files import things_in
from workbench.graph import PipelineError
from workbench.wording import few

_MODULE = re.compile(r"([\w.]+):(\w+)")
_FILE = re.compile(r"(.+\.py):(\w+)")


@dataclass(frozen=True)
class Choice:
    """A thing and its name; ``unread`` says of each file of the folder that could not be read
    why, ``file`` where the thing is from, if that is a file."""

    name: str
    thing: Any
    file: Path | None = None
    unread: tuple[str, ...] = ()


def chosen(path: str, name: str | None = None) -> Choice:
    """The thing that ``path`` means; of several the one called ``name``.

    Raise PipelineError where there is none, or several and no name, with the names that there are.
    """
    if (split := _FILE.fullmatch(path)) and not Path(path).exists():
        path, name = split.groups()
    if (split := _MODULE.fullmatch(path)) and not Path(path).exists():
        return Choice(split[2], _of_module(*split.groups()))
    if Path(path).is_dir():
        return _of_folder(Path(path), name)
    file = Path(path).absolute()
    things = things_in(path)
    only = _only(path, name, tuple(things), "")
    return Choice(only, things[only], file)


def _of_folder(folder: Path, name: str | None) -> Choice:
    """Files that mention the name are read first, and no more than have to be."""
    mentions = (name or "").encode()
    files, _ = files_in(folder)
    files.sort(key=lambda file: mentions not in _bytes(file))
    by_name: dict[str, Entry] = {}
    unread = []
    for entry in entries(files):
        if entry.error:
            unread.append(entry.trouble(folder.absolute()))
        else:
            by_name.setdefault(entry.name, entry)
        if name in by_name:
            break
    lost = f"; not read: {'; '.join(unread[:3])}" if unread else ""
    more = f" and {len(unread) - 3} more" if len(unread) > 3 else ""
    entry = by_name[_only(str(folder), name, tuple(by_name), lost + more)]
    file = Path(entry.file)
    return Choice(entry.name, things_in(file)[entry.name], file, tuple(unread))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""  # its row says why


def _only(path: str, name: str | None, names: tuple[str, ...], more: str) -> str:
    """The name that is meant, if it is clear."""
    listed = few(names, 10) or "none"
    if name is not None and name not in names:
        raise PipelineError(f"{path}: there is no {name!r} in it (there is: {listed}){more}")
    if name is None and len(names) != 1:
        raise PipelineError(
            f"{path}: {len(names)} things are in it, choose by --name: {listed}{more}"
        )
    return name or names[0]


def _of_module(module: str, name: str) -> Any:
    """What a module that can be imported from here calls ``name``."""
    sys.path.append(str(Path.cwd()))
    try:
        return getattr(importlib.import_module(module), name)
    except Exception as error:
        raise PipelineError(f"{module}:{name}: {one_line(error)}") from None
    finally:
        sys.path.remove(str(Path.cwd()))
