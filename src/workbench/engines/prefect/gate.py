"""Prefect's own engines, held at a gate: an attempt waits there before it begins, and again when it has ended.

``install`` puts subclasses of Prefect's task engines in their place. Outside a ``Play`` they do what Prefect's
do. A task called inside a task is part of that task's attempt. Imports Prefect: load it only where a flow is run.
"""

import asyncio
import concurrent.futures
import contextlib
import functools
import logging
import pickle
import threading
import time
import traceback
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextvars import ContextVar, copy_context
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import prefect
from prefect import task_engine
from prefect.context import FlowRunContext, TaskRunContext, hydrated_context, serialize_context
from prefect.futures import PrefectFuture
from prefect.results import ResultRecord
from prefect.states import State
from prefect.task_engine import P, R
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.types._datetime import now
from prefect.utilities.annotations import BaseAnnotation
from prefect.utilities.callables import call_with_parameters

import workbench
from workbench.capture import attach, one_line
from workbench.engines.local.engine import LocalEngine
from workbench.engines.protocol import Outcome, Stopped, Ticket, raise_in
from workbench.engines.sabotage import corrupted, sabotage
from workbench.pipeline import Pipeline, Task
from workbench.storage import ATOMS

CALM = 0.05  # seconds without a move after which a flow some of whose calls are ready counts as settled
LONG = 1.0  # the same where a call has been made and not come to the gate: the pool may be full

_ENGINES = tuple(
    str(Path(module.__file__).parent) for module in (prefect, concurrent.futures, workbench)
)

_play: ContextVar["Play | None"] = ContextVar("the play this code belongs to", default=None)
_handed: ContextVar["Call | None"] = ContextVar(
    "the call that a worker thread was given", default=None
)
_plays: "weakref.WeakSet[Play]" = weakref.WeakSet()


class Call:
    """One call of a task by a flow. ``state`` is coming, held (at the gate), running, ending, going (on) or done.

    ``upstream`` names the calls whose results it receives, ``answer`` gives the result of an earlier performance.
    """

    def __init__(
        self, name: str, task: Any, parameters: dict, upstream: set[str], answer: Any, runner: Any
    ) -> None:
        self.name, self.task, self.parameters, self.upstream = name, task, parameters, upstream
        self.answer, self.runner, self.state = answer, runner, "coming"
        self.engine = self.ticket = self.thread = self.error = self.value = None
        self.gate, self.ended, self.written = Future(), Future(), Future()

    @property
    def run(self) -> Any:
        """Prefect's task run, once there is one."""
        return self.engine and self.engine.task_run

    def interrupt(self) -> None:
        raise_in(self.thread, Stopped)

    def release(self, ticket: Ticket) -> Future:
        """Let the attempt begin; the future brings its Outcome."""
        self.ended, self.written = Future(), Future()
        self.ticket, self.state = ticket, "running"
        self.gate.set_result(ticket)
        return self.ended


