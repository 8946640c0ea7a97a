"""The failures a learner can inject into a task, on any engine."""

from collections.abc import Callable
from typing import Any

from workbench.engines.protocol import Stopped, Ticket

INJECTIONS = ("raise", "raise once", "hang", "corrupt output", "kill")


class InjectedFailure(RuntimeError):
    """Raised in a task because the learner asked for it."""

    # Tracebacks print a class with its module, unless it is of builtins. It cannot be pickled by
    # reference then; an engine that sends it to another process sends its text.
    __module__ = "builtins"


def sabotage(ticket: Ticket, call: Callable[[], Any], timeout: float | None = None) -> Any:
    """Call the task's code the way the learner's injection wants it (``kill`` needs a process of
    its own, and is up to the engine). ``timeout`` is the task's own, in seconds. Raise
    what was injected, what the task raises, and Stopped."""
    if ticket.injection in ("raise", "raise once"):
        raise InjectedFailure(f"injected into {ticket.task!r}")
    if ticket.injection == "hang":
        if ticket.stopped.wait(timeout):
            raise Stopped
        raise TimeoutError(f"{ticket.task!r} ran longer than {timeout:g} s")
    value = (ticket.stand_in or call)()
    return corrupted(value) if ticket.injection == "corrupt output" else value


def corrupted(value: Any) -> Any:
    """The same kind of value with its content spoilt: numbers become NaN, tables and lists lose
    half, text is cut."""
    if hasattr(value, "corrupted"):
        return value.corrupted()
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        return float("nan")
    if isinstance(value, (str, list, tuple)):
        return value[: len(value) // 2]
    if isinstance(value, dict):
        return {key: corrupted(item) for key, item in value.items()}
    if hasattr(value, "iloc"):
        return _corrupted_table(value)
    return None


def _corrupted_table(table: Any) -> Any:
    half = table.iloc[: len(table) // 2].copy()
    numbers = half.select_dtypes("number").columns if hasattr(half, "columns") else []
    if not len(numbers):
        return half
    as_floats = half.astype(dict.fromkeys(numbers, float))  # an integer column has no NaN
    return as_floats.mask(half.notna() & half.columns.isin(numbers))
