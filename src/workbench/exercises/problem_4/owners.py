"""Whose work it is: the task run in which something happens, or in which it was handed on to the
thread or process in which it happens, pools and their workers included."""

import functools
import multiprocessing
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

STARTED = ("threading.Thread", "multiprocessing.process.BaseProcess")  # and remember by whom
HANDED = {  # what is handed a function, first of all, and calls it elsewhere
    "concurrent.futures.thread.ThreadPoolExecutor": ("submit",),
    "concurrent.futures.process.ProcessPoolExecutor": ("submit",),
    "multiprocessing.pool.Pool": (
        *("apply_async", "map", "map_async", "starmap", "starmap_async"),
        *("imap", "imap_unordered"),
    ),
}
OWNER = "observed_owner"  # attribute of a thread or process
_work = threading.local()  # .owner: of the function that this thread has been handed


def follow() -> None:
    """From now on remember it, in this process and in those it forks."""
    for path in STARTED:
        started = _at(path)
        started.start = _remembering(started.start)
    for path, names in HANDED.items():
        pool = _at(path)
        for name in names:
            setattr(pool, name, _handing(getattr(pool, name)))


def owner() -> str | None:
    """The id of the task run that what runs here belongs to: Prefect's own word, where it has one;
    of a subflow it is the task run that stands for it."""
    from prefect.context import FlowRunContext, TaskRunContext

    if task := TaskRunContext.get():
        return str(task.task_run.id)
    flow = FlowRunContext.get()
    if flow and flow.flow_run and flow.flow_run.parent_task_run_id:
        return str(flow.flow_run.parent_task_run_id)
    if hasattr(_work, "owner"):
        return _work.owner
    for running in (threading.current_thread(), multiprocessing.current_process()):
        if hasattr(running, OWNER):
            return getattr(running, OWNER)
    return None


class Handed:
    """A function with the task run that it belongs to; it can be pickled if the function can."""

    def __init__(self, function: Callable):
        self.function, self.owner = function, owner()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        before = vars(_work).copy()
        _work.owner = self.owner
        try:
            return self.function(*arguments, **named)
        finally:
            vars(_work).clear()
            vars(_work).update(before)


def _at(path: str) -> type:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _remembering(start: Callable) -> Callable:
    @functools.wraps(start)
    def remembering(started: Any, *arguments: Any, **named: Any) -> Any:
        setattr(started, OWNER, owner())
        return start(started, *arguments, **named)

    return remembering


def _handing(method: Callable) -> Callable:
    @functools.wraps(method)
    def handing(pool: Any, function: Callable, *arguments: Any, **named: Any) -> Any:
        return method(pool, Handed(function), *arguments, **named)

    return handing
