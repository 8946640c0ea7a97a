"""One performance of a flow: it runs in a thread of its own, unchanged, and each attempt of each of
its tasks waits at a gate until the workbench releases it.

A `Play` is what the two sides share. The flow's side (`gate`) makes a call `appear`, holds it, and
reports the end of its attempts; the workbench's side (`engine`) settles, releases, and says when an
end stands in the record. Everything is moved by `move`, under one condition.

Which call a value came from is told by the identity of the object, and by the source where Python
has that object only once: see `origins` and `written`.

What is ready is asked when the flow has settled, and nothing says when it has: a flow may always
submit one call more. It has if its own thread stands at the gate, or if nothing has moved for CALM
seconds. A call that has been made and has not come to the gate is waited for, unless it needs a
result that is not there yet: for LONG seconds only, since a full pool never brings it. A machine so
busy that a pause is longer makes `ready` name fewer calls; the others are there when it is asked
again. Nothing runs because of it that should not, nothing is lost, and no order changes.
"""

import contextlib
import functools
import inspect
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextvars import ContextVar, copy_context
from typing import Any
from uuid import UUID

from prefect.context import FlowRunContext
from prefect.states import State

from workbench.capture import attach
from workbench.engines.prefect import internals
from workbench.engines.prefect.origins import Origins
from workbench.engines.prefect.written import Written, written_at
from workbench.engines.protocol import Outcome, Stopped, Ticket, raise_in
from workbench.events import STOPPED

CALM = 0.05
LONG = 1.0
TICK = 0.01  # seconds between two looks at whether it is calm
GRACE = 3.0  # seconds that an aborted flow is waited for; one that sleeps in C ends when it wakes

playing: ContextVar["Play | None"] = ContextVar("the play this code belongs to", default=None)


class Call:
    """One call of a task by a flow, whose ``state`` is

    coming (made, not at the gate), held, asking (a pause, for its answer), running,
    ending (its end is being written down), going (on, in Prefect's hands: to the gate again, or to
    its end) or done.
    """

    def __init__(self, name: str, task: Any, parameters: dict, runner: Any) -> None:
        self.name, self.task, self.parameters = name, task, parameters
        self.runner = runner  # the task runner it was submitted to; None for a direct call
        self.upstream: set[str] = set()  # calls whose results it receives
        self.where = written_at(inspect.currentframe())
        self.answer: Callable[[], Any] | None = None  # gives the result of an earlier performance
        self.state = "coming"
        self.engine: Any = None  # Prefect's, once it has one
        self.ticket: Ticket | None = None  # of the attempt under way
        self.thread: threading.Thread | None = None  # in which its body runs
        self.value: Any = None
        self.error: BaseException | None = None  # of its latest attempt
        self.gate, self.ended, self.written = Future(), Future(), Future()

    @property
    def run(self) -> Any:
        """Prefect's task run, once there is one."""
        return self.engine and self.engine.task_run

    @property
    def question(self) -> dict[str, Any] | None:
        """What a pause asks a person that has not been answered; None for all else."""
        return None if self.answer else getattr(self.task, "question", None)

    @property
    def received(self) -> dict[str, Any]:
        """What it was called with, by name; futures are resolved once it is under way."""
        return dict(self.engine.parameters if self.engine else self.parameters)

    def interrupt(self) -> None:
        """End the body that runs; a coroutine's is cancelled instead (`gate` puts that here)."""
        raise_in(self.thread, Stopped)

    def release(self, ticket: Ticket) -> Future:
        """Let the attempt begin; the future brings its Outcome."""
        self.ended, self.written = Future(), Future()
        self.ticket, self.state = ticket, "running"
        self.gate.set_result(ticket)
        return self.ended


