"""What makes a run go: ask the scheduler what is next, start it, write down what happens."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from workbench import storage
from workbench.breakpoints import Breakpoints
from workbench.capture import Log, listening, log_of
from workbench.engines.protocol import Change, Outcome, Ticket
from workbench.events import FINISHED, STOPPED, Detail, Growth, Output
from workbench.graph import PipelineError, template_of
from workbench.masking import Mask
from workbench.opening import Opening
from workbench.outputs import Outputs
from workbench.scheduler import Scheduler, Turn
from workbench.standins import StandIns
from workbench.workers import Workers

_MOMENT = {"succeeded": "after", "cached": "after", "failed": "failure", "retrying": "failure"}


class Driver:
    """Runs the tasks of one run. Whoever uses it sees to it that one thread at a time drives."""

    def __init__(self, opening: Opening) -> None:
        self.record, self._folder, self._engine = opening.record, opening.folder, opening.engine
        # Held whenever an event is written down, or what follows from one is looked at.
        self.lock = threading.RLock()
        self.memory = dict(opening.memory)  # outputs that could not be stored
        self.injections: dict[str, str] = {}
        self.breakpoints = Breakpoints()
        self.halted: str | None = None  # the breakpoint at which the last command has ended
        self._halts_at: set[str] = set()  # tasks before which it halted; the next command passes
        self.stopping = threading.Event()  # set until the next command: start nothing any more
        self._stand_ins = opening.stand_ins
        self.workers = Workers(self._engine, self._folder, self._ended)
        opening.begin()
        self._begin_time(self.record.last_at)
        real_delays = opening.options.delays == "real"
        self.scheduler = Scheduler(self.record, opening.options.at_once, real_delays)

    @property
    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._origin

    def _begin_time(self, passed: float) -> None:
        """``passed`` seconds of the run are over."""
        self._origin, self.epoch = time.monotonic() - passed, time.time() - passed

    def log_of(self, task: str, attempt: int) -> Path:
        """The file of an attempt's log."""
        return log_of(self._folder, task, attempt)

    # Writing down

    def note(
        self,
        kind: str,
        task: str | None,
        attempt: int | None = None,
        detail: Detail = None,
        when: float | None = None,
    ) -> None:
        """Write an event down; ``when`` is a Unix time, None for now. The first one begins the
        run's time."""
        if not len(self.record):
            self._begin_time(0.0)
        at = self.now if when is None else when - self.epoch
        self.scheduler.follow(self.record.append(kind, task, at, attempt, detail))

    def _note_all(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self.note(change.kind, change.task, None, change.detail, change.at)

    def refresh(self) -> None:
        """Write down what follows from what is finished."""
        self._note_all(self.scheduler.settle(self._engine))
        if not self.stopping.is_set():
            self._note_all(self.scheduler.conclude(self._engine))

    def clear(self, tasks: Iterable[str]) -> None:
        """Make tasks pending that are not; none of them is under way."""
        cleared = [task for task in tasks if self.record.state_of(task) != "pending"]
        for task in cleared:
            self.note("cleared", task)
        self._engine.clear(cleared)

    def inject(self, task: str, how: str) -> None:
        """Make every coming attempt of ``task``, or of a template's instances, fail."""
        self.injections[task] = how
        self.note("injected", task, detail={"how": how})

    def stand_in(self, task: str, stand_ins: StandIns) -> None:
        """What stands in for tasks from their next attempts on; ``task``'s is another."""
        self._stand_ins = stand_ins
        notes = {task: stand_ins.noted(self.record.graph, task)}
        self.note("graph", None, detail={"notes": notes})

    def lift(self, task: str) -> None:
        """Let coming attempts be what they are."""
        if self.injections.pop(task, None):
            self.note("injected", task, detail={"how": None})

    def answer(self, task: str, value: Any) -> None:
        """Let a task that asks go on with ``value``; raise PipelineError for one that is no answer
        to its question."""
        self._engine.answer(task, value)
        told = storage.summary(Mask().value(value))
        notes = {**self.record.graph.notes.get(task, {}), "answered": told}
        self.note("graph", None, detail={"notes": {task: notes}})
        self.scheduler.answered(task)
        self.workers.wake()

    def take_over(self, before: "Driver") -> None:
        """Have what was set for the same run in another driver."""
        self.injections, self.breakpoints = before.injections, before.breakpoints

    def reloaded(self, changed: Iterable[str], growth: Growth) -> None:
        """The code is another now: ``changed`` tasks and what is below are stale."""
        notes = {
            task: {**self.record.graph.notes.get(task, {}), "changed": "since it ran first"}
            for task in changed
        }
        if notes or any(growth.values()):
            self.note("graph", None, detail={**growth, "notes": notes})
        below = [name for task in changed for name in self._engine.below(task, self.record)]
        self.clear(dict.fromkeys([*changed, *below]))

    # Running

    def drive(
        self,
        wanted: set[str] | None = None,
        most: int | None = None,
        until: str | None = None,
        holds: Callable[[Outputs], str | None] | None = None,
    ) -> None:
        """Start ready tasks of ``wanted`` (None: any) as slots come free.

        It ends when nothing of them is ready or running, when ``most`` attempts were made, and
        when nothing runs any more after the task ``until`` has ended, the condition ``holds``, or
        a breakpoint was hit. Raise PipelineError where an attempt's end could not be written down,
        and what the engine raises when it is asked.
        """
        passed, self._halts_at, self.halted = self._halts_at, set(), None
        with listening():
            try:
                while not self.stopping.is_set():
                    if fault := self.workers.fault:
                        raise PipelineError(f"{self._folder}: {fault}; mend that, then Run.resume")
                    with self.lock:
                        leaving = self.workers.leaving  # before the engine is asked, not after
                        self.refresh()
                        if until and self.record.state_of(until) in FINISHED:
                            wanted = set()
                        if holds:
                            told = holds(Outputs(self.record, None, self.memory))
                            self.halted = told or self.halted
                        turn = self._turn(wanted, most, passed)
                        for task in turn.start:
                            self._launch(task)
                    if turn.over and not leaving:
                        break
                    if most is not None:
                        most -= len(turn.start)
                    self.workers.wait(turn.seconds)
            except KeyboardInterrupt:
                self.stop()
                raise
            with self.lock:
                if not self.stopping.is_set():
                    self.refresh()

    def _turn(self, wanted: set[str] | None, most: int | None, passed: set[str]) -> Turn:
        """What is next: nothing more where a breakpoint was hit. A step passes what is before."""
        turn = self.scheduler.turn(self.now, set() if self.halted else wanted, most)
        for task in turn.start if most is None else ():
            if task not in passed and (hit := self.breakpoints.hit(task, "before")):
                self.halted = self.halted or hit
                self._halts_at.add(task)
        return self.scheduler.turn(self.now, set(), most) if self._halts_at else turn

    def stop(self) -> None:
        """End what is running, from any thread. Attempts under way count as failed."""
        self.stopping.set()
        self._engine.interrupt()  # before the lock, which a decision that waits may hold
        with self.lock:
            attempts = self.workers.abandon()
            for ticket, _ in attempts:
                self.note("failed", ticket.task, ticket.number, STOPPED)
            self.note("stopped", None)
        self.workers.end(attempts)

    def _launch(self, task: str) -> None:
        """Begin an attempt."""
        record, number = self.record, len(self.record.attempts(task)) + 1
        inputs = self._engine.inputs(task, Outputs(record, None, self.memory))
        if record.state != "running":
            self.note("started", None)
        self.note("queued", task, number)
        ticket = Ticket(
            task,
            number,
            record.tries(task) + 1,
            inputs,
            Log(self.log_of(task, number)),
            self.injections.get(task, self.injections.get(template_of(task))),
            begun=lambda when: self._begun(task, number, when),
            stand_in=self._stand_ins.call(task, inputs),
        )
        if not self._engine.reports_times:
            self._begun(task, number)
        self.workers.start(ticket)

    def _begun(self, task: str, number: int, when: float | None = None) -> None:
        """Note that an attempt has started, once, and not when it was stopped before."""
        with self.lock:
            queued = self.record.last(task, "queued")
            if self.record.state_of(task) == "queued" and queued.attempt == number:
                self.note("started", task, number, when=when)

    def _ended(self, ticket: Ticket, outcome: Outcome, stored: Output | None) -> None:
        """Write an attempt's end down, in its thread, and not when it was stopped before."""
        task, number, end = ticket.task, ticket.number, outcome.end
        hit = self.breakpoints.hit(task, _MOMENT.get(outcome.kind, ""), outcome.value)
        with self.lock:
            if ticket.stopped.is_set():
                return
            self._begun(task, number)
            if stored:
                if stored["file"] is None:
                    self.memory[task] = outcome.value
                self.note("output", task, number, stored, end)
            if ticket.log.used:
                file = ticket.log.path.relative_to(self._folder).as_posix()
                self.note("log", task, number, {"file": file}, end)
            if ticket.injection == "raise once":
                self.lift(task)
                self.lift(template_of(task))
            self.halted = self.halted or hit
            self.workers.forget(ticket)
            self.note(outcome.kind, task, number, outcome.detail, end)
