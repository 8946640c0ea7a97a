"""One execution under control: step, run to, run all, stop, retry, inject, back, fork, resume."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from numbers import Integral
from pathlib import Path
from typing import Any

from workbench import opening, workspace
from workbench.breakpoints import Expression, When, holding, watched
from workbench.driver import Driver
from workbench.engines.registry import can_ask, injections
from workbench.events import STATE_OF
from workbench.graph import PipelineError
from workbench.opening import Opening, Options
from workbench.record import Record
from workbench.seen import Seen
from workbench.standins import ITSELF, StandIns, by_task


class Run(Seen):
    """One run of ``thing`` in ``folder``, at most ``jobs`` tasks at once; on disk at every event.

    ``delays="real"`` sleeps a task's retry delays; the default writes them into the record only.
    Run parameters are given by name, or by ``parameters`` where a name is taken. ``stand_in`` is
    task → what it returns without being run: a value, or a function of its inputs. Raise
    PipelineError for parameters that do not fit and for a folder that cannot be used.
    """

    def __init__(
        self,
        thing: Any,
        folder: str | Path | None = None,
        jobs: int | None = None,
        delays: str = "recorded",
        parameters: Mapping[str, Any] | None = None,
        stand_in: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        if not isinstance(thing, Opening):  # as `fork` and `resume` give it
            given = {**(parameters or {}), **more}
            stand_ins = StandIns(by_task("stand_in", stand_in))
            thing = opening.new(thing, folder, Options(jobs, delays), given, stand_ins)
        self._opening, self.engine = thing, thing.engine
        self.record, self.folder, self.parameters = thing.record, thing.folder, thing.parameters
        self._driver = Driver(thing)
        self._commanded = threading.Lock()  # held by whoever runs tasks, from first to last
        self._cursor: int | None = None
        self._watches: tuple[Expression, ...] = ()

    # What there is to do

    def step(self, task: str | None = None) -> str | None:
        """Run one attempt of one ready task and return its name; None when nothing is ready.

        Raise PipelineError for a ``task`` that is not ready, with what it waits for.
        """
        with self._acting():
            ready = self._driver.scheduler.ready
            if task is not None and task not in ready:
                reason = self._driver.scheduler.hindrance(self._known(task))
                listed = ", ".join(ready) or "nothing"
                raise PipelineError(f"task {task!r} is not ready: {reason} (ready: {listed})")
            if not ready:
                return None
            chosen = task or ready[0]
            if self._opening.options.delays == "recorded":
                self._driver.scheduler.hurry(chosen)
            self._driver.drive({chosen}, most=1)
            return chosen

    def run_to(self, task: str) -> None:
        """Run ``task`` and what it needs, and nothing else. Raise PipelineError for a name that no
        task has; on a graph that is not known before, when the run has shown that."""
        with self._acting():
            if self.graph.dynamic:
                self._driver.drive(until=task)
            else:
                self._driver.drive({self._known(task), *self.graph.ancestors(task)}, until=task)
            self._known(task)

    def run_all(self) -> None:
        """Run until nothing is ready; tasks that ask a person wait on (`questions`)."""
        with self._acting():
            self._driver.drive()

    def run_until(self, condition: Expression) -> None:
        """Run until an expression over the outputs, in which names are tasks, is true or cannot be
        told (`halted` says which); or nothing is ready. Raise PipelineError for what is none."""
        with self._acting():
            self._driver.drive(holds=holding(condition, self._names))

    def retry(self, task: str) -> None:
        """Clear ``task`` and all downstream, and lift injections on them; nothing is run."""
        with self._acting(refresh=False), self._driver.lock:
            cleared = (self._known(task), *self.engine.below(task, self.record))
            for name in cleared:
                self._driver.lift(name)
            self._driver.clear(cleared)

    def stop(self) -> None:
        """End what is running, from any thread. Attempts under way count as failed."""
        if self.busy or self._driver.workers:
            self._driver.stop()

    def inject(self, task: str, how: str | None) -> None:
        """Make every coming attempt of ``task`` fail in one of the five ways, until it is lifted
        (``how=None``, retry). Raise PipelineError for another way, and for one that the engine
        does not know."""
        self._known(task)
        ways = injections(self.engine.name)
        if how is not None and how not in ways:
            raise PipelineError(f"{how!r} is no way to fail; choose from {', '.join(ways)}")
        with self._driver.lock:
            if how is None:
                self._driver.lift(task)
            else:
                self._driver.inject(task, how)

    def breakpoint(self, task: str, when: When | None = "before") -> None:
        """Let commands end at a task: "before" or "after" it, on its "failure", or when a condition
        over its output holds (a function, or an expression with ``value``); None: no more. The next
        command goes on from there. Raise PipelineError for what is no condition."""
        with self._driver.lock:
            self._driver.breakpoints.put(self._known(task), when)

    def watch(self, expression: Expression) -> None:
        """Watch an expression over the outputs, in which names are tasks, or a function of them.
        Raise PipelineError for what is no expression."""
        watched(self.record, expression, self._names)
        self._watches = tuple(dict.fromkeys((*self._watches, expression)))

    def unwatch(self, expression: Expression) -> None:
        """Watch an expression no more."""
        self._watches = tuple(watch for watch in self._watches if watch != expression)

    def reload(self, thing: Any) -> tuple[str, ...]:
        """Go on with edited code: what is finished stays; tasks whose own code has changed, and all
        downstream, are stale and run again. Give those that have changed.

        What a task's code calls elsewhere is not compared: `retry` makes a task run again. Raise
        PipelineError for a thing of another engine, and where tasks or edges are gone.
        """
        with self._acting(refresh=False):
            edited = opening.reloaded(self._opening, thing, self._driver.memory)
            growth = opening.growth(self.engine.graph, edited.engine.graph)
            changed = opening.changed(self.record, self.engine, edited.engine, growth)
            self.engine.close()
            self.record.detach()
            driver = Driver(edited)
            driver.take_over(self._driver)
            self._opening, self.engine, self._driver = edited, edited.engine, driver
            with driver.lock:
                driver.reloaded(changed, growth)
        return changed

    def answer(self, task: str, value: Any = None) -> None:
        """Answer a task that asks: with an option or a list of options, with a dictionary of the
        fields it wants, or with what it wants itself; it goes on when it is run next.

        Raise PipelineError for a task that asks nothing, and a value that is no answer.
        """
        known = self._known(task)
        with self._driver.lock if self.busy else self._acting(refresh=False):
            if known not in self._driver.scheduler.asking:
                asking = ", ".join(self.questions) or "none"
                raise PipelineError(
                    f"task {task!r} waits for no answer; tasks that ask a person: {asking}"
                    + ("" if can_ask(self.engine.name) else f", ever, on {self.engine.name}")
                )
            self._driver.answer(task, value)

    def stand_in(self, task: str, value: Any = ITSELF) -> None:
        """Let a value, or a function of the inputs, take the place of a task's code from its next
        attempt on; without one its own code runs again. Raise PipelineError for what cannot be
        kept."""
        stand_ins = self._opening.stand_ins.given(self._known(task), value)
        with self._driver.lock:
            stand_ins.save(self.folder / "run")
            self._opening = replace(self._opening, stand_ins=stand_ins)
            self._driver.stand_in(task, stand_ins)

    def back(self, seq: int | None) -> None:
        """Look at the moment after event ``seq`` (None: now; -1: before the first); raise
        PipelineError for an event that is not there. Nothing is deleted."""
        last = len(self.record) - 1
        if seq is not None and not (isinstance(seq, Integral) and -1 <= seq <= last):
            raise PipelineError(f"there is no event {seq!r}; this run has events 0 to {last}")
        with self._driver.lock:
            self._cursor = None if seq == last else seq

    def fork(
        self, outputs: Mapping[str, Any] | None = None, folder: str | Path | None = None
    ) -> "Run":
        """A new run that has what was finished at the cursor, with ``outputs`` (task → value) in
        the place of those tasks' own. Raise PipelineError for a task that is not there."""
        replaced = {self._known(task): value for task, value in by_task("outputs", outputs).items()}
        with self._driver.lock:
            run, cursor = replace(self._opening, memory=dict(self._driver.memory)), self._cursor
        return Run(opening.forked(run, cursor, replaced, folder))  # its engine may take its time

    def again(self) -> "Run":
        """A new run of the same thing with the same parameters, in a folder of its own."""
        run = self._opening
        return Run(opening.new(run.thing, None, run.options, run.parameters, run.stand_ins))

    def unfinished(self) -> Path | None:
        """The folder of this graph's latest run that was left half-way and is open nowhere."""
        return opening.unfinished(self._opening)

    @classmethod
    def resume(
        cls, folder: str | Path, thing: Any, jobs: int | None = None, delays: str = "recorded"
    ) -> "Run":
        """Go on with the run in ``folder`` after a crash: what is finished is kept.

        What was running has failed (interrupted) and is pending again; its next attempt is
        numbered on. The interrupted one counts towards the task's retries where the engine
        counts it. Raise PipelineError for a run of another engine, of a graph that has changed
        since, and one that somebody has open.
        """
        return cls(opening.resumed(folder, thing, Options(jobs, delays)))

    def give_up(self) -> None:
        """End a run that only a person could bring further: it has failed, and says whom for."""
        if asking := ", ".join(self.questions):
            with self._driver.lock:
                self._driver.note("failed", None, detail=f"waits for a person's answer: {asking}")

    def close(self) -> None:
        """Stop, and let go of the folder so that another process may resume it."""
        self.stop()
        self.engine.close()
        self.record.detach()

    @contextlib.contextmanager
    def _acting(self, refresh: bool = True) -> Iterator[None]:
        """One command at a time; a run that was looking back goes on from there."""
        if not self._commanded.acquire(blocking=False):
            raise PipelineError("this run is busy; wait for it, or stop it first")
        try:
            self._driver.stopping.clear()
            with self._driver.lock:
                if self._cursor is not None:
                    self._go_on_from(self._cursor)
                if refresh:
                    self._driver.refresh()
            yield
        finally:
            self._commanded.release()

    def _go_on_from(self, seq: int) -> None:
        """Clear what has happened since event ``seq``."""
        then, self._cursor = self.record.states(seq), None
        later = {event.task for event in self.record.events[seq + 1 :] if event.kind in STATE_OF}
        states = self.record.states()
        self._driver.clear(
            task for task in states if task in later or then.get(task) != states[task]
        )


def run(thing: Any, **parameters: Any) -> Record:
    """Run ``thing`` from start to end without a screen and return its record; failed tasks are in
    it, not raised. Raise PipelineError for parameters that do not fit."""
    workspace.start()
    execution = Run(thing, **parameters)
    try:
        execution.run_all()
        execution.give_up()
    finally:
        execution.close()
    return execution.record
