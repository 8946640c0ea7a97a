"""What is used of Prefect's inside, and of CPython's beside it; nothing else names it.

Prefect is pinned to the version of the Spec, in which all of this was tried. What has changed is
told in a line before a run begins, where it would otherwise be a step that never ends. Nothing of
Prefect is imported before a function here is called.
"""

import asyncio
import functools
import importlib
import inspect
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Token
from pathlib import Path
from typing import Any

from workbench.engines.members import Member

_ENGINE = "prefect.task_engine:{}TaskRunEngine.{}"
_OVERRIDDEN = (  # a method of both task engines, what it has to accept, what it is overridden for
    ("__post_init__", (), "a call to learn of its play; unseen, the flow runs through ungated"),
    ("begin_run", (), "the gate before the first attempt; not called, nothing waits there"),
    ("wait_until_ready", (), "the gate before a retry; not called, retries are not stepped"),
    ("call_task_fn", ("transaction",), "injections, stored answers, and values that are traced"),
    ("transaction_context", (), "injections into a task that yields; not called, it succeeds"),
    ("handle_retry", ("exc_or_state",), "the end of an attempt that is followed by another"),
    ("set_state", ("state", "force"), "the end of an attempt; not called, a step never ends"),
    ("is_cancelled", (), "calls that were held until their flow had ended to run all the same"),
)
_CALLED = (  # a member of both task engines that is used as it is
    ("handle_success", ("result", "transaction"), "a value to become the state that Prefect has"),
    ("is_running", (), "telling a call that goes on from one that is done"),
    ("state", (), "the message, the times and the due time of an attempt"),
    ("task_run", (), "the server's records of a call"),
    ("parameters", (), "what a call received, its futures resolved"),
    ("wait_for", (), "the edges of a call that is ordered without data"),
    ("retries", (), "telling the first attempt, which begin_run holds, from a later one"),
)
BEGINNINGS = {  # of what a script does with its flows → what the wrapped member keeps from it
    "prefect.flow_engine:run_flow": "a flow that is called",
    "prefect.task_engine:run_task": "a task that is called",
    "prefect.tasks:Task.apply_async": "a task that is sent to a worker",
    "prefect.runner.runner:Runner.__init__": "flows that are served, which never ends",
    "prefect.task_worker:TaskWorker.__init__": "tasks that are served, which never ends",
    "prefect.flows:Flow.deploy": "a flow that is deployed",
}
_OWN_SERVER = "PREFECT_SERVER_EPHEMERAL_ENABLED"
ADDRESS = "prefect.client.orchestration:PREFECT_API_URL"
MEMBERS = (
    Member(ADDRESS, "reading a file without a server of Prefect's own, which asks for no secret"),
    *(
        Member(_ENGINE.format(kind, name), why, parameters)
        for kind in ("Sync", "Async")
        for name, parameters, why in (*_OVERRIDDEN, *_CALLED)
    ),
    *(
        Member(
            f"prefect.task_engine:run_task_{kind}",
            "finding the replaced engine by its global name; bound elsewhere, nothing is gated",
            ("task", "task_run", "parameters", "wait_for", "context"),
        )
        for kind in ("sync", "async")
    ),
    Member(
        "prefect.task_runners:ThreadPoolTaskRunner.submit",
        "numbering submitted calls in the flow's own order; replaced in vain, their edges are lost",
        ("task", "parameters", "wait_for", "dependencies"),
    ),
    *(
        Member(
            f"prefect.flow_runs:{name}", "pauses to be answered; replaced in vain, one hangs", names
        )
        for name, names in (
            ("propose_state", ("client", "state")),
            ("propose_state_sync", ("client", "state")),
            ("run_input_subclass_from_type", ("_type",)),
        )
    ),
    *(
        Member(
            path.removesuffix(".__init__"),  # which every class has
            f"reading a file without {doing}; wrapped in vain, reading may not end",
        )
        for path, doing in BEGINNINGS.items()
    ),
    Member("prefect.input.run_input:keyset_from_paused_state", "answering a pause", ("state",)),
    Member("prefect.results:ResultRecord.result", "a value that comes out of Prefect's cache"),
    Member("prefect.utilities.annotations:BaseAnnotation.unwrap", "edges through unmapped(…)"),
    Member("prefect.context:TaskRunContext._token", "what goes through a generator to be gated"),
    Member("prefect.context:serialize_context", "a body that runs in a process of its own"),
    Member("prefect.context:hydrated_context", "the same, inside", ("serialized_context",)),
    Member("prefect.client.schemas.objects:State.result", "what the flow returned, at its end"),
    Member("prefect.context:refresh_global_settings_context", "pointing Prefect to the server"),
    Member("prefect.events.worker:EventsWorker.drain_all", "judging a flow right after its end"),
    Member("threading:_register_atexit", "a kernel that ends while a flow waits at the gate"),
)
SERVER_MEMBERS = (  # seconds to import, so that only the server's own process looks at them
    Member("prefect.server.api.server:create_app", "serving on a socket that is open already"),
    Member(
        "prefect.server.database.interface:PrefectDBInterface.create_db",
        "the empty database that new servers copy; without it, each start migrates for seconds",
    ),
)

