"""Prefect's task engines, held at a gate: an attempt waits there before it begins, and again when
it has ended, until that stands in the record.

`installed` puts them in the place of Prefect's while a play is under way. Outside a play they do
what Prefect's do; a task that is called inside a task is part of that task's attempt. Imports
Prefect: load it only where a flow is run.
"""

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from prefect.futures import PrefectFuture
from prefect.results import ResultRecord
from prefect.states import State
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.callables import call_with_parameters

from workbench.capture import attach, one_line
from workbench.engines.prefect import internals
from workbench.engines.prefect.body import perform, perform_apart, traceback_of
from workbench.engines.prefect.play import Call, Play, playing
from workbench.engines.protocol import Outcome, Ticket
from workbench.engines.sabotage import corrupted
from workbench.graph import PipelineError

P, R = ParamSpec("P"), TypeVar("R")  # Prefect subscripts its engines with two such parameters
PlainSync, PlainAsync = internals.task_engines()
plain_submit = ThreadPoolTaskRunner.submit

_NO_END: Future = Future()  # of an attempt, so that there is nothing to wait for
_NO_END.set_result(None)
_submitted: ContextVar[Call | None] = ContextVar("the call a worker was handed", default=None)
_inner: ContextVar[bool] = ContextVar("a worker does it for a task", default=False)


def _is_inside() -> bool:
    return _inner.get() or internals.inside_a_task()


class Gated:
    """What the two engines share: the call they carry out, None outside a play and in a task."""

    call: Call | None = None
    play: Play | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.play = playing.get()
        if self.play and not _is_inside():
            submitted = _submitted.get()
            self.call = submitted or self.play.appear(self.task, self.parameters, self.wait_for)
            self.call.engine = self
            _submitted.set(None)

    def is_cancelled(self) -> bool:
        """A call that was held until its flow had ended runs, as it would have without the gate."""
        return self.call is None and super().is_cancelled()

    def _begin(self, ticket: Ticket | None) -> None:
        """The gate is open: what is logged from here on belongs to the attempt. The delay of a
        retry is over by now, as the workbench slept it or wrote it down."""
        self.play.by_run[self.task_run.id] = self.call
        if ticket:
            attach(ticket.log)
            ticket.begun(time.time())
        if self.state.state_details.scheduled_time:
            self.state.state_details.scheduled_time = datetime.now(UTC)

    def _fails_before_it_yields(self) -> bool:
        """Whether somebody wants it so, of a task that yields: the body of such a one is not called
        by its engine. Raise PipelineError for what cannot be done to it."""
        ticket = self.call and self.task.isgenerator and self.call.ticket
        if not ticket:
            return False
        if ticket.stand_in or ticket.injection == "corrupt output":
            does = "corrupt what it yields" if ticket.injection else "let anything stand in for it"
            raise PipelineError(f"{ticket.task!r} yields its values one by one; nobody can {does}")
        return bool(ticket.injection)

    def _give(self, value: Any) -> Any:
        """The call's value; what comes out of Prefect's cache stays wrapped."""
        if not isinstance(value, ResultRecord):
            return self.play.give(self.call, value)
        value.result = self.play.give(self.call, value.result)
        return value

    def _end(self, state: State, retried: bool = False) -> Future:
        """Report the end of an attempt, if ``state`` is one; the future is done when it stands in
        the record."""
        if self.call and (retried or state.is_final() or state.name == "NotReady"):
            return self.play.end(self.call, self._outcome(state, retried))
        return _NO_END

    def _outcome(self, state: State, retried: bool) -> Outcome:
        kind = "retrying" if retried else _kind_of(state)
        message, error = state.message, self.call.error
        if kind in ("retrying", "failed") and isinstance(error, BaseException):
            message = one_line(error)
            if self.call.ticket:
                self.call.ticket.log.write(traceback_of(error))
        delay, due = 0.0, state.state_details.scheduled_time
        if retried and due:
            delay = round((due - state.timestamp).total_seconds(), 2)
        return Outcome(kind, self.call.value, message, delay, state.timestamp.timestamp())

    def _go_on(self) -> None:
        """The record has the end: the call comes to the gate again, or is done."""
        if self.call and self.call.state == "going":
            self.play.move(self.call, "coming" if self.is_running() else "done")


