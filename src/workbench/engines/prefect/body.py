"""Running a task's body the way the learner's injection wants it, and telling of its errors."""

import concurrent.futures
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import replace
from typing import Any

from workbench.engines.local.engine import LocalEngine
from workbench.engines.prefect import internals
from workbench.engines.prefect.play import Call
from workbench.engines.prefect.written import ENGINES
from workbench.engines.protocol import Stopped, raise_in
from workbench.engines.sabotage import sabotage
from workbench.pipeline import Pipeline, Task

TICK = 0.05  # seconds between two chances for Prefect to raise a timeout in the thread that waits


def perform(call: Call, function: Callable[[], Any]) -> Any:
    """Call the task's body; one that is to be killed has a process of its own."""
    if call.ticket.injection != "kill":
        return sabotage(call.ticket, function, call.task.timeout_seconds)
    doomed = Pipeline("doomed")
    doomed.tasks[call.name] = Task(call.name, internals.carrying_context(call.task.fn))
    return LocalEngine(doomed).call(replace(call.ticket, inputs=call.received))


def perform_apart(call: Call, function: Callable[[], Any], aborted: Callable[[], bool]) -> Any:
    """Call the body in a thread that can be left behind, for one that may have to be ended while
    it sleeps in C: the thread of a worker, or of a flow, is needed again. Raise what it raises, and
    Stopped when the flow is ``aborted`` before."""
    done: Future = Future()
    call.thread = threading.Thread(
        target=copy_context().run, args=(_fill, done, call, function), daemon=True
    )
    call.thread.start()
    try:
        while concurrent.futures.wait([done], TICK).not_done:
            if aborted():
                raise Stopped
        return done.result()
    finally:
        if not done.done():
            raise_in(call.thread, Stopped)


def _fill(done: Future, call: Call, function: Callable[[], Any]) -> None:
    try:
        done.set_result(perform(call, function))
    except BaseException as error:  # whoever waits raises it
        done.set_exception(error)


def traceback_of(error: BaseException) -> str:
    """The traceback from the learner's code on, without the engines that called it."""
    frame = error.__traceback__
    while frame and frame.tb_frame.f_code.co_filename.startswith(ENGINES):
        frame = frame.tb_next
    return "".join(traceback.format_exception(type(error), error, frame))