class Play:
    """One performance of a flow in a thread of its own; the workbench releases its calls one by one."""

    def __init__(
        self, perform: Callable[[], State], answer: Callable[[str], Any], notify: Callable[[], None]
    ) -> None:
        self.calls: dict[str, Call] = {}
        self.changed, self.over, self.aborted = threading.Condition(), False, False
        self.state: State | None = None
        self.error: BaseException | None = None
        self._answer, self._notify, self._moves = answer, notify, 0
        self._counts, self.by_run = Counter(), {}
        self._owners: dict[int, tuple[Any, str | None]] = {}
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run, perform), daemon=True
        )
        _plays.add(self)
        self._thread.start()

    def _run(self, perform: Callable[[], State]) -> None:
        _play.set(self)
        try:
            self.state = perform()
        except BaseException as error:  # a flow may end in any way, SystemExit included
            self.error = error
        self.over = True
        self.move()

    def move(self, call: Call | None = None, state: str = "") -> None:
        """Something has changed."""
        with self.changed:
            if call:
                call.state = state
            self._moves += 1
            self.changed.notify_all()
        self._notify()

    # What the flow does

    def appear(
        self,
        task: Any,
        parameters: dict,
        wait_for: Any = None,
        inputs: Any = None,
        runner: Any = None,
    ) -> Call:
        """A call becomes known, in the thread that makes it, so that numbers follow the flow's own order."""
        context = FlowRunContext.get()
        path = (
            f"{context.flow.name}/{task.name}" if context.flow_run.parent_task_run_id else task.name
        )
        with self.changed:
            name = f"{path}[{self._counts[path]}]"
            self._counts[path] += 1
            runs = {
                getattr(result, "id", None)
                for results in (inputs or {}).values()
                for result in results
            }
            upstream = set()
            for leaf in _leaves([parameters, wait_for]):
                if isinstance(leaf, PrefectFuture):
                    runs.add(leaf.task_run_id)
                elif isinstance(leaf, State):
                    runs.add(leaf.state_details.task_run_id)
                elif (known := self._owners.get(id(leaf))) and known[0] is leaf:
                    upstream |= {known[1]} - {None}
                elif type(leaf) not in ATOMS:
                    self._owners[id(leaf)] = (leaf, None)
            upstream |= {self.by_run[run].name for run in runs if run in self.by_run}
            call = self.calls[name] = Call(
                name, task, parameters, upstream, self._answer(name), runner
            )
        self.move()
        return call

    def own(self, call: Call, value: Any) -> Any:
        """The value a call gives, as an object nobody else has, so that whoever receives it received it from here."""
        if type(value) in ATOMS or type(value) is tuple:
            fresh = (*value,) if type(value) is tuple else pickle.loads(pickle.dumps(value))
            if fresh is value:
                return value  # one of the objects that exist once: None, True, 7, ""
            value = fresh
        with self.changed:
            shared = id(value) in self._owners and self._owners[id(value)][0] is value
            self._owners[id(value)] = (value, None if shared else call.name)
            for part in _leaves(value):
                if type(part) not in ATOMS:
                    self._owners.setdefault(id(part), (part, call.name))
        return value

    def hold(self, call: Call) -> Future:
        """The gate: a future that brings the ticket. A call that is answered from the store passes."""
        call.gate, call.thread = Future(), threading.current_thread()
        if self.aborted:
            call.gate.set_exception(Stopped())
        elif call.answer:
            call.gate.set_result(None)
        else:
            self.move(call, "held")
        return call.gate

    def end(self, call: Call, kind: str, error: str | None, delay: float, when: float) -> Future:
        """An attempt has ended; the future says when that stands in the record, and the flow may go on."""
        ticket, call.ticket = call.ticket, None
        attach(None)
        self.move(call, "ending" if ticket else "going")
        if ticket is None or self.aborted:
            self.written(call)
        with contextlib.suppress(InvalidStateError):
            call.ended.set_result(Outcome(kind, call.value, error, delay, when))
        return call.written

    # What the workbench does

    def written(self, call: Call) -> None:
        """The end of the call's attempt stands in the record."""
        self.move(call, "going")
        with contextlib.suppress(InvalidStateError):
            call.written.set_result(None)

    def settle(self) -> None:
        """Wait until the flow can go no further by itself, or until something runs, whose end may move it."""
        moves, since = -1, time.monotonic()
        with self.changed:
            while not (self.over or self.aborted):
                states = {call.state for call in self.calls.values()}
                if moves != self._moves:
                    moves, since = self._moves, time.monotonic()
                if states & {"running", "ending"} or (
                    "held" in states and self._stuck(time.monotonic() - since)
                ):
                    return
                self.changed.wait(0.01)

    def _stuck(self, calm: float) -> bool:
        """Whether nothing moves: the flow itself stands at the gate, or waits, and what it has made waits too."""
        calls = self.calls.values()
        waiting = {
            call.name
            for call in calls
            if any(self.calls[name].state != "done" for name in call.upstream)
        }
        if calm < LONG and any(
            c.state == "going" or (c.state == "coming" and c.name not in waiting) for c in calls
        ):
            return False
        return calm > CALM or any(
            call.state == "held" and call.thread is self._thread for call in calls
        )

    def abort(self) -> None:
        """End the flow: whatever it waits for raises Stopped."""
        with self.changed:
            if self.over or self.aborted:
                return
            self.aborted, calls = True, list(self.calls.values())
        if all(call.state == "done" for call in calls):  # it is the flow's own code that is at work
            raise_in(self._thread, Stopped)
        for call in calls:
            if call.state == "running":
                call.ticket.stopped.set()
                call.interrupt()
            for future, value in (
                (call.ended, Outcome("failed", error="stopped")),
                (call.written, None),
            ):
                with contextlib.suppress(InvalidStateError):
                    future.set_result(value)
            with contextlib.suppress(InvalidStateError):
                call.gate.set_exception(Stopped())
        self.move()
        if threading.current_thread() is not self._thread:
            self._thread.join(3)


