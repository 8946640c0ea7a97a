"""What a file does with its flows and tasks while it is only read: nothing, its reading ends there.

A script calls its flow at its end, or serves it, which never ends. What it has defined until then
is what there is to see, and the workbench runs it later.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from workbench.engines.prefect import internals
from workbench.engines.reading import ReadingEnds

_reading: ContextVar[bool] = ContextVar("a file is read", default=False)


def _ending(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Prefect's function, which ends the reading of a file; other threads may have a run."""

    @functools.wraps(plain)
    def called(*given: Any, **options: Any) -> Any:
        if _reading.get():
            raise ReadingEnds
        return plain(*given, **options)

    return called


@contextmanager
def unperformed() -> Iterator[None]:
    """Flows and tasks that are called, served, sent or deployed in it end the reading."""
    token = _reading.set(True)
    try:
        with internals.wrapped(internals.BEGINNINGS, _ending):
            yield
    finally:
        _reading.reset(token)
