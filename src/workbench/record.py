"""What happened, as a fold of events over a graph: states at any moment, attempts, overlap."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench import journal
from workbench.events import INTERRUPTED, KINDS, STATE_OF, Detail, Event, Growth
from workbench.graph import Graph, PipelineError
from workbench.outputs import Outputs

Interval = tuple[float, float]


@dataclass(frozen=True)
class Attempt:
    """One try of a task, in seconds since the run began; ``end`` is None while it runs."""

    number: int
    start: float
    end: float | None
    state: str
    error: str | None = field(default=None, compare=False)

    @property
    def duration(self) -> float:
        """Seconds; 0 while it runs."""
        return 0.0 if self.end is None else self.end - self.start

    @property
    def interrupted(self) -> bool:
        """Whether the workbench died during it."""
        return self.error == INTERRUPTED


class Record:
    """The events of one run. It grows while the run is under way; what it says of states follows
    from the events alone, so that the same events always give the same record."""

    def __init__(
        self,
        graph: Graph,
        engine: str = "local",
        seed: int | None = None,
        parameters: dict | None = None,
        name: str = "",
    ) -> None:
        self.engine, self.seed, self.parameters, self.name = engine, seed, parameters or {}, name
        self.first_graph, self.graph = graph, graph  # as it was before the run; as it is
        self.folder: Path | None = None  # of the run; None for a record that is only in memory
        self.own = False  # whether it was made here: who sends one could have put anything there
        self.listeners: list[Callable[[Event], None]] = []  # told of every event that is appended
        self._events: list[Event] = []
        self._of: dict[str | None, list[Event]] = {}
        self._states = dict.fromkeys(graph.tasks, "pending")
        self._state = "pending"
        # The moment that was asked for last: whoever draws an earlier one asks for it repeatedly.
        self._past: tuple[int | None, dict[str, str]] = (None, {})
        self._journal: journal.Journal | None = None

    # Growing

    def append(
        self,
        kind: str,
        task: str | None,
        at: float,
        attempt: int | None = None,
        detail: Detail = None,
    ) -> Event:
        """Add an event at ``at`` seconds, and write it out when the record has a file. Raise
        PipelineError for a kind that there is not, and OSError where it cannot be written."""
        if kind not in KINDS:
            raise PipelineError(f"{kind!r} is no kind of event (kinds: {', '.join(KINDS)})")
        event = Event(len(self._events), round(at, 6), task, kind, attempt, detail)
        self._apply(event)
        if self._journal:
            self._journal.write(event)
        for listener in self.listeners:
            listener(event)
        return event

    def _apply(self, event: Event) -> None:
        self._events.append(event)
        self._of.setdefault(event.task, []).append(event)
        state = STATE_OF.get(event.kind)
        if event.kind == "graph":
            self._grow(event.detail)
        elif event.task is None:
            self._state = "failed" if event.kind == "stopped" else state or self._state
        elif state:
            self._states[event.task] = state
            if event.kind == "cleared":
                self._state = "running"

    def _grow(self, growth: Growth) -> None:
        tasks = growth.get("tasks", ())
        edges = [tuple(edge) for edge in growth.get("edges", ())]
        labels = {(up, down): label for up, down, label in growth.get("labels", ())}
        self.graph = self.graph.grown(tasks, edges, labels, growth.get("notes", {}))
        for task in tasks:
            self._states.setdefault(task, "pending")
        for template in growth.get("expands", ()):
            self._states.pop(template, None)

    def replay(self, events: Iterable[Event]) -> "Record":
        """A record with this one's head and the given events, kept in memory only."""
        again = Record(self.first_graph, self.engine, self.seed, self.parameters, self.name)
        for event in events:
            again._apply(event)
        return again

    def until(self, seq: int | None) -> "Record":
        """The record as it was just after event ``seq``; itself for None."""
        return self if seq is None else self.replay(self._events[: seq + 1])

    # What the run stands at

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    def __len__(self) -> int:
        return len(self._events)

    def of(self, task: str | None) -> tuple[Event, ...]:
        """The events of one task, None for those of the run itself."""
        return tuple(self._of.get(task, ()))

    def last(self, task: str | None, kind: str, seq: int | None = None) -> Event | None:
        """The latest event of ``kind`` for ``task`` up to ``seq``."""
        return next((event for event in self._back(task, seq) if event.kind == kind), None)

    def _back(self, task: str | None, seq: int | None) -> Iterator[Event]:
        for event in reversed(self._of.get(task, ())):
            if seq is None or event.seq <= seq:
                yield event

    @property
    def last_at(self) -> float:
        """Seconds from the run's beginning to its latest event."""
        return self._events[-1].at if self._events else 0.0

    @property
    def state(self) -> str:
        """The state of the run as a whole: pending, running, success or failed."""
        return self._state

    @property
    def concluded(self) -> bool:
        """Whether the run's end stands here, and the run was not stopped there."""
        own = (event.kind for event in reversed(self.of(None)) if event.kind != "graph")
        return self.state in ("success", "failed") and next(own, None) != "stopped"

    def states(self, seq: int | None = None) -> dict[str, str]:
        """The state of every task just after event ``seq`` (default: now)."""
        if seq is None:
            return dict(self._states)
        if self._past[0] != seq:
            self._past = seq, self.replay(self._events[: max(seq + 1, 0)])._states
        return dict(self._past[1])

    @property
    def current(self) -> Mapping[str, str]:
        """The state of every task now, as a view that changes as the run goes on."""
        return MappingProxyType(self._states)

    def state_of(self, task: str) -> str:
        """The state of one task now."""
        return self._states.get(task, "pending")

    @property
    def outputs(self) -> Outputs:
        """What the tasks returned, read from the run's folder when asked for."""
        return Outputs(self)

    def error(self, task: str, seq: int | None = None) -> str | None:
        """What the task last failed with, in one line, if that is where it stands."""
        last = next((event for event in self._back(task, seq) if event.kind in STATE_OF), None)
        return last and last.error

    # What was tried, and when

    def attempts(self, task: str) -> tuple[Attempt, ...]:
        """Every attempt at ``task`` in order, those before a retry or a clear included."""
        attempts: dict[int, Attempt] = {}
        for event in self._of.get(task, ()):
            if event.kind == "started":
                attempts[event.attempt] = Attempt(event.attempt, event.at, None, "running")
                continue
            attempt, state = attempts.get(event.attempt), STATE_OF.get(event.kind)
            if attempt and attempt.end is None and state and state != "pending":
                state = "failed" if state == "retrying" else state
                attempts[event.attempt] = replace(
                    attempt, end=event.at, state=state, error=event.error
                )
        return tuple(attempts.values())

    def since_cleared(self, task: str) -> tuple[Attempt, ...]:
        """The attempts after somebody cleared the task last.

        What a resume clears (an attempt that was interrupted, one that had not begun) does not
        count as such: nobody asked for a new start.
        """
        cleared, before = -1, None
        for event in self._of.get(task, ()):
            by_resume = before and (before.kind == "queued" or before.error == INTERRUPTED)
            if event.kind == "cleared" and not by_resume:
                cleared = event.seq
            before = event if event.kind in STATE_OF else before
        numbers = {e.attempt for e in self.of(task) if e.kind == "started" and e.seq > cleared}
        return tuple(attempt for attempt in self.attempts(task) if attempt.number in numbers)

    def tries(self, task: str) -> int:
        """How many attempts since then are the task's own: a crash of the workbench is not."""
        return sum(not attempt.interrupted for attempt in self.since_cleared(task))

    def intervals(self, task: str) -> tuple[Interval, ...]:
        """(start, end) of every attempt that ended, in seconds since the run began."""
        return tuple((one.start, one.end) for one in self.attempts(task) if one.end is not None)

    def overlap(self, tasks: Iterable[str]) -> float:
        """Seconds during which every one of ``tasks`` was running."""
        common: Iterable[Interval] | None = None
        for task in tasks:
            own = self.intervals(task)
            common = own if common is None else list(_common(common, own))
        return sum(end - start for start, end in common or ())

    # Its file

    def _head(self) -> dict[str, Any]:
        """The first line; a parameter that JSON has no form for stands there by its repr."""
        parameters = json.loads(json.dumps(self.parameters, default=repr))
        return {
            "engine": self.engine,
            "seed": self.seed,
            "parameters": parameters,
            "name": self.name,
            "graph": self.first_graph.as_json(),
        }

    def save(self, path: str | Path) -> Path:
        """Write the whole record to ``path`` as JSON lines, in one piece or not at all."""
        path = Path(path)
        journal.write(path, self._head(), self._events)
        return path

    def page(self, path: str | Path | None = None, values: bool = True) -> str:
        """The run as a page that plays it anywhere; PipelineError where ``path`` refuses it."""
        return import_module("workbench.panel.page").page(self, path, values)  # it stands above

    def follow(self, path: Path) -> None:
        """Keep ``path`` complete from now on; raise PipelineError where another process does."""
        if not path.exists():
            self.save(path)
        self._journal = journal.Journal(path)
        self.folder, self.own = path.parent, True

    def detach(self) -> None:
        """Let go of the file."""
        if self._journal:
            self._journal.close()
            self._journal = None

    @classmethod
    def load(cls, path: str | Path, own: bool = False) -> "Record":
        """Read a record back, from its file or the run's folder; own: whether the run was made
        here, so that its outputs may be read from files that could run code.

        Raise PipelineError for a file that cannot be read or is no record. A last line that was
        cut off half-way is dropped.
        """
        path = Path(path)
        path = path / journal.NAME if path.is_dir() else path
        head, events = journal.read(path)
        try:
            graph, name = Graph.from_json(head["graph"]), head.get("name", "")
            record = cls(graph, head["engine"], head["seed"], dict(head["parameters"]), name)
            for event in events:
                record._apply(event)
        except PipelineError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError):
            raise journal.no_record(path) from None
        record.folder, record.own = path.parent, own
        return record


def _common(some: Iterable[Interval], others: Iterable[Interval]) -> Iterator[Interval]:
    for start, end in some:
        for other_start, other_end in others:
            latest_start, earliest_end = max(start, other_start), min(end, other_end)
            if latest_start < earliest_end:
                yield latest_start, earliest_end