class Play:
    """One performance of a flow in a thread of its own.

    ``perform`` runs the flow and gives its final state; ``answer`` gives what answers a call that
    has finished in an earlier performance, or None; ``notify`` is called at every move, and
    ``ended`` once, when the flow's thread has ended, however it ended.
    """

    def __init__(
        self,
        perform: Callable[[], State],
        answer: Callable[[str], Callable[[], Any] | None],
        notify: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self.calls: dict[str, Call] = {}
        self.by_run: dict[UUID, Call] = {}  # by Prefect's id of its task run
        self.over = self.aborted = False
        self.state: State | None = None  # in which the flow ended, or what it raised
        self.error: BaseException | None = None
        self._answer, self._notify, self._ended = answer, notify, ended
        self._changed, self._moves = threading.Condition(), 0
        self._origins, self._written, self._counts = Origins(), Written(), Counter()
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run, perform), name="flow", daemon=True
        )
        _aborting_at_exit().add(self)
        try:
            self._thread.start()
        except BaseException:
            ended()
            raise

    def _run(self, perform: Callable[[], State]) -> None:
        try:
            self._perform(perform)
        finally:
            self.over = True  # an exception from outside may have come before it was said
            self._ended()

    def _perform(self, perform: Callable[[], State]) -> None:
        playing.set(self)
        try:
            self.state = perform()
        except BaseException as error:  # a flow may end in any way, SystemExit included
            self.error = error
        # Under the condition, as `abort` raises in this thread only while it is not over: what was
        # raised late comes out of here, and not out of the `finally` above.
        with self._changed:
            self.over = True
        self.move()

    def move(self, call: Call | None = None, state: str = "") -> None:
        """Tell both sides that something has changed, the state of ``call`` for example."""
        with self._changed:
            if call:
                call.state = state
            self._moves += 1
            self._changed.notify_all()
        self._notify()

    # The flow's side

    def appear(
        self,
        task: Any,
        parameters: dict,
        wait_for: Any = None,
        inputs: dict[str, set] | None = None,
        runner: Any = None,
    ) -> Call:
        """Make a call known, in the thread that makes it, so that numbers follow the flow's order.

        ``inputs`` are the task runs that Prefect has seen in the parameters.
        """
        context = FlowRunContext.get()
        in_subflow = context.flow_run.parent_task_run_id is not None
        path = f"{context.flow.name}/{task.name}" if in_subflow else task.name
        with self._changed:
            call = Call(f"{path}[{self._counts[path]}]", task, parameters, runner)
            self._counts[path] += 1
            call.upstream, runs = self._origins.received(parameters, wait_for)
            for reported in (inputs or {}).values():
                runs.update(getattr(run, "id", None) for run in reported)
            call.upstream |= {self.by_run[run].name for run in runs if run in self.by_run}
            call.upstream |= self._written.received(call.where, list(parameters.values()))
            call.answer = self._answer(call.name)
            self.calls[call.name] = call
        self.move()
        return call

    def give(self, call: Call, value: Any) -> Any:
        """The call's value, as the object that its receivers are recognised by."""
        with self._changed:
            call.value = self._origins.given(call.name, value)
            self._written.given(call.name, call.value, call.where)
        return call.value

    def hold(self, call: Call) -> Future:
        """The gate: a future that brings the ticket, or None at once for a call that is answered
        from the store. It raises Stopped in a flow that is aborted."""
        call.gate, call.thread = Future(), threading.current_thread()
        if self.aborted:
            call.gate.set_exception(Stopped())
        elif call.answer:
            call.gate.set_result(None)
        else:
            self.move(call, "held")
        return call.gate

    def end(self, call: Call, outcome: Outcome) -> Future:
        """Report that an attempt has ended; the future is done when that stands in the record, and
        the flow may go on."""
        ticket, call.ticket = call.ticket, None
        attach(None)
        self.move(call, "ending" if ticket else "going")
        if ticket is None or self.aborted:
            self.written(call)
        _fill(call.ended, outcome)
        return call.written

    # The workbench's side

    def written(self, call: Call) -> None:
        """Let the flow go on: the end of the call's attempt stands in the record."""
        self.move(call, "going")
        _fill(call.written, None)

    def settle(self) -> None:
        """Wait until the flow can go no further by itself, or until something runs, whose end may
        move it."""
        moves, since = -1, time.monotonic()
        with self._changed:
            while not (self.over or self.aborted):
                if moves != self._moves:
                    moves, since = self._moves, time.monotonic()
                if any(call.state in ("running", "ending") for call in self.calls.values()):
                    return
                if self._settled(time.monotonic() - since):
                    return
                self._changed.wait(TICK)

    def _settled(self, calm: float) -> bool:
        """Whether the flow waits at the gate, given that nothing has moved for ``calm`` seconds."""
        calls = self.calls.values()
        held = [call for call in calls if call.state in ("held", "asking")]
        under_way = [call for call in calls if call.state == "going" or self._comes(call)]
        if not held or (under_way and calm < LONG):
            return False
        return calm > CALM or any(call.thread is self._thread for call in held)

    def _comes(self, call: Call) -> bool:
        """Whether a call that was made may come to the gate without another's result."""
        upstream = (self.calls[name] for name in call.upstream)
        return call.state == "coming" and all(other.state == "done" for other in upstream)

    def abort(self) -> None:
        """End the flow: whatever it waits for raises Stopped. Returns when its thread has ended."""
        with self._changed:
            under_way = not (self.over or self.aborted)
            if under_way:
                self.aborted = True
                self._interrupt()
        if under_way:
            self._let_go()
        if (under_way or self.over) and threading.current_thread() is not self._thread:
            self._thread.join(GRACE)

    def _interrupt(self) -> None:
        """Raise Stopped in what runs: bodies, or else the flow's own code."""
        calls = self.calls.values()
        if all(call.state == "done" for call in calls):
            raise_in(self._thread, Stopped)
        for call in calls:
            if call.state == "running":
                call.ticket.stopped.set()
                call.interrupt()

    def _let_go(self) -> None:
        """End every wait: for an attempt's end, for its record, and at the gate."""
        for call in list(self.calls.values()):
            _fill(call.ended, Outcome("failed", error=STOPPED))
            _fill(call.written, None)
            with contextlib.suppress(InvalidStateError):
                call.gate.set_exception(Stopped())
        self.move()


def _fill(future: Future, value: Any) -> None:
    """Both sides may end a wait, and the first does."""
    with contextlib.suppress(InvalidStateError):
        future.set_result(value)


@functools.cache
def _aborting_at_exit() -> "weakref.WeakSet[Play]":
    """The plays that are aborted when the interpreter ends; there is one interpreter."""
    plays: weakref.WeakSet[Play] = weakref.WeakSet()
    internals.before_workers_are_joined(lambda: [play.abort() for play in list(plays)])
    return plays
