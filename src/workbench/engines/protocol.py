"""What an engine is to the workbench, and the values that pass between the two.

To bring an engine: write a class that has every member of `Engine` (an engine that leaves the
scheduling to the workbench takes most of them from `Scheduled`), describe it by a `Spec`, and name
that in the entry-point group `workbench.engines`. docs/add-an-engine.md walks through it.
"""

import ctypes
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from workbench.capture import Log, learners_traceback, one_line
from workbench.events import DONE, FAILED, FINISHED, STOPPED, Conclusion, Detail, Question
from workbench.graph import Graph, PipelineError, template_of
from workbench.record import Record


class Stopped(BaseException):
    """Raised in a task's thread when the learner presses Stop."""


@dataclass(frozen=True)
class Policy:
    """``retries`` after the first attempt, ``delay`` s apart; an attempt may last ``timeout`` s."""

    retries: int = 0
    delay: float = 0.0
    timeout: float | None = None


@dataclass(frozen=True)
class Ticket:
    """One attempt to be executed.

    ``number`` counts all attempts of the task, ``tries`` those since it was last cleared, without
    what a crash has interrupted. ``stand_in`` is called in the place of the task's code. An engine
    with clocks of its own calls ``begun`` with the Unix time at which the attempt began.
    """

    task: str
    number: int
    tries: int
    inputs: Mapping[str, Any]
    log: Log
    injection: str | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    begun: Callable[[float], None] = lambda when: None
    stand_in: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: ``kind`` is succeeded, failed, retrying, skipped or cached.

    ``delay`` (seconds) is that of the next attempt; without an ``error`` the task only waits (a
    sensor), and the delay is real, or it ``asks`` a person, and waits for the answer. ``end`` is
    the Unix time at which the attempt ended, if the engine has its own; now, otherwise.
    """

    kind: str
    value: Any = None
    error: str | None = None
    delay: float = 0.0
    end: float | None = None
    asks: Question | None = None

    @property
    def detail(self) -> Detail:
        """What the event says by which the attempt ends."""
        if self.kind == "retrying":
            asks = {"asks": self.asks} if self.asks else {}
            return {"error": self.error, "delay": self.delay, **asks}
        return self.error


@dataclass(frozen=True)
class Change:
    """An event that follows from what is finished; a change of task None concerns the run itself.

    ``at`` is the Unix time at which it happened, if the engine knows; now, otherwise.
    """

    kind: str
    task: str | None
    detail: Detail = None
    at: float | None = None


@dataclass(frozen=True)
class Decision:
    """Tasks that may start now, and what follows from what is finished."""

    ready: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


@runtime_checkable
class Engine(Protocol):
    """One thing of one engine, ready to be run once.

    A run (`workbench.execution.Run`) owns it. "The lock" is that run's lock: what is called under
    it must not wait for a task, or nobody can press Stop.
    """

    name: str  # the engine's, as it stands in records: "airflow"
    title: str  # the thing's own: a DAG's id, a flow's name
    graph: Graph
    reports_times: bool  # whether ``execute`` calls ``ticket.begun``
    stood_in: frozenset[str]  # tasks that something stands in for; set by the run before ``bind``
    notify: Callable[[], None]  # set by the run: call it from any thread to be asked again

    # Begin: once each, in this order, without the lock; after a fork or a resume as well

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """The run parameters as they go to ``begin`` and into the record. Takes nothing, for no
        ``close`` may follow; raise PipelineError for a parameter that does not fit, and for a thing
        that could not be run with any."""

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        """Take what a run needs; may block, as while a server starts. The record is not empty after
        a fork or a resume. Raise PipelineError where the run cannot begin; no ``close`` follows."""

    # Describe: cheap, from any thread, with the lock or without

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """What the task receives, by name, of what is finished. Called under the lock when an
        attempt begins, and by whoever looks."""

    def source(self, task: str) -> str | None:
        """The code of the task as its author wrote it; None where there is none. Never raises."""

    def code(self, task: str) -> Any:
        """Its own code and settings, to be compared with those before an edit. Never raises."""

    def words(self, task: str) -> str | None:
        """The engine's own word for the task's state, if any; may read a database."""

    # Schedule: called under the lock, one at a time

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        """Which of the pending tasks ``among`` may start, and which can never run; what is said of
        others counts as well. Called when a command begins and after each end of an attempt, until
        there is no more to say; ``states`` is a live view. May block only while the engine itself
        is at work (a flow that runs up to its next task), and must return after ``interrupt``. What
        is raised ends the command; the next one asks the same again."""

    def ready_at(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> tuple[str, ...]:
        """What was ready at an earlier moment, by its states and outputs. Never blocks."""

    def below(self, task: str, record: Record) -> tuple[str, ...]:
        """What has to run again when ``task`` does, itself left out."""

    def clear(self, tasks: Iterable[str]) -> None:
        """Forget that these tasks have run. None of them is under way."""

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Conclusion | None] | None:
        """How the run as a whole has ended (succeeded or failed, detail); None while it has not,
        or where ``decide`` says it by a change of task None."""

    # Execute: in the thread of the attempt, without the lock, several at a time

    def execute(self, ticket: Ticket) -> Outcome:
        """Run one attempt to its end. Never raises for what the task does; may raise Stopped."""

    def written(self, ticket: Ticket) -> None:
        """The attempt's end stands in the record. Called in the attempt's thread."""

    def answer(self, task: str, value: Any) -> None:
        """Give the task what it has asked for, under the lock; ``decide`` lets it go on. Raise
        PipelineError for a value that is no answer."""

    def cancel(self, ticket: Ticket) -> bool | None:
        """Help an attempt to end at once, from another thread; ``ticket.stopped`` is set. Unless
        this returns True, the attempt's thread gets a `Stopped` as well."""

    def interrupt(self) -> None:
        """Make a ``decide`` that waits return at once; from any thread."""

    def close(self) -> None:
        """Let go of what ``begin`` took; called once or more. Cancelled attempts may still be
        on their way to their end. Must not raise, or the run's folder stays taken."""


