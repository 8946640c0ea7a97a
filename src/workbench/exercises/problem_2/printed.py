"""What an attempt of a task prints, without what others print, or Airflow repeats, meanwhile."""

import inspect
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MOST_OUTPUT = 1 << 17  # bytes of an attempt's output, from its begin and from its end
LOGGING = ("structlog.", "airflow._shared.logging.", "airflow.sdk._shared.logging.")


class Printed:
    """What processes that are started meanwhile print, into a file of this one."""

    def __enter__(self) -> "Printed":
        sys.stdout.flush()
        self._usual = [os.dup(descriptor) for descriptor in (1, 2)]
        self._file, self.text = tempfile.TemporaryFile("ab+"), ""
        for descriptor in (1, 2):
            os.dup2(self._file.fileno(), descriptor)
        return self

    def __exit__(self, *_) -> None:
        for descriptor, usual in zip((1, 2), self._usual, strict=True):
            os.dup2(usual, descriptor)
            os.close(usual)
        with self._file:
            file = self._file.fileno()
            printed = os.pread(file, MOST_OUTPUT, 0)
            last = max(MOST_OUTPUT, os.fstat(file).st_size - MOST_OUTPUT)
            printed += os.pread(file, MOST_OUTPUT, last)
        self.text = printed.decode(errors="replace")


@contextmanager
def unheard() -> Iterator[None]:
    """Let nobody hear what is printed meanwhile, and what processes print that are started."""
    usual, nowhere = [os.dup(descriptor) for descriptor in (1, 2)], os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    yield
    sys.stdout.flush()
    for descriptor, heard in zip((1, 2), usual, strict=True):
        os.dup2(heard, descriptor)
        os.close(heard)


def without_echoes() -> None:
    """Let Airflow's log, once it is set up, leave out what Airflow itself says of a task, which
    repeats a command's words, what a function has returned, the name of a file; what a command
    prints Airflow logs as it is."""
    import structlog

    structlog.get_config()["processors"].insert(0, _unless_repeated)


def _unless_repeated(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The event, unless code of Airflow's has put values into words of its own."""
    import structlog

    given, module = {}, ""
    for frame, _ in traceback.walk_stack(inspect.currentframe()):
        module = str(frame.f_globals.get("__name__"))
        if module != __name__ and not module.startswith(LOGGING):
            break
        given = frame.f_locals  # in the end those of the logger's method
    values = given.get("kw") or (given.get("args") and given.get("event") != "%s")
    if values and module.startswith("airflow."):
        raise structlog.DropEvent
    return event
