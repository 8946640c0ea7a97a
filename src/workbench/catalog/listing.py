"""The rows of a file or of a folder of files.

Files are executed, by a process of its own: one that hangs, or ends the process that reads it,
costs its own row.
"""

import json
import os
import re
import select
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.catalog.entry import Entry
from workbench.engines.registry import specs, suffixes

LIMIT = 60.0  # seconds that one file may take, its engine's import among them


def files_in(folder: Path) -> tuple[list[Path], int]:
    """The files below a folder that may hold things, in order, and how many others there are of
    such suffixes; none of a hidden folder. A Python file without a word of an engine is one of the
    others: it is not executed for nothing."""
    kinds = {".py", *suffixes()}
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in kinds and path.is_file()]
    parts = ("__pycache__", "__init__.py")
    seen = [
        path
        for path in files
        if not any(part in parts or part[0] == "." for part in path.relative_to(folder).parts)
    ]
    holding = [path for path in seen if _may_hold(path)]
    return holding, len(seen) - len(holding)


def _may_hold(path: Path) -> bool:
    """Whether a file has a word of an engine."""
    try:
        text = path.read_bytes()
    except OSError:
        return True  # its row says why it cannot be read
    if path.suffix == ".py":
        packages = [package for spec in specs().values() for package in spec.packages]
        return any(package.encode() in text for package in packages)
    named = path.name.encode() + b"\n" + text
    signs = [spec.sign for spec in specs().values() if path.suffix in spec.suffixes]
    return any(re.search(sign.encode(), named) for sign in signs)


def entries(files: Iterable[Path]) -> Iterator[Entry]:
    """The rows of these files, file by file, as they are read."""
    waiting = deque(path.absolute() for path in files)
    while waiting:
        with _Reader() as reader:
            while waiting and not reader.ended:
                yield from reader.rows(waiting.popleft())


class _Reader:
    """A process that reads files until one of them ends it."""

    def __init__(self) -> None:
        source, target = os.pipe()
        self._answers = os.fdopen(source, encoding="utf-8")
        module = "workbench.catalog.reading"
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", module, str(os.getpid()), str(target)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[target],
            text=True,
        )
        os.close(target)
        self.ended = False

    def rows(self, file: Path) -> list[Entry]:
        """The rows of a file; that it ends the process, or does not end itself, is one of them."""
        print(file, file=self._process.stdin, flush=True)
        ready, _, _ = select.select([self._answers], [], [], LIMIT)
        line = self._answers.readline() if ready else ""
        if line:
            return [Entry(**row) for row in json.loads(line)]
        self.ended = True
        how = "ends the process that reads it" if ready else f"is not read after {LIMIT:.0f} s"
        return [Entry(str(file), error=f"{file}: {how}")]

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._answers.close()
