"""The file of a run's record: a head and one event a line, complete after every event."""

import fcntl
import functools
import json
import os
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbench.events import Event
from workbench.graph import PipelineError

SCHEMA = 1
NAME = "record.jsonl"  # of the file in a run's folder
AS_JSON = "backslashreplace"  # half a surrogate is written as JSON does


def write(path: Path, head: dict[str, Any], events: Iterable[Event]) -> None:
    """Write a whole record, in one piece or not at all."""
    lines = [_line({"schema": SCHEMA, **head}), *(_line(vars(event)) for event in events)]
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_text("".join(lines), encoding="utf-8", errors=AS_JSON)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, Any], list[Event]]:
    """The head and the events; a last line that was cut off half-way is dropped.

    Raise PipelineError for a file that cannot be read, is no record, or is spoilt in its middle.
    """
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise no_record(path)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise PipelineError(
            f"{path}: {error.strerror.lower()}; "
            "a record is a file of JSON lines that a run has written"
        ) from None
    head, *rest = _parsed(path, lines[:-1]) or [None]
    try:
        if head["schema"] != SCHEMA:
            raise PipelineError(
                f"{path}: schema {head['schema']} is not {SCHEMA}, the one this workbench reads"
            )
        events = [Event(**fields) for fields in rest]
        for number, event in enumerate(events, 2):
            if not event.is_sound:
                raise PipelineError(
                    f"{path}: line {number} is no event of a run, so none of them can be trusted"
                )
            if event.seq != number - 2:
                raise PipelineError(
                    f"{path}: line {number} has event {event.seq} in the place of {number - 2}, so "
                    "none of them can be trusted"
                )
        return head, events
    except (KeyError, TypeError):
        raise no_record(path) from None


def no_record(path: Path) -> PipelineError:
    """The error for a file that holds something else."""
    return PipelineError(
        f"{path}: not a record of a run (its first line holds schema, engine, seed and graph)"
    )


def _parsed(path: Path, lines: list[str]) -> list[Any]:
    values = []
    for number, line in enumerate(lines, 1):
        try:
            values.append(json.loads(line))
        except ValueError:  # a number of 5,000 digits is none, too
            if number < len(lines):  # the last one a crash may have spoilt
                raise PipelineError(
                    f"{path}: line {number} is not JSON, so the events after it cannot be trusted"
                ) from None
    return values


def _line(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"


class Journal:
    """A record's file that is being written on. One process at a time may.

    Raise PipelineError where another one does. A line that was cut off half-way is taken away.
    """

    def __init__(self, path: Path) -> None:
        _let_go_in_forks()
        lock = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise PipelineError(
                f"{path.parent}: another run is at work in this folder; give this one its own"
            ) from None
        self._lock: int | None = lock
        _open.add(self)
        self._file = path.open("r+", encoding="utf-8", errors=AS_JSON, newline="")
        self._file.truncate(path.read_bytes().rfind(b"\n") + 1)
        self._file.seek(0, os.SEEK_END)

    def write(self, event: Event) -> None:
        """Add an event; it is in the operating system's hands when this returns."""
        self._file.write(_line(vars(event)))
        self._file.flush()

    def close(self) -> None:
        """Let go of the file; may be called more than once."""
        self._file.close()
        if self._lock is not None:
            # A process that was forked a moment ago may not have closed its copy of the
            # descriptor yet, and as long as it has one, closing ours alone unlocks nothing.
            fcntl.flock(self._lock, fcntl.LOCK_UN)
        self.close_lock()

    def close_lock(self) -> None:
        """Close the descriptor that holds the lock, and unlock nothing."""
        _open.discard(self)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


_open: "weakref.WeakSet[Journal]" = weakref.WeakSet()  # those that hold a lock in this process


@functools.cache
def _let_go_in_forks() -> None:
    """From now on, a forked process closes its copies of the locks; once for a process.

    A lock is held as long as any process has its descriptor open. Engines fork their tasks, and
    a task that outlives a killed run would keep the run's folder locked, so that it could not be
    resumed. A program that is started anew (exec) is no matter: Python's descriptors do not pass
    on to it. It fails only for a fork past Python's own, in C, which runs no such hook.
    """
    os.register_at_fork(after_in_child=_close_locks)


def _close_locks() -> None:
    for journal in tuple(_open):
        journal.close_lock()
