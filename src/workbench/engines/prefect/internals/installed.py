"""The gate in the place of Prefect's own engines, as long as a play is under way."""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack

from workbench.engines.prefect import internals
from workbench.engines.prefect.internals import gate, pauses
from workbench.engines.prefect.play import playing


def fit_to_show(record: logging.LogRecord) -> bool:
    """Tracebacks are the workbench's; that threads cannot be timed out is not true here."""
    if not playing.get():
        return True
    record.exc_info = None
    return not str(record.msg).startswith(internals.TIMEOUT_WARNING)


class _Installed:
    """How many plays are under way, and what puts Prefect's own back after the last of them."""

    def __init__(self) -> None:
        self.lock, self.plays, self.restore = threading.Lock(), 0, ExitStack()


_installed = _Installed()  # one a process, as are Prefect's modules, whose members are replaced


def install() -> Callable[[], None]:
    """Put the gate into Prefect for one play more; return what says, once, that it has ended.

    Prefect's own engines come back when the last play has ended.
    """
    with _installed.lock:
        if not _installed.plays:
            _installed.restore = internals.replace(
                gate.Sync, gate.Async, gate.submit, pauses.REPLACED
            )
            logger = logging.getLogger("prefect.task_runs")
            logger.addFilter(fit_to_show)
            _installed.restore.callback(logger.removeFilter, fit_to_show)
        _installed.plays += 1
    return _uninstall


def _uninstall() -> None:
    with _installed.lock:
        _installed.plays -= 1
        if not _installed.plays:
            _installed.restore.close()
