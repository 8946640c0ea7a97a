"""What a file does with its flows and tasks while it is only read: nothing, its reading ends there.

A script calls its flow at its end, or serves it, which never ends. What it has defined until then
is what there is to see, and the workbench runs it later. Where it asks Prefect's API for something
before, it is this session's server that answers; for a list none is started.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from workbench.engines.prefect import internals
from workbench.engines.prefect.server import server
from workbench.engines.reading import ReadingEnds, listed
from workbench.graph import PipelineError

_reading: ContextVar[bool] = ContextVar("a file is read", default=False)


def _ending(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Prefect's function, which ends the reading of a file; other threads may have a run."""

    @functools.wraps(plain)
    def called(*given: Any, **options: Any) -> Any:
        if _reading.get():
            raise ReadingEnds
        return plain(*given, **options)

    return called


class _Address:
    """Prefect's setting of where its API is, as its clients ask for it."""

    def __init__(self, plain: Any, answering: bool) -> None:
        self._plain, self._answering = plain, answering

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def value(self) -> str:
        if not (url := self._plain.value()) and not self._answering:
            raise PipelineError(
                "asks Prefect's API while it is read, and a list starts no server for that; give "
                "`workbench step` this file alone, or ask in the flow"
            )
        return url or server().url()


@contextmanager
def unperformed() -> Iterator[None]:
    """Flows and tasks that are called, served, sent or deployed in it end the reading."""
    token = _reading.set(True)
    address = functools.partial(_Address, answering=not listed.get())
    try:
        with (
            internals.without_own_server(),
            internals.wrapped([internals.ADDRESS], address),
            internals.wrapped(internals.BEGINNINGS, _ending),
        ):
            yield
    finally:
        _reading.reset(token)
