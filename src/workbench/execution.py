"""One execution under control: step, run to, run all, stop, retry, inject, back, fork, resume; saved at every event."""

import bisect
import contextlib
import os
import queue
import re
import shutil
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import storage, workspace
from workbench.capture import Log, into, listening
from workbench.engines.protocol import Engine, Outcome, Stopped, Ticket, raise_in
from workbench.engines.registry import engine_to_run
from workbench.engines.sabotage import INJECTIONS
from workbench.graph import Graph, PipelineError, template_of
from workbench.record import FINISHED, STATE_OF, Record

RECORD = "record.jsonl"


@dataclass(frozen=True)
class _Attempt:
    """An attempt under way and the thread it runs in."""

    ticket: Ticket
    thread: threading.Thread


class Run:
    """One run of ``thing`` in ``folder``, at most ``jobs`` tasks at once.

    ``delays="real"`` sleeps a task's retry delays; the default writes them into the record only. Run parameters
    are given by name. Raise PipelineError for parameters that do not fit and for a folder that cannot be used.
    """

    def __init__(
        self,
        thing: Any,
        folder: str | Path | None = None,
        jobs: int | None = None,
        delays: str = "recorded",
        **parameters,
    ) -> None:
        engine = engine_to_run(thing)
        parameters = engine.bind(parameters)
        folder = _new_folder(folder, engine.title)
        record = Record(engine.graph, engine.name, workspace.seed(), parameters, engine.title)
        _storing(lambda: storage.save(parameters, folder / "run", "parameters"), folder)
        self._open(thing, engine, record, folder, jobs, delays, parameters)

    def _open(
        self,
        thing: Any,
        engine: Engine,
        record: Record,
        folder: Path,
        jobs: int | None,
        delays: str,
        parameters: dict,
    ):
        if delays not in ("recorded", "real"):
            raise PipelineError(
                f'delays={delays!r}: say "recorded" (retry delays are written down) or "real" (slept)'
            )
        if jobs is not None and not (isinstance(jobs, int) and jobs >= 1):
            raise PipelineError(f"jobs={jobs!r}: the number of tasks at once is 1 or more")
        self.record, self.folder, self.parameters = record, folder, parameters
        self._thing, self._engine, self._delays = thing, engine, delays
        self._jobs = jobs or max(4, os.cpu_count() or 1)
        self._lock, self._driving = threading.RLock(), threading.Lock()
        self._stop, self._done = threading.Event(), queue.SimpleQueue()
        self._running: dict[str, _Attempt] = {}
        self._ready: list[
            str
        ] = []  # sorted by _order, so that the next task is at hand among thousands
        self._due: dict[str, float] = {}
        self._memory: dict[str, Any] = {}
        self._injections: dict[str, str] = {}
        self._cursor: int | None = None
        _storing(lambda: record.follow(folder / RECORD), folder)
        self._tries = (
            {task: _tries(record, task) for task in record.graph.tasks} if len(record) else {}
        )
        engine.notify = lambda: self._done.put(None)
        engine.begin(folder, parameters, record)
        self._origin, self._epoch = time.monotonic() - record.last_at, time.time() - record.last_at
        self._candidates: dict[str, None] = dict.fromkeys(record.states())

    # What there is to see

    @property
    def thing(self) -> Any:
        """What the learner wrote."""
        return self._thing

    @property
    def graph(self) -> Graph:
        return self.record.graph

    @property
    def now(self) -> float:
        """Seconds since the run began, on the clock that its events are written down by."""
        return time.monotonic() - self._origin

    @property
    def states(self) -> dict[str, str]:
        """The state of every task at the cursor."""
        return self.record.states(self._cursor)

    @property
    def cursor(self) -> int | None:
        """The event that ``back`` went to; None for now."""
        return self._cursor

    @property
    def busy(self) -> bool:
        """Whether somebody is running tasks of this run at the moment."""
        return self._driving.locked()

    @property
    def outputs(self) -> storage.Outputs:
        """Task → what it returned, as of the cursor."""
        return storage.Outputs(self.record, self._cursor, self._memory)

    @property
    def injections(self) -> Mapping[str, str]:
        return dict(self._injections)

    def inputs(self, task: str) -> dict[str, Any]:
        """What the task receives, by name, as far as its upstream tasks have finished at the cursor."""
        return self._engine.inputs(self._known(task), self.outputs)

    def log(self, task: str, attempt: int | None = None) -> str:
        """What an attempt (the last one, unless given) printed, logged and raised."""
        attempts = self.record.attempts(self._known(task))
        if attempt is None:
            attempt = attempts[-1].number if attempts else 0
        path = self._path("logs", task, attempt).with_suffix(".txt")
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def source(self, task: str) -> str | None:
        return self._engine.source(self._known(task))

    def words(self, task: str) -> str | None:
        """The engine's own word for the task's state."""
        return self._engine.words(task)

    def ready(self) -> list[str]:
        """Tasks that could start now (at the cursor: then), in topological order."""
        if self._cursor is not None:
            states = self.states
            waiting = [task for task, state in states.items() if state == "retrying"]
            return sorted({*waiting, *self._engine.ready_at(states)}, key=self._order)
        with self._lock:
            if not self._running:
                self._refresh()
            return list(self._ready)

    # What there is to do

    def step(self, task: str | None = None) -> str | None:
        """Run one attempt of one ready task and return its name; None when nothing is ready."""
        with self._acting():
            ready = list(self._ready)
            if task is not None and task not in ready:
                self._known(task)
                waits = [
                    up
                    for up in self._upstream(task)
                    if self.record.state_of(up) not in ("success", "cached")
                ]
                reason = (
                    f"it waits for {', '.join(waits)}"
                    if waits
                    else f"its state is {self.record.state_of(task)}"
                )
                raise PipelineError(
                    f"task {task!r} is not ready: {reason} (ready: {', '.join(ready) or 'nothing'})"
                )
            if not ready:
                return None
            chosen = task or ready[0]
            if self._delays == "recorded":  # whoever steps a waiting sensor wants it to look now
                self._due.pop(chosen, None)
            self._drive({chosen}, attempts=1)
            return chosen

    def run_to(self, task: str) -> None:
        """Run ``task`` and what it needs, and nothing else."""
        with self._acting():
            if not self.graph.dynamic:
                self._known(task)
            self._drive(
                None if self.graph.dynamic else {task, *self.graph.ancestors(task)}, until=task
            )
            self._known(task)

    def run_all(self) -> None:
        """Run until nothing is ready."""
        with self._acting():
            self._drive(None)

    def retry(self, task: str) -> None:
        """Clear ``task`` and everything downstream, and lift injections on them. Nothing is run by this."""
        with self._acting(refresh=False), self._lock:
            self._known(task)
            cleared = (task, *self._engine.below(task, self.record))
            for name in cleared:
                if name in self._injections:
                    self._lift(name)
            self._clear(cleared)

    def stop(self) -> None:
        """End what is running, from any thread. Attempts under way count as failed."""
        if not self.busy and not self._running:
            return
        self._stop.set()
        self._engine.interrupt()
        with self._lock:
            attempts = list(self._running.values())
            self._running.clear()
            for attempt in attempts:
                attempt.ticket.stopped.set()
                self._note("failed", attempt.ticket.task, attempt.ticket.number, "stopped")
                self._finished(attempt.ticket.task)
            self._note("stopped", None)
        for attempt in attempts:
            if not self._engine.cancel(attempt.ticket):
                raise_in(attempt.thread, Stopped)
        self._done.put(None)

    def inject(self, task: str, how: str | None) -> None:
        """Make every coming attempt of ``task`` fail in one of the five ways, until lifted (``how=None``, retry)."""
        self._known(task)
        if how is not None and how not in INJECTIONS:
            raise PipelineError(f"{how!r} is no way to fail; choose from {', '.join(INJECTIONS)}")
        with self._lock:
            if how is None:
                self._lift(task)
            else:
                self._injections[task] = how
                self._note("injected", task, detail={"how": how})

    def back(self, seq: int | None) -> None:
        """Look at the moment just after event ``seq`` (None: now). Nothing is deleted."""
        if seq is not None and not -1 <= seq < len(self.record):
            raise PipelineError(
                f"there is no event {seq}; this run has events 0 to {len(self.record) - 1}"
            )
        with self._lock:
            self._cursor = seq if seq is not None and seq < len(self.record) - 1 else None

    def fork(
        self, outputs: Mapping[str, Any] | None = None, folder: str | Path | None = None
    ) -> "Run":
        """A new run that has what was finished at the cursor, with ``outputs`` in the place of those tasks' own."""
        outputs = dict(outputs or {})
        for task in outputs:
            self._known(task)
        target = _new_folder(folder, self._engine.title)
        with self._lock:
            events = (
                self.record.events
                if self._cursor is None
                else self.record.events[: self._cursor + 1]
            )
        for part in ("outputs", "logs", "run"):
            if (self.folder / part).exists():
                shutil.copytree(self.folder / part, target / part, dirs_exist_ok=True)
        record = self.record.replay(events)
        for task, state in record.states().items():
            if state in ("running", "queued"):
                record.append("cleared", task, record.last_at)
        for task, value in outputs.items():
            stored = storage.save(value, target / "outputs", f"{quote(task, safe='[]')}.fork")
            for below in self._engine.below(task, record):
                if record.state_of(below) != "pending" and below not in outputs:
                    record.append("cleared", below, record.last_at)
            record.append("output", task, record.last_at, detail=dict(vars(stored)))
            record.append("succeeded", task, record.last_at)
        forked = Run.__new__(Run)
        forked._open(
            self._thing,
            engine_to_run(self._thing),
            record,
            target,
            self._jobs,
            self._delays,
            self.parameters,
        )
        forked._memory.update(
            {task: value for task, value in self._memory.items() if task not in outputs}
        )
        return forked

    def again(self) -> "Run":
        """A new run of the same thing with the same parameters, in a folder of its own."""
        return Run(self._thing, None, self._jobs, self._delays, **self.parameters)

    def unfinished(self) -> Path | None:
        """The folder of the latest earlier run of this graph that was left half-way and that nobody has open."""
        for folder in workspace.earlier_runs(self.record.name):
            with contextlib.suppress(PipelineError):
                record = Record.load(folder / RECORD)
                same = self.graph.dynamic or self.record._first_graph == record._first_graph
                left = len(record) and not (
                    record.graph.tasks and set(record.states().values()) <= FINISHED
                )
                if folder != self.folder and same and left and record.engine == self.record.engine:
                    record.follow(folder / RECORD)
                    record.detach()
                    return folder
        return None

    @classmethod
    def resume(
        cls, folder: str | Path, thing: Any, jobs: int | None = None, delays: str = "recorded"
    ) -> "Run":
        """Go on with the run in ``folder`` after a crash: what was running failed (interrupted), the rest is kept."""
        folder, engine = Path(folder), engine_to_run(thing)
        record = Record.load(folder / RECORD)
        if record.engine != engine.name:
            raise PipelineError(
                f"{folder}: a run on {record.engine}, and {engine.title!r} belongs to {engine.name}"
            )
        if not engine.graph.dynamic and (change := engine.graph.change_since(record._first_graph)):
            raise PipelineError(
                f"{folder}: the graph has changed since ({change}); start a new run, or undo the change"
            )
        parameters = next(
            (storage.load(path) for path in sorted((folder / "run").glob("parameters.*"))),
            record.parameters,
        )
        run = cls.__new__(cls)
        run._open(thing, engine, record, folder, jobs, delays, engine.bind(parameters))
        with run._lock:
            for task, state in record.states().items():
                if state == "running":
                    run._note("failed", task, record.attempts(task)[-1].number, "interrupted")
                elif state == "queued" or (state == "success" and run._lost(task)):
                    run._note("cleared", task)
        return run

    def close(self) -> None:
        """Stop, and let go of the folder so that another process may resume it."""
        self.stop()
        self._engine.close()
        self.record.detach()

    # How it is done

    def _known(self, task: str) -> str:
        """``task``, if there is one of that name, or will be: an instance of a task that a dynamic graph will call."""
        template = task.partition("[")[0] if self.graph.dynamic else task
        if task not in self.record._states and template not in self.graph.tasks:
            self.graph._known(task)
        return task

    def _upstream(self, task: str) -> tuple[str, ...]:
        return self.graph.upstream(task) if task in self.graph.tasks else ()

    def _order(self, task: str) -> tuple[int, tuple[int, ...], str]:
        """Sorts tasks topologically, and the instances of one template by their number."""
        numbers = tuple(map(int, re.findall(r"\[(\d+)\]", task)))
        place = self.graph.place
        return place.get(template_of(task), place.get(task, 0)), numbers, task

    def _make_ready(self, task: str) -> None:
        place = bisect.bisect_left(self._ready, self._order(task), key=self._order)
        if self._ready[place : place + 1] != [task]:
            self._ready.insert(place, task)

    def _path(self, kind: str, task: str, attempt: int) -> Path:
        return self.folder / kind / quote(task, safe="[]") / str(attempt)

    def _lost(self, task: str) -> bool:
        event = self.record.last(task, "output")
        return bool(event) and event.detail["file"] is None and task not in self._memory

    def _note(
        self, kind: str, task: str | None, attempt: int | None = None, detail: Any = None, when=None
    ) -> None:
        """Write an event down; ``when`` is a Unix time, None for now. The first event begins the run's time."""
        if not len(self.record):
            self._origin, self._epoch = time.monotonic(), time.time()
        self.record.append(
            kind, task, self.now if when is None else when - self._epoch, attempt, detail
        )

    def _lift(self, task: str) -> None:
        if self._injections.pop(task, None):
            self._note("injected", task, detail={"how": None})

    @contextlib.contextmanager
    def _acting(self, refresh: bool = True):
        """One command at a time; a run that was looking back goes on from there."""
        if not self._driving.acquire(blocking=False):
            raise PipelineError("this run is busy; wait for it, or stop it first")
        try:
            self._stop.clear()
            with self._lock:
                if self._cursor is not None:
                    self._go_on_from(self._cursor)
                if refresh:
                    self._refresh()
            yield
        finally:
            self._driving.release()

    def _go_on_from(self, seq: int) -> None:
        then, self._cursor = self.record.states(seq), None
        later = {
            event.task
            for event in self.record.events[seq + 1 :]
            if event.kind in STATE_OF and event.task
        }
        self._clear(
            task
            for task in self.record.states()
            if task in later or then.get(task) != self.record.state_of(task)
        )

    def _clear(self, tasks: Iterable[str]) -> None:
        cleared = [task for task in tasks if self.record.state_of(task) != "pending"]
        for task in cleared:
            self._note("cleared", task)
            self._tries[task] = 0
            self._due.pop(task, None)
        self._engine.clear(cleared)
        self._ready.clear()
        self._candidates = dict.fromkeys(self.record._states)

    def _refresh(self) -> None:
        """Ask the engine what follows from what is finished, until nothing more does."""
        states, dynamic = self.record._states, self.graph.dynamic
        if dynamic:
            self._ready.clear()
        while self._candidates or dynamic:
            among, self._candidates, dynamic = self._candidates, {}, False
            try:
                decision = self._engine.decide(states, among)
            except BaseException:
                self._candidates = among | self._candidates
                raise
            for change in decision.changes:
                self._note(change.kind, change.task, None, change.detail, change.at)
                if change.kind == "graph":
                    self._candidates.update(dict.fromkeys(change.detail.get("tasks", ())))
                elif change.task:
                    self._finished(change.task)
            for task in decision.ready:
                if task not in self._running:
                    self._make_ready(task)
        if not self._running and not self._ready:
            self._conclude()

    def _conclude(self) -> None:
        """Write the run's own end when the engine sees one."""
        if self.record.state in ("success", "failed") or self._stop.is_set():
            return
        if ended := self._engine.conclusion(self.record._states):
            if self.record.state != "running":
                self._note("started", None)
            self._note(ended[0], None, detail=ended[1])

    def _finished(self, task: str) -> None:
        downstream = self.graph.downstream(task) if task in self.graph._upstream else ()
        self._candidates.update(
            dict.fromkeys((task, *downstream))
        )  # itself too: a loop's limit may let go of another

    def _drive(
        self, wanted: set[str] | None, attempts: int | None = None, until: str | None = None
    ) -> None:
        """Start ready tasks of ``wanted`` (None: any) as slots come free, until nothing of them is ready or running."""
        started = 0
        with listening():
            try:
                while not self._stop.is_set():
                    with self._lock:
                        self._refresh()
                        if until and self.record.state_of(until) in FINISHED:
                            wanted = set()
                        waiting = [
                            task
                            for task in self._ready
                            if wanted is None or {task, template_of(task)} & wanted
                        ]
                        now = time.monotonic()
                        for task in waiting:
                            if len(self._running) == self._jobs or started == attempts:
                                break
                            if self._due.get(task, 0.0) <= now:
                                self._launch(task)
                                started += 1
                        idle = not self._running
                        if idle and (not waiting or started == attempts):
                            break
                        pause = min(
                            (self._due[t] - now for t in waiting if t in self._due), default=3600.0
                        )
                    with contextlib.suppress(queue.Empty):
                        self._done.get(
                            timeout=max(pause, 0.0)
                            if idle or len(self._running) < self._jobs
                            else 3600.0
                        )
            except KeyboardInterrupt:
                self.stop()
                raise
            with self._lock:
                if not self._stop.is_set():
                    self._refresh()

    def _launch(self, task: str) -> None:
        if self.record.state != "running":
            self._note("started", None)
        self._ready.remove(task)
        self._due.pop(task, None)
        number = len(self.record.attempts(task)) + 1
        self._tries[task] = self._tries.get(task, 0) + 1
        self._note("queued", task, number)
        log = Log(self._path("logs", task, number).with_suffix(".txt"))
        injection = self._injections.get(task, self._injections.get(template_of(task)))
        inputs = self._engine.inputs(task, storage.Outputs(self.record, None, self._memory))
        ticket = Ticket(
            task,
            number,
            self._tries[task],
            inputs,
            log,
            injection,
            begun=lambda when: self._begun(ticket, when),
        )
        thread = threading.Thread(
            target=self._attempt, args=(ticket,), name=f"task {task}", daemon=True
        )
        self._running[task] = _Attempt(ticket, thread)
        if not self._engine.reports_times:
            self._begun(ticket)
        thread.start()

    def _begun(self, ticket: Ticket, when: float | None = None) -> None:
        """Note that an attempt has started, once."""
        with self._lock:
            last = self.record.last(ticket.task, "started")
            if not ticket.stopped.is_set() and (last is None or last.attempt != ticket.number):
                self._note("started", ticket.task, ticket.number, when=when)

    def _attempt(self, ticket: Ticket) -> None:
        """The body of a task's thread: execute, store, write down."""
        try:
            with into(ticket.log):
                outcome = self._engine.execute(ticket)
                stored = None
                if outcome.kind in ("succeeded", "cached"):
                    name = f"{quote(ticket.task, safe='[]')}.{ticket.number}"
                    stored = storage.save(outcome.value, self.folder / "outputs", name)
        except Stopped:
            outcome = Outcome("failed", error="stopped")
        except (
            Exception
        ) as error:  # a full disk, a fault of the engine: the run's, not the learner's
            outcome, stored = (
                Outcome("failed", error=f"could not be finished: {type(error).__name__}: {error}"),
                None,
            )
        with contextlib.suppress(Stopped), self._lock:
            if not ticket.stopped.is_set():
                self._write_down(ticket, outcome, stored)
        self._engine.written(ticket)
        self._done.put(ticket.task)

    def _write_down(self, ticket: Ticket, outcome: Outcome, stored: storage.Stored | None) -> None:
        task, number = ticket.task, ticket.number
        self._begun(ticket)
        if stored:
            if stored.file is None:
                self._memory[task] = outcome.value
            self._note("output", task, number, dict(vars(stored)), outcome.end)
        if ticket.log.used:
            file = ticket.log.path.relative_to(self.folder).as_posix()
            self._note("log", task, number, {"file": file}, outcome.end)
        if ticket.injection == "raise once":
            self._lift(task)
            self._lift(template_of(task))
        detail = outcome.error
        if outcome.kind == "retrying":
            detail = {"error": outcome.error, "delay": outcome.delay}
            self._make_ready(task)
            if self._delays == "real" or outcome.error is None:
                self._due[task] = time.monotonic() + outcome.delay
        del self._running[task]
        self._note(outcome.kind, task, number, detail, outcome.end)
        self._finished(task)


def run(thing: Any, **parameters: Any) -> Record:
    """Run ``thing`` from start to end without a screen and return its record; failed tasks are in it, not raised."""
    workspace.start()
    execution = Run(thing, **parameters)
    try:
        execution.run_all()
    finally:
        execution.close()
    return execution.record


def _tries(record: Record, task: str) -> int:
    """Attempts since the task was last cleared."""
    cleared = record.last(task, "cleared")
    return sum(
        1
        for event in record._of.get(task, ())
        if event.kind == "started" and (not cleared or event.seq > cleared.seq)
    )


def _new_folder(folder: str | Path | None, title: str) -> Path:
    if folder is None:
        return workspace.new_folder("runs", title)
    folder = Path(folder).absolute()
    if (folder / RECORD).exists():
        raise PipelineError(
            f"{folder}: there is a run in this folder already; go on with it by Run.resume, or give another"
        )
    _storing(lambda: folder.mkdir(parents=True, exist_ok=True), folder)
    return folder


def _storing(write, folder: Path) -> Any:
    try:
        return write()
    except OSError as error:
        raise PipelineError(
            f"{folder}: {(error.strerror or str(error)).lower()}; a run needs a folder it can write to"
        ) from None
