"""A folder as its readers find it, and in words how it differs from what could be expected."""

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from workbench.wording import counted


class Content(NamedTuple):
    """What one name stands for: in words (``3 lines``, ``1 row``, ``folder``), and a digest."""

    words: str
    digest: str


Snapshot = Mapping[str, Content]


def renew(folder: Path, given: Mapping[str, str | bytes]) -> None:
    """Make the folder hold the files ``given`` and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def snapshot(folder: Path) -> Snapshot:
    """Everything below ``folder``, by its path in it."""
    # Databases first: reading one ends what a crash left beside it.
    paths = sorted(folder.rglob("*"), key=lambda path: (path.suffix != ".db", path))
    contents = {path.relative_to(folder).as_posix(): _content(path) for path in paths}
    return {name: content for name, content in contents.items() if content}


def _content(path: Path) -> Content | None:
    if path.is_file() and path.suffix == ".db":
        rows = _dump(path)
        return _told(rows, rows.count(b"\nINSERT INTO "), "row")
    if path.is_file():
        lines = path.read_bytes()
        return _told(lines, lines.count(b"\n"), "line")
    if path.is_dir():
        return Content("folder", "")
    return Content("link", "") if path.is_symlink() else None


def _told(content: bytes, count: int, unit: str) -> Content:
    return Content(counted(count, unit), hashlib.sha256(content).hexdigest())


def _dump(database: Path) -> bytes:
    """A database by what it says, since its bytes are others after every run."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump()).encode()


def listed(folder: Snapshot) -> str:
    """Everything in the folder, in words."""
    return ", ".join(f"{name} ({content.words})" for name, content in folder.items()) or "nothing"


def ours(folder: Snapshot, expected: Mapping[str, Snapshot]) -> Snapshot:
    """The part of the folder that has a name which could be expected."""
    names = _names(expected)
    return {name: content for name, content in folder.items() if name in names}


def compared(left: Snapshot, expected: Mapping[str, Snapshot], error: str = "") -> str:
    """How a folder differs from what could be expected, by title; ``error`` is what was raised.

    A name that could not be expected is often drawn at random, so it is shown as ``*.part``.
    """
    names, own = _names(expected), ours(left, expected)
    title = next((title for title, folder in expected.items() if folder == own), None)
    parts = [f"raised {error}"] if error else []
    parts += [title] if title else []
    for name in sorted(names | left.keys()):
        if name not in names:
            parts.append(f"*{Path(name).suffix} is left over")
        elif title is None:
            wanted = [folder.get(name) for folder in expected.values()]
            parts += _difference(name, left.get(name), wanted)
    return "; ".join(dict.fromkeys(parts)) or "part as before, part as once"


def _names(expected: Mapping[str, Snapshot]) -> set[str]:
    return {name for folder in expected.values() for name in folder}


def _difference(name: str, content: Content | None, wanted: list[Content | None]) -> list[str]:
    if content in wanted:
        return []
    if content is None:
        return [f"{name} is gone"]
    usual = next(filter(None, reversed(wanted))).words
    same = content.words == usual
    return [f"{name}: {content.words}, {'but others' if same else f'not {usual}'}"]