# Of a warning in the log that is not true here: a body that is timed out is left behind (`gate`).
TIMEOUT_WARNING = "Timeout of %s seconds configured"


def task_engines() -> tuple[type, type]:
    """Prefect's own engines for plain and for async tasks, to be subclassed."""
    from prefect import task_engine

    return task_engine.SyncTaskRunEngine, task_engine.AsyncTaskRunEngine


def replace(
    sync_engine: type, async_engine: type, submit: Callable, of_flows: dict[str, Callable]
) -> ExitStack:
    """Put a gate's classes and functions in the place of Prefect's; closing what is returned puts
    Prefect's back. `run_task_sync` looks its engine up by name at each call, so that is enough."""
    from prefect import flow_runs, task_engine
    from prefect.task_runners import ThreadPoolTaskRunner

    restore = ExitStack()
    for owner, name, replacement in (
        (task_engine, "SyncTaskRunEngine", sync_engine),
        (task_engine, "AsyncTaskRunEngine", async_engine),
        (ThreadPoolTaskRunner, "submit", submit),
        *((flow_runs, name, function) for name, function in of_flows.items()),
    ):
        restore.callback(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, replacement)
    return restore


def wrapped(paths: Iterable[str], wrap: Callable[[Callable], Callable]) -> ExitStack:
    """Put ``wrap`` around the members; closing what is returned takes it off again."""
    restore = ExitStack()
    for path in paths:
        module, _, names = path.partition(":")
        *outer, name = names.split(".")
        owner = functools.reduce(getattr, outer, importlib.import_module(module))
        restore.callback(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, wrap(getattr(owner, name)))
    return restore


def carrying_context(function: Callable) -> Callable:
    """The function, to be called in another process as if in this thread's context of Prefect."""
    from prefect.context import serialize_context

    return functools.partial(_in_context, serialize_context(), function)


def _in_context(context: dict[str, Any], function: Callable, **parameters: Any) -> Any:
    from prefect.context import hydrated_context

    with hydrated_context(context):
        value = function(**parameters)
        return asyncio.run(value) if asyncio.iscoroutine(value) else value


def inside_a_task() -> bool:
    """Whether this is part of a task's body. Prefect leaves the context of a generator to whoever
    goes through its values: they are in that task only while it makes one."""
    from prefect.context import TaskRunContext

    context = TaskRunContext.get()
    while context and context.task.isgenerator and not _is_under_way(context.task.fn):
        before = context._token.old_value
        context = None if before is Token.MISSING else before
    return context is not None


def _is_under_way(function: Callable) -> bool:
    code, frame = getattr(inspect.unwrap(function), "__code__", None), sys._getframe()
    while frame and frame.f_code is not code:
        frame = frame.f_back
    return frame is not None


def owner(flow: Any) -> tuple[Any, ...]:
    """The object or class that a flow, being its method, is bound to; nothing for other flows."""
    names = ("__prefect_self__", "__prefect_cls__")
    return next(((getattr(flow.fn, name),) for name in names if hasattr(flow.fn, name)), ())


def returned(state: Any) -> Any:
    """The value of a state; raise its error if it failed. In a notebook, where an event loop runs,
    the documented `result()` would be a coroutine: Prefect leaves out this argument of its own."""
    return state.result(_sync=True)


def before_workers_are_joined(function: Callable[[], None]) -> None:
    """Have ``function`` called when the interpreter ends, before it joins the threads of pools:
    `atexit` is too late, since those threads wait at the gate for ever."""
    threading._register_atexit(function)


def reread_settings() -> None:
    """Let Prefect read the environment again, if it is imported."""
    if "prefect.context" in sys.modules:
        sys.modules["prefect.context"].refresh_global_settings_context()


@contextmanager
def without_own_server() -> Iterator[None]:
    """Prefect starts none of its own meanwhile, as it does where it knows of no other."""
    before = os.environ.get(_OWN_SERVER)
    os.environ[_OWN_SERVER] = "false"
    reread_settings()
    try:
        yield
    finally:
        os.environ.pop(_OWN_SERVER)
        os.environ.update({_OWN_SERVER: before} if before is not None else {})
        reread_settings()


def application() -> Any:
    """The server's ASGI application; takes seconds. Settings are read as it starts."""
    from prefect.server.api.server import create_app

    return create_app()


def migrate(database: Path) -> None:
    """Make an empty database with every table; takes seconds. Call it in a process of its own, as
    Prefect keeps the address of the first database that it is given."""
    os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{database}"
    reread_settings()
    from prefect.server.database import provide_database_interface

    asyncio.run(provide_database_interface().create_db())


def drain_events() -> None:
    """Send to the server what has happened so far, for 5 s at most."""
    from prefect.events.worker import EventsWorker

    EventsWorker.drain_all(timeout=5)
