"""What happened, as events over a graph: states at any moment, attempts, intervals, overlap; JSON lines on disk."""

import fcntl
import json
import os
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from workbench.graph import Graph, PipelineError
from workbench.storage import Outputs

SCHEMA = 1
STATE_OF = {  # the state a task is in after an event of this kind; other kinds leave it as it was
    "queued": "queued",
    "started": "running",
    "succeeded": "success",
    "failed": "failed",
    "retrying": "retrying",
    "skipped": "skipped",
    "upstream_failed": "upstream_failed",
    "cached": "cached",
    "cleared": "pending",
}
STATES = ("pending", *(state for state in STATE_OF.values() if state != "pending"))
FINISHED = frozenset({"success", "failed", "skipped", "upstream_failed", "cached"})
KINDS = frozenset({*STATE_OF, "output", "log", "injected", "stopped", "graph"})


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``at`` is seconds since the run began, ``task`` is None for the run itself."""

    seq: int
    at: float
    task: str | None
    kind: str
    attempt: int | None = None
    detail: Any = None


@dataclass(frozen=True)
class Attempt:
    """One try of a task; ``end`` is None while it runs, times are seconds since the run began."""

    number: int
    start: float
    end: float | None
    state: str

    @property
    def duration(self) -> float:
        return 0.0 if self.end is None else self.end - self.start


class Record:
    """The events of one run. It grows while the run is under way and is complete in its file after every event."""

    def __init__(
        self,
        graph: Graph,
        engine: str = "local",
        seed: int | None = None,
        parameters: dict | None = None,
        name: str = "",
    ) -> None:
        self.engine, self.seed, self.parameters, self.name = engine, seed, parameters or {}, name
        self._first_graph, self.graph = graph, graph
        self._events: list[Event] = []
        self._of: dict[str | None, list[Event]] = {}
        self._states = dict.fromkeys(graph.tasks, "pending")
        self._state = "pending"
        self._past: tuple[int | None, dict[str, str]] = (
            None,
            {},
        )  # the moment that was asked for last
        self._file: IO[str] | None = None
        self._lock: int | None = None
        self.listeners: list[Callable[[Event], None]] = []  # told of every event that is appended
        self.folder: Path | None = None

    @property
    def outputs(self) -> Outputs:
        """What the tasks returned, read from the run's folder when asked for."""
        return Outputs(self)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    @property
    def state(self) -> str:
        """The state of the run as a whole: pending, running, success or failed."""
        return self._state

    @property
    def last_at(self) -> float:
        return self._events[-1].at if self._events else 0.0

    def __len__(self) -> int:
        return len(self._events)

    def states(self, seq: int | None = None) -> dict[str, str]:
        """The state of every task just after event ``seq`` (default: now)."""
        if seq is None:
            return dict(self._states)
        if (past := self._past)[0] != seq:
            past = self._past = seq, self.replay(self._events[: max(seq + 1, 0)])._states
        return dict(past[1])

    def state_of(self, task: str) -> str:
        return self._states.get(task, "pending")

    def replay(self, events: Iterable[Event]) -> "Record":
        """A record with this one's head and the given events, kept in memory only."""
        again = Record(self._first_graph, self.engine, self.seed, self.parameters, self.name)
        for event in events:
            again._apply(event)
        return again

    def attempts(self, task: str) -> tuple[Attempt, ...]:
        """Every attempt at ``task`` in order, those before a retry or a clear included."""
        found: dict[int, Attempt] = {}
        for event in self._of.get(task, ()):
            if event.kind == "started":
                found[event.attempt] = Attempt(event.attempt, event.at, None, "running")
            elif event.attempt in found and (state := STATE_OF.get(event.kind)):
                begun = found[event.attempt]
                if begun.end is None and state != "pending":
                    ended = "failed" if state == "retrying" else state
                    found[event.attempt] = Attempt(begun.number, begun.start, event.at, ended)
        return tuple(found.values())

    def intervals(self, task: str) -> tuple[tuple[float, float], ...]:
        """(start, end) of every attempt that ended, in seconds since the run began."""
        return tuple((a.start, a.end) for a in self.attempts(task) if a.end is not None)

    def overlap(self, tasks: Iterable[str]) -> float:
        """Seconds during which every one of ``tasks`` was running."""
        common: list[tuple[float, float]] | None = None
        for task in tasks:
            mine = self.intervals(task)
            if common is None:
                common = list(mine)
            else:
                common = [
                    (max(a, c), min(b, d))
                    for a, b in common
                    for c, d in mine
                    if max(a, c) < min(b, d)
                ]
        return sum(end - start for start, end in common or ())

    def last(self, task: str | None, kind: str, seq: int | None = None) -> Event | None:
        """The latest event of ``kind`` for ``task`` up to ``seq``."""
        return next((event for event in self._back(task, seq) if event.kind == kind), None)

    def _back(self, task: str | None, seq: int | None) -> Iterable[Event]:
        return (
            event for event in reversed(self._of.get(task, ())) if seq is None or event.seq <= seq
        )

    def error(self, task: str, seq: int | None = None) -> str | None:
        """What the task last failed with, in one line, if that is where it stands."""
        for event in self._back(task, seq):
            if event.kind in STATE_OF:
                if event.kind not in ("failed", "retrying", "upstream_failed"):
                    return None
                return event.detail.get("error") if isinstance(event.detail, dict) else event.detail
        return None

    def append(
        self, kind: str, task: str | None, at: float, attempt: int | None = None, detail: Any = None
    ) -> Event:
        """Add an event, and write it out when the record has a file."""
        event = Event(len(self._events), round(at, 6), task, kind, attempt, detail)
        self._apply(event)
        if self._file:
            self._file.write(_line(event))
            self._file.flush()
        for listener in self.listeners:
            listener(event)
        return event

    def _apply(self, event: Event) -> None:
        self._events.append(event)
        self._of.setdefault(event.task, []).append(event)
        state = STATE_OF.get(event.kind)
        if event.kind == "graph":
            detail = event.detail
            edges = [tuple(edge) for edge in detail.get("edges", ())]
            labels = {(up, down): label for up, down, label in detail.get("labels", ())}
            self.graph = self.graph.grown(
                detail.get("tasks", ()), edges, labels, detail.get("notes", {})
            )
            for task in detail.get("tasks", ()):
                self._states.setdefault(task, "pending")
            for template in detail.get("expands", ()):
                self._states.pop(template, None)
        elif event.task is None:
            self._state = "failed" if event.kind == "stopped" else state or self._state
        elif state:
            self._states[event.task] = state
            if event.kind == "cleared":
                self._state = "running"

    def _head(self) -> str:
        head = {
            "schema": SCHEMA,
            "engine": self.engine,
            "seed": self.seed,
            "parameters": _plain(self.parameters),
        }
        return (
            json.dumps(
                {**head, "name": self.name, "graph": self._first_graph.as_json()},
                ensure_ascii=False,
            )
            + "\n"
        )

    def save(self, path: str | Path) -> Path:
        """Write the whole record to ``path`` as JSON lines, in one piece or not at all."""
        path = Path(path)
        lines = (_line(event) for event in self._events)
        beside = path.with_name(path.name + ".part")
        beside.write_text(self._head() + "".join(lines), encoding="utf-8")
        beside.replace(path)
        return path

    def follow(self, path: Path) -> None:
        """Keep ``path`` complete from now on; one process at a time may. A line cut off half-way is taken away."""
        if not path.exists():
            self.save(path)
        lock = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise PipelineError(
                f"{path.parent}: another run is at work in this folder; give this one its own"
            ) from None
        self._lock = lock
        _followed.add(self)
        self._file = path.open("r+", encoding="utf-8", newline="")
        self._file.truncate(path.read_bytes().rfind(b"\n") + 1)
        self._file.seek(0, 2)
        self.folder = path.parent

    def detach(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()
            self._file = None
        if (
            self._lock is not None
        ):  # a process forked a moment ago may not have closed its copy of the descriptor yet
            fcntl.flock(self._lock, fcntl.LOCK_UN)
        self._close_lock()

    def _close_lock(self) -> None:
        _followed.discard(self)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @classmethod
    def load(cls, path: str | Path) -> "Record":
        """Read a record back; a last line that was cut off half-way is dropped."""
        path = Path(path)
        path = path / "record.jsonl" if path.is_dir() else path
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError as error:
            raise PipelineError(
                f"{path}: {error.strerror.lower()}; a record is a file of JSON lines that a run has written"
            ) from None
        parsed, complete = [], lines[:-1]
        for number, line in enumerate(complete, 1):
            try:
                parsed.append(json.loads(line))
            except json.JSONDecodeError:
                if number < len(complete):
                    raise PipelineError(
                        f"{path}: line {number} is not JSON, so the events after it cannot be trusted"
                    ) from None
        try:
            head = parsed[0]
            if head["schema"] != SCHEMA:
                raise PipelineError(
                    f"{path}: schema {head['schema']} is not {SCHEMA}, the one this workbench reads"
                )
            graph = Graph.from_json(head["graph"])
            record = cls(
                graph, head["engine"], head["seed"], head["parameters"], head.get("name", "")
            )
            for data in parsed[1:]:
                record._apply(Event(**data))
        except (IndexError, KeyError, TypeError):
            raise PipelineError(
                f"{path}: not a record of a run (its first line holds schema, engine, seed and graph)"
            ) from None
        record.folder = path.parent
        return record


_followed: weakref.WeakSet[Record] = (
    weakref.WeakSet()
)  # the records that hold a lock in this process


def _close_locks_in_child() -> None:
    """A lock is held as long as any process has its descriptor; a forked task must not keep it after a killed run."""
    for record in tuple(_followed):
        record._close_lock()


os.register_at_fork(after_in_child=_close_locks_in_child)


def _line(event: Event) -> str:
    return json.dumps(vars(event), ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    """JSON's own types as they are, anything else by its repr."""
    return json.loads(json.dumps(value, default=repr))


@dataclass(frozen=True)
class Difference:
    """One task seen in several records; ``outputs`` are short fingerprints, None where there is none."""

    task: str
    states: tuple[str | None, ...]
    attempts: tuple[int, ...]
    seconds: tuple[float, ...]
    outputs: tuple[str | None, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the columns in which the records disagree; durations never count, they always do."""
        columns = {"state": self.states, "attempts": self.attempts, "output": self.outputs}
        return tuple(name for name, values in columns.items() if len(set(values)) > 1)


def differences(records: Iterable[Record]) -> tuple[Difference, ...]:
    """Every task of any of the records, side by side, in topological order of the record that has it first.

    Where one engine has ``train`` and another numbers its only call, ``train[0]``, the two are one row.
    """
    records = tuple(records)
    plain = {task for record in records for task in record.states() if "[" not in task}
    named = [{_row(task, record, plain): task for task in record.states()} for record in records]
    rows = []
    for task in dict.fromkeys(task for names in named for task in names):
        each = [
            (record, names.get(task, task)) for record, names in zip(records, named, strict=True)
        ]
        attempts = [record.attempts(name) for record, name in each]
        outputs = [
            record.last(name, "output") if record.state_of(name) in ("success", "cached") else None
            for record, name in each
        ]
        rows.append(
            Difference(
                task,
                tuple(record.states().get(name) for record, name in each),
                tuple(len(found) for found in attempts),
                tuple(sum(attempt.duration for attempt in found) for found in attempts),
                tuple(event and event.detail.get("digest") for event in outputs),
            )
        )
    return tuple(rows)


def _row(task: str, record: Record, plain: set[str]) -> str:
    """The name under which a task is compared: without its number if it is the only call and somebody else has none."""
    template = task.removesuffix("[0]")
    alone = (
        template in plain
        and template not in record.states()
        and f"{template}[1]" not in record.states()
    )
    return template if alone else task