def _leaves(value: Any, depth: int = 4) -> Iterator[Any]:
    """The objects inside a value, itself included; a thousand of each collection, keys left out."""
    value = value.unwrap() if isinstance(value, BaseAnnotation) else value
    yield value
    if depth and isinstance(value, (list, tuple, set, frozenset, dict)):
        for item in islice(value.values() if isinstance(value, dict) else value, 1000):
            yield from _leaves(item, depth - 1)


def _perform(call: Call, function: Callable[[], Any]) -> Any:
    """The task's body, the way the learner's injection wants it; one that is to be killed has a process of its own."""
    if call.ticket.injection != "kill":
        return sabotage(call.ticket, function, call.task.timeout_seconds)
    doomed = Pipeline("doomed")
    doomed.tasks[call.name] = Task(
        call.name, functools.partial(_in_context, serialize_context(), call.task.fn)
    )
    return LocalEngine(doomed).call(replace(call.ticket, inputs=call.engine.parameters or {}))


def _fill(future: Future, function: Callable[[], Any]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:
        future.set_exception(error)


def _in_context(context: dict, function: Callable, **parameters: Any) -> Any:
    with hydrated_context(context):
        value = function(**parameters)
        return asyncio.run(value) if asyncio.iscoroutine(value) else value


def _traceback(error: BaseException) -> str:
    """The traceback from the learner's code on, without the engines that called it."""
    part = error.__traceback__
    while part and part.tb_frame.f_code.co_filename.startswith(_ENGINES):
        part = part.tb_next
    return "".join(traceback.format_exception(type(error), error, part))


def _fit_to_show(record: logging.LogRecord) -> bool:
    """Tracebacks are written by the workbench; that threads cannot be timed out is not true here."""
    if _play.get():
        record.exc_info = None
    return not (_play.get() and str(record.msg).startswith("Timeout of %s seconds configured"))


class _Gated:
    """What the two task engines have in common: the call they carry out, None outside a play and inside a task."""

    call: Call | None = None
    play: Play | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.play = _play.get()
        if self.play and TaskRunContext.get() is None:
            self.call = _handed.get() or self.play.appear(self.task, self.parameters, self.wait_for)
            self.call.engine = self
            _handed.set(None)

    def is_cancelled(self) -> bool:
        """A task that was held until its flow had ended still runs, as it would have without the gate."""
        return self.call is None and super().is_cancelled()

    def _begin(self, ticket: Ticket | None) -> None:
        """The gate is open: what is logged from here on belongs to the attempt; a retry's delay is over."""
        self.play.by_run[self.task_run.id] = self.call
        if ticket:
            attach(ticket.log)
            ticket.begun(time.time())
        if self.state.state_details.scheduled_time:
            self.state.state_details.scheduled_time = now("UTC")

    def _own(self, value: Any) -> Any:
        """The call's value, wrapped as Prefect has it where it comes out of the cache."""
        if isinstance(value, ResultRecord):
            self.call.value = value.result = self.play.own(self.call, value.result)
            return value
        self.call.value = self.play.own(self.call, value)
        return self.call.value

    def _end(self, state: State, retried: bool = False) -> Future:
        """Report the end of an attempt; there is nothing to wait for in a state that is none."""
        done = Future()
        done.set_result(None)
        if self.call is None or not (retried or state.is_final() or state.name == "NotReady"):
            return done
        error, delay = self.call.error, 0.0
        if retried:
            kind, due = "retrying", state.state_details.scheduled_time
            delay = round((due - state.timestamp).total_seconds(), 2) if due else 0.0
        else:
            kind = (
                "failed"
                if not state.is_completed()
                else "cached"
                if state.name == "Cached"
                else "succeeded"
            )
        said = state.message
        if kind in ("retrying", "failed") and isinstance(error, BaseException):
            said = one_line(error)
            if self.call.ticket:
                self.call.ticket.log.write(_traceback(error))
        return self.play.end(self.call, kind, said, delay, state.timestamp.timestamp())

    def _go_on(self) -> None:
        if self.call and self.call.state == "going":
            self.play.move(self.call, "coming" if self.is_running() else "done")


class Sync(_Gated, task_engine.SyncTaskRunEngine[P, R]):
    """Prefect's engine for tasks that are plain functions."""

    def begin_run(self) -> None:
        if self.call:
            self._begin(self.play.hold(self.call).result())
        super().begin_run()

    def wait_until_ready(self) -> None:
        if self.call and self.retries:
            self._begin(self.play.hold(self.call).result())
        super().wait_until_ready()

    def call_task_fn(self, transaction: Any) -> Any:
        if self.call is None:
            return super().call_task_fn(transaction)
        if self.call.answer or transaction.is_committed():
            value = self.call.answer() if self.call.answer else transaction.read()
        else:
            value = self._body(
                functools.partial(call_with_parameters, self.task.fn, self.parameters or {})
            )
        value = self._own(value)
        self.handle_success(value, transaction=transaction)
        return value

    def _body(self, function: Callable[[], Any]) -> Any:
        """Run the body: in a thread that can be left behind where the task has a timeout, or was submitted."""
        perform = functools.partial(_perform, self.call, function)
        if self.call.runner is None and self.task.timeout_seconds is None:
            return perform()
        done = Future()
        self.call.thread = threading.Thread(
            target=copy_context().run, args=(_fill, done, perform), daemon=True
        )
        self.call.thread.start()
        try:
            while concurrent.futures.wait(
                [done], 0.05
            ).not_done:  # short, so that Prefect can raise a timeout here
                if self.play.aborted:
                    raise Stopped
            return done.result()
        finally:
            if not done.done():
                raise_in(self.call.thread, Stopped)

    def handle_retry(self, exc_or_state: Any) -> bool:
        if self.call:
            self.call.error = exc_or_state
        if (self.call and self.call.answer) or not super().handle_retry(exc_or_state):
            return False
        self._end(self.state, retried=True).result()
        self._go_on()
        return True

    def set_state(self, state: State, force: bool = False) -> State:
        new = super().set_state(state, force)
        self._end(new).result()
        self._go_on()
        return new


class Async(_Gated, task_engine.AsyncTaskRunEngine[P, R]):
    """Prefect's engine for tasks that are coroutines; the gate is awaited, so that others of the loop go on."""

    async def _wait(self) -> None:
        loop, me = asyncio.get_running_loop(), asyncio.current_task()
        self.call.interrupt = lambda: loop.call_soon_threadsafe(me.cancel)
        self._begin(await asyncio.wrap_future(self.play.hold(self.call)))

    async def begin_run(self) -> None:
        if self.call:
            await self._wait()
        await super().begin_run()

    async def wait_until_ready(self) -> None:
        if self.call and self.retries:
            await self._wait()
        await super().wait_until_ready()

    async def call_task_fn(self, transaction: Any) -> Any:
        if self.call is None:
            return await super().call_task_fn(transaction)
        if self.call.answer or transaction.is_committed():
            value = self.call.answer() if self.call.answer else await transaction.read()
        else:
            if self.call.ticket.injection not in (None, "corrupt output"):
                await asyncio.to_thread(_perform, self.call, lambda: None)
            value = await call_with_parameters(self.task.fn, self.parameters or {})
            value = corrupted(value) if self.call.ticket.injection == "corrupt output" else value
        value = self._own(value)
        await self.handle_success(value, transaction=transaction)
        return value

    async def handle_retry(self, exc_or_state: Any) -> bool:
        if self.call:
            self.call.error = exc_or_state
        if (self.call and self.call.answer) or not await super().handle_retry(exc_or_state):
            return False
        await asyncio.wrap_future(self._end(self.state, retried=True))
        self._go_on()
        return True

    async def set_state(self, state: State, force: bool = False) -> State:
        new = await super().set_state(state, force)
        await asyncio.wrap_future(self._end(new))
        self._go_on()
        return new


@functools.cache
def install() -> None:
    """Put the gate into Prefect, once."""
    task_engine.SyncTaskRunEngine, task_engine.AsyncTaskRunEngine = Sync, Async
    plain = ThreadPoolTaskRunner.submit

    @functools.wraps(plain)
    def submit(self, task, parameters, wait_for=None, dependencies=None):
        play = _play.get()
        if play is None or TaskRunContext.get():
            return plain(self, task, parameters, wait_for, dependencies)
        call = play.appear(task, parameters, wait_for, dependencies, self)
        token = _handed.set(call)
        try:
            future = plain(self, task, parameters, wait_for, dependencies)
        finally:
            _handed.reset(token)
        play.by_run[future.task_run_id] = call
        return future

    ThreadPoolTaskRunner.submit = submit
    logging.getLogger("prefect.task_runs").addFilter(_fit_to_show)
    threading._register_atexit(
        lambda: [play.abort() for play in list(_plays)]
    )  # before worker threads are waited for
