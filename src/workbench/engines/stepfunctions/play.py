"""One performance of a state machine: the executor's threads on one side, attempts on the other.

The executor (`internals`) comes to a state, which is a `Visit`: it waits there until the workbench
releases it, asks the attempt for what its Task's function returns, and reports how the attempt
ended; it goes on when that stands in the record. What has finished in an earlier performance is
answered from the record, and nobody waits.

``_active`` counts the threads of the executor that are between two such waits. Where it is 0, the
machine can go no further by itself. A Parallel or Map state (`Fork`) divides the one thread that
comes to it among its branches, and the last of them, or the first that fails, gives it back.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from workbench.engines.protocol import Outcome
from workbench.engines.stepfunctions.definition import State


class Abandoned(Exception):
    """Raised in a thread of the executor that asks for what nobody will answer any more."""


@dataclass(frozen=True)
class Failure:
    """An error as Step Functions knows it, by its name; ``cause`` is a text, often JSON."""

    error: str
    cause: str
    line: str  # as it stands in a record


@dataclass(frozen=True)
class Wanted:
    """What the executor asks an attempt for: a function's value, a Wait's seconds, or, of any
    other state, whether the ``value`` that it has is to stay."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Answer:
    """What a finished state gave in an earlier performance: its value, or its failure."""

    value: Any = None
    failure: Failure | None = None


@dataclass
class Visit:
    """A state that a run has come to. ``at`` is

    going (in the executor's hands), held (until it is released), running (the attempt has it),
    ending (its end is being written down) or gone (nobody goes on with it).
    """

    name: str
    state: State
    input: Any
    upstream: tuple[str, ...]
    answer: Answer | None = None
    again: bool = False  # the state has finished before in this performance, and runs anew
    at: str = "going"
    wanted: Wanted | None = None
    reply: Answer | None = None
    outcome: Outcome | None = None
    value: Any = None  # that the latest attempt gave
    failure: Failure | None = None  # of the latest attempt
    payload: Any = None  # what the Task's function receives
    words: str = ""  # the executor's own for where it stands
    interrupt: Callable[[], None] = field(default=lambda: None)  # ends what the attempt runs

    @property
    def ended(self) -> Outcome:
        """How the last attempt has ended."""
        if self.failure:
            return Outcome("failed", error=self.failure.line)
        return Outcome("succeeded", self.value)

    def retrying(self, delay: float) -> Outcome:
        return Outcome("retrying", error=self.failure.line, delay=float(delay))


@dataclass
class Flow:
    """The way through one program: the machine itself, a branch, the work on an item."""

    looping: frozenset[str]
    prefix: str = ""
    previous: tuple[str, ...] = ()
    counts: Counter = field(default_factory=Counter)

    def name(self, state: str) -> str:
        """The name in the run of a state that is come to now."""
        number = self.counts[state]
        self.counts[state] += 1
        return f"{self.prefix}{state}" + (f"[{number}]" if state in self.looping else "")


@dataclass
class Fork:
    """The jobs of a Parallel or Map state, of which ``at_once`` run at a time."""

    jobs: int
    at_once: int
    given_back: bool = False
    ends: tuple[str, ...] = ()  # the tasks that what follows comes after

    def __post_init__(self) -> None:
        self.left, self.to_begin = self.jobs, self.jobs - self.at_once