def _kind_of(state: State) -> str:
    if not state.is_completed():
        return "failed"
    return "cached" if state.name == "Cached" else "succeeded"


class Sync(Gated, PlainSync[P, R]):
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
        if self.call.answer:
            value = self.call.answer()
        elif transaction.is_committed():
            value = transaction.read()
        else:
            value = self._body()
        value = self._give(value)
        self.handle_success(value, transaction=transaction)
        return value

    @contextmanager
    def transaction_context(self) -> Iterator[Any]:
        if self._fails_before_it_yields():
            perform(self.call, lambda: None)
        with super().transaction_context() as transaction:
            yield transaction

    def _body(self) -> Any:
        function = functools.partial(call_with_parameters, self.task.fn, self.parameters or {})
        if self.call.runner is None and self.task.timeout_seconds is None:
            return perform(self.call, function)
        return perform_apart(self.call, function, lambda: self.play.aborted)

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


class Async(Gated, PlainAsync[P, R]):
    """Prefect's engine for coroutines; the gate is awaited, so that others of the loop go on."""

    async def _held(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        # An exception raised in the loop's thread would strike any of its coroutines.
        self.call.interrupt = lambda: loop.call_soon_threadsafe(task.cancel)
        self._begin(await asyncio.wrap_future(self.play.hold(self.call)))

    async def begin_run(self) -> None:
        if self.call:
            await self._held()
        await super().begin_run()

    async def wait_until_ready(self) -> None:
        if self.call and self.retries:
            await self._held()
        await super().wait_until_ready()

    async def call_task_fn(self, transaction: Any) -> Any:
        if self.call is None:
            return await super().call_task_fn(transaction)
        if self.call.answer:
            value = self.call.answer()
        elif transaction.is_committed():
            value = await transaction.read()
        else:
            value = await self._body()
        value = self._give(value)
        await self.handle_success(value, transaction=transaction)
        return value

    async def _body(self) -> Any:
        ticket = self.call.ticket
        if ticket.stand_in or ticket.injection not in (None, "corrupt output"):
            return await self._apart()
        value = await call_with_parameters(self.task.fn, self.parameters or {})
        return corrupted(value) if ticket.injection else value

    async def _apart(self) -> Any:
        """What is done in the place of the coroutine, in a thread, so that the loop goes on."""
        return await asyncio.to_thread(perform, self.call, lambda: None)

    @asynccontextmanager
    async def transaction_context(self) -> AsyncIterator[Any]:
        if self._fails_before_it_yields():
            await self._apart()
        async with super().transaction_context() as transaction:
            yield transaction

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


@functools.wraps(plain_submit)
def submit(
    self: ThreadPoolTaskRunner,
    task: Any,
    parameters: dict[str, Any],
    wait_for: Iterable[PrefectFuture] | None = None,
    dependencies: dict[str, set] | None = None,
) -> PrefectFuture:
    """Make the call known in the flow's thread: its engine is made in a worker's, in any order."""
    play = playing.get()
    if play is None:
        return plain_submit(self, task, parameters, wait_for, dependencies)
    if _is_inside():
        token = _inner.set(True)  # the worker's stack does not show it
        try:
            return plain_submit(self, task, parameters, wait_for, dependencies)
        finally:
            _inner.reset(token)
    call = play.appear(task, parameters, wait_for, dependencies, self)
    token = _submitted.set(call)  # the worker runs in a copy of this context
    try:
        future = plain_submit(self, task, parameters, wait_for, dependencies)
    finally:
        _submitted.reset(token)
    play.by_run[future.task_run_id] = call
    return future