class Scheduled:
    """What suits most engines. One that lets the workbench do the scheduling has a graph, a policy
    for each task, and ``call``, which runs a task's code: a task starts when all upstream tasks
    have succeeded, fails over by its policy, and what is downstream of a failure can never run."""

    title: str
    graph: Graph
    reports_times = False
    stood_in: frozenset[str] = frozenset()
    notify: Callable[[], None] = staticmethod(lambda: None)

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        for name in parameters:
            raise PipelineError(f"{name!r}: {self.title!r} takes no run parameters")
        return parameters

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        self.parameters = parameters

    def policy(self, task: str) -> Policy:
        return Policy()

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        return {up: outputs[up] for up in self.graph.any_upstream(task) if up in outputs}

    def source(self, task: str) -> str | None:
        return None

    def code(self, task: str) -> Any:
        return self.source(task) if task in self.graph.position else None

    def words(self, task: str) -> str | None:
        return None

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        return by_upstream(self.graph, states, among)

    def ready_at(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> tuple[str, ...]:
        return by_upstream(self.graph, states, states).ready

    def execute(self, ticket: Ticket) -> Outcome:
        try:
            return Outcome("succeeded", self.call(ticket))
        except Stopped:
            return Outcome("failed", error=STOPPED)
        except BaseException as error:  # a task may raise anything, SystemExit included
            ticket.log.write(learners_traceback(error))
            policy = self.policy(ticket.task)
            if ticket.tries <= policy.retries:
                return Outcome("retrying", error=one_line(error), delay=policy.delay)
            return Outcome("failed", error=one_line(error))

    def call(self, ticket: Ticket) -> Any:
        """Run the task's own code; return its value or raise its error."""
        raise NotImplementedError

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Conclusion | None] | None:
        kinds = set(states.values())
        if not kinds <= FINISHED:
            return None
        return ("failed" if kinds & FAILED else "succeeded"), None

    def below(self, task: str, record: Record) -> tuple[str, ...]:
        """The task's own instances, and whatever is downstream of any of them."""
        instances = [name for name in record.states() if name != task and template_of(name) == task]
        roots = [name for name in (task, *instances) if name in record.graph.position]
        descendants = [name for root in roots for name in record.graph.descendants(root)]
        return tuple(dict.fromkeys([*instances, *descendants]))

    def written(self, ticket: Ticket) -> None:
        """Nobody waits for it."""

    def answer(self, task: str, value: Any) -> None:
        """No task asks."""

    def interrupt(self) -> None:
        """``decide`` never waits."""

    def cancel(self, ticket: Ticket) -> bool | None:
        """The Stopped that is raised in the attempt's thread is enough."""

    def clear(self, tasks: Iterable[str]) -> None:
        """Nothing is remembered."""

    def close(self) -> None:
        self.interrupt()


def by_upstream(graph: Graph, states: Mapping[str, str], among: Iterable[str]) -> Decision:
    """What follows for these tasks if each needs all its upstream tasks to have succeeded."""
    ready, changes = [], []
    for task in among:
        if states.get(task) == "retrying":
            ready.append(task)
        if states.get(task) != "pending":
            continue
        upstream = {states[other] for other in graph.upstream(task) if other in states}
        if upstream & FAILED:
            changes.append(Change("upstream_failed", task))
        elif "skipped" in upstream:
            changes.append(Change("skipped", task))
        elif upstream <= DONE:
            ready.append(task)
    return Decision(tuple(ready), tuple(changes))


def raise_in(thread: threading.Thread, error: type[BaseException]) -> None:
    """Raise ``error`` in a thread at its next bytecode; one that sleeps in C stays as a daemon."""
    if thread.ident and thread.is_alive():
        raised = ctypes.c_ulong(thread.ident), ctypes.py_object(error)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(*raised)