class Play:
    """Both sides of one performance. ``answer`` gives what a task gave earlier, or None."""

    def __init__(self, answer: Callable[[str], Answer | None]) -> None:
        self.visits: dict[str, Visit] = {}
        self.over = self.aborted = False
        self.halt: Callable[[], None] = lambda: None  # stops the executor; set by `internals`
        self.ended: Any = None  # how the machine ended, once it is over
        self._answer, self._changed, self._active = answer, threading.Condition(), 1

    # The executor's side

    def come(self, flow: Flow, state: State, value: Any) -> Visit:
        """The machine has come to a state with this input."""
        with self._changed:
            name = flow.name(state.name)
            again = name in self.visits
            answer = None if again else self._answer(name)
            visit = Visit(name, state, value, flow.previous, answer, again)
            self.visits[name], flow.previous = visit, (name,)
        return visit

    def begin(self, visit: Visit) -> bool:
        """Wait for the release; False where the executor is not to go on with the state."""
        visit.failure = None
        if visit.answer:
            return True
        with self._changed:
            visit.outcome = None
            self._rest(visit, "held")
            self._changed.wait_for(lambda: visit.at != "held" or self.aborted)
        return visit.at == "running" and not self.aborted

    def ask(self, visit: Visit, wanted: Wanted) -> Answer:
        """What the attempt has to say; raise Abandoned where it says nothing any more."""
        if visit.answer:
            return Answer() if wanted.kind == "wait" else visit.answer
        with self._changed:
            visit.wanted, visit.reply = wanted, None
            self._rest(visit, visit.at)
            self._changed.wait_for(lambda: visit.wanted is not wanted or self.aborted)
            if visit.reply is None or self.aborted:
                raise Abandoned(visit.name)
            return visit.reply

    def withdraw(self, visit: Visit) -> None:
        """The executor waits no longer for the answer, as when a Task has timed out."""
        with self._changed:
            pending, visit.wanted = visit.wanted, None
            self._move(1 if pending else 0)
        if pending:
            visit.interrupt()

    def end(self, visit: Visit, outcome: Outcome) -> None:
        """Report the end of an attempt, and wait until it stands in the record."""
        if visit.answer:
            return
        with self._changed:
            if visit.at != "running" or self.aborted:
                return
            visit.outcome = outcome
            self._rest(visit, "ending")
            self._changed.wait_for(lambda: visit.at != "ending" or self.aborted)

    def fork(self, fork: Fork) -> None:
        """The jobs of a state begin."""
        with self._changed:
            self._move(fork.at_once - 1 if fork.jobs else 0)

    def joined(self, fork: Fork, flow: Flow, failed: bool) -> None:
        """A job has come to its end."""
        with self._changed:
            fork.left -= 1
            if not fork.given_back and (failed or not fork.left):
                fork.given_back, fork.to_begin = True, 0
                fork.ends = flow.previous if failed else (*fork.ends, *flow.previous)
            elif fork.to_begin:
                fork.to_begin -= 1
                fork.ends += flow.previous
            else:
                fork.ends += () if fork.given_back else flow.previous
                self._move(-1)

    def let_go(self, prefix: str) -> None:
        """Nobody goes on with what is below a state that has failed."""
        with self._changed:
            inside = (f"{prefix}/", f"{prefix}[")
            below = [v for v in self.visits.values() if v.name.startswith(inside)]
            waiting = [v for v in below if v.at == "held" or (v.at == "running" and v.wanted)]
            for visit in waiting:
                visit.at, visit.wanted = "gone", None
            self._move(len(waiting))

    def close(self, ended: Any) -> None:
        """The machine has come to its end."""
        with self._changed:
            self.over, self.ended = True, ended
            self._changed.notify_all()

    # The workbench's side

    def settle(self, written: Callable[[str], bool]) -> None:
        """Wait until the machine can go no further by itself; ``written`` says whether a task's
        attempt has ended in the record, so that the executor is about to go on."""
        with self._changed:
            self._changed.wait_for(lambda: self.over or self.aborted or self._rests(written))

    def _rests(self, written: Callable[[str], bool]) -> bool:
        ending = (visit.name for visit in self.visits.values() if visit.at == "ending")
        return not self._active and not any(map(written, ending))

    def held(self) -> Iterable[Visit]:
        with self._changed:
            return [visit for visit in self.visits.values() if visit.at == "held"]

    def release(self, visit: Visit, interrupt: Callable[[], None]) -> bool:
        """Let an attempt begin; False where nothing waits for that."""
        with self._changed:
            if visit.at != "held" or self.aborted:
                return False
            visit.again, visit.interrupt = False, interrupt
            visit.at = "running"
            self._move(1)
            return True

    def asked(self, visit: Visit) -> Wanted | None:
        """What the executor wants next of an attempt; None where that is over."""
        with self._changed:
            self._changed.wait_for(lambda: visit.wanted or self._is_over(visit))
            return None if self._is_over(visit) else visit.wanted

    def tell(self, visit: Visit, wanted: Wanted, reply: Answer) -> None:
        """Answer what the executor wanted, if it still does."""
        with self._changed:
            if visit.wanted is wanted:
                visit.wanted, visit.reply, visit.value = None, reply, reply.value
                self._move(1)
            elif visit.at == "gone":  # how it ended matters to the record alone
                visit.value, visit.failure = reply.value, reply.failure

    def written(self, visit: Visit) -> None:
        """The attempt's end stands in the record."""
        with self._changed:
            if visit.at == "ending":
                visit.at = "going"
                self._move(1)

    def abort(self) -> None:
        """End the performance; whoever waits goes on, and finds it halted."""
        if not (self.over or self.aborted):
            self.halt()
        with self._changed:
            self.aborted = True
            visits = list(self.visits.values())
            self._changed.notify_all()
        for visit in visits:
            if visit.at == "running":
                visit.interrupt()

    def _is_over(self, visit: Visit) -> bool:
        return self.over or self.aborted or visit.outcome is not None or visit.at == "gone"

    def _rest(self, visit: Visit, at: str) -> None:
        visit.at = at
        self._move(-1)

    def _move(self, threads: int) -> None:
        self._active += threads
        self._changed.notify_all()
