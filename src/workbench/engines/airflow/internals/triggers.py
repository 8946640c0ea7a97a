"""What Airflow's triggerer does: a trigger runs until its first event, in a process of its own.

A trigger may ask Airflow something, by way of a name in one of the SDK's modules. Whoever serves
Airflow's API in the same process would take that name for a sign that it is a task itself, and ask
in a circle; so that the trigger is forked, and its questions are answered here.
"""

import asyncio
import logging
import multiprocessing
import os
import pkgutil
import threading
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from workbench.engines.airflow.internals.process import FORKING, client_of, flush
from workbench.engines.members import members_of

_ASKED = "answering a trigger that asks Airflow; without it sensors of other DAGs cannot defer"
MEMBERS = (
    *members_of(
        "airflow.sdk.execution_time.supervisor",
        _ASKED,
        InProcessSupervisorComms="supervisor",
        InProcessTestSupervisor="id pid process process_log client",
    ),
    *members_of("airflow.sdk.execution_time.task_runner", _ASKED, SUPERVISOR_COMMS=""),
)


class TriggerProcess:
    """The trigger at the dotted ``path`` with ``arguments``, for the deferred task ``number``; its
    modules are found ``inside`` a context."""

    def __init__(
        self,
        dag: Any,
        number: Any,
        path: str,
        arguments: dict[str, Any],
        inside: AbstractContextManager[None],
    ) -> None:
        forking = multiprocessing.get_context("fork")
        self._pipe, other = forking.Pipe()
        given = (other, path, arguments, inside)
        self._process = forking.Process(target=_run, args=given, daemon=True)
        with FORKING:
            self._comms = _comms(dag, number)
            flush()
            self._process.start()
        other.close()

    def wait(self, is_over: Callable[[], bool]) -> tuple[str, Any]:
        """Give ("event", the event), ("failed", its traceback) or, when ``is_over`` before that,
        ("over", None); the process has ended then."""
        try:
            while not is_over():
                if not self._pipe.poll(0.1):
                    continue
                kind, value = self._pipe.recv()
                if kind != "asked":
                    return kind, value
                self._pipe.send(self._answered(value))
            return "over", None
        except EOFError:
            return "failed", ["the trigger's process has died"]
        finally:
            self._process.kill()
            self._process.join()
            self._pipe.close()

    def _answered(self, message: Any) -> tuple[Any, str | None]:
        try:
            return self._comms.send(message), None
        except Exception as error:
            return None, f"{type(error).__name__}: {error}"


def _comms(dag: Any, number: Any) -> Any:
    """Airflow's own way to answer within a process, as ``dag.test()`` uses it."""
    import psutil
    import structlog
    from airflow.sdk.execution_time.supervisor import (
        InProcessSupervisorComms,
        InProcessTestSupervisor,
    )

    supervisor = InProcessTestSupervisor(
        id=number,
        pid=os.getpid(),
        process=psutil.Process(),
        process_log=structlog.get_logger(),
        client=client_of(dag),
    )
    supervisor.comms = InProcessSupervisorComms(supervisor=supervisor)
    return supervisor.comms


class _Asking:
    """Stands where the SDK looks for its supervisor, and asks the parent process."""

    def __init__(self, pipe: Any) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def send(self, msg: Any) -> Any:
        with self._lock:
            self._pipe.send(("asked", msg))
            reply, error = self._pipe.recv()
        if error:
            raise RuntimeError(error)
        return reply

    async def asend(self, msg: Any) -> Any:
        return await asyncio.to_thread(self.send, msg)


def _run(
    pipe: Any, path: str, arguments: dict[str, Any], inside: AbstractContextManager[None]
) -> None:
    """All that the forked process does."""
    from airflow.sdk.execution_time import task_runner

    FORKING.release()  # a copy, held as the lock was when it was copied
    logging.disable(logging.CRITICAL)
    task_runner.SUPERVISOR_COMMS = _Asking(pipe)

    async def first_event() -> Any:
        return await anext(pkgutil.resolve_name(path)(**arguments).run(), None)

    try:
        with inside:
            event = asyncio.run(first_event())
        kind, value = ("event", event) if event else ("failed", ["the trigger ended without one"])
    except BaseException as error:
        kind, value = "failed", traceback.format_exception(error)
    pipe.send((kind, value))
