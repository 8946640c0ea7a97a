"""Where a task stands at a moment of its run: its latest event, what is upstream, what was done to
it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from workbench.events import KINDS, STATE_OF, Event
from workbench.graph import template_of
from workbench.record import Record
from workbench.steering.rules import NAMES, WORDS


@dataclass(frozen=True)
class Choice:
    """What a branch has taken and left, and the event that says so."""

    event: Event
    taken: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """One task of a run just after event ``seq`` (None: now)."""

    record: Record
    task: str
    seq: int | None = None

    @cached_property
    def last(self) -> Event | None:
        """The latest event that has changed its state."""
        return self.event_of(self.task, self.seq)

    @property
    def state(self) -> str:
        return self.state_by(self.last)

    @cached_property
    def notes(self) -> dict[str, str]:
        """What the graph notes of it, or of its template."""
        return self.record.graph.noted(self.task)

    @property
    def rule(self) -> str:
        """The trigger rule that it names; empty for the usual one."""
        return next((self.notes[name] for name in NAMES if name in self.notes), "")

    @cached_property
    def upstream(self) -> tuple[str, ...]:
        """The tasks that it waits for directly; instances in the place of their template."""
        graph = self.record.graph
        task = self.task if self.task in graph.position else template_of(self.task)
        return self._there(graph.any_upstream(task))

    @cached_property
    def ancestors(self) -> tuple[str, ...]:
        """Everything that it depends on, in topological order."""
        graph = self.record.graph
        task = self.task if self.task in graph.position else template_of(self.task)
        return self._there(graph.ancestors(task) if task in graph.position else ())

    def _there(self, tasks: Iterable[str]) -> tuple[str, ...]:
        current = self.record.current
        there: list[str] = []
        for task in tasks:
            instances = (name for name in current if template_of(name) == task)
            there += [task] if task in current else instances
        return tuple(dict.fromkeys(there))

    def event_of(self, task: str, seq: int | None = None) -> Event | None:
        """The latest event up to ``seq`` that has changed the state of ``task``."""
        until = self.seq if seq is None else seq
        events = reversed(self.record.of(task))
        return next((e for e in events if e.kind in STATE_OF and _by(e, until)), None)

    @staticmethod
    def state_by(event: Event | None) -> str:
        """The state that an event leaves its task in."""
        return "pending" if event is None else KINDS[event.kind].state

    def telling(self, task: str) -> str:
        """The state of a task, and the event that has brought it there, in words."""
        event = self.event_of(task)
        return told(event) if event else f"{task} has not run"

    @cached_property
    def begun(self) -> Event | None:
        """The beginning of its latest attempt."""
        return self.record.last(self.task, "started", self.seq)

    @property
    def injection(self) -> Event | None:
        """How the latest attempt was made to fail; None where nobody asked for it."""
        if self.begun is None:
            return None
        for name in dict.fromkeys((self.task, template_of(self.task))):
            event = self.record.last(name, "injected", self.begun.seq)
            if event and event.detail["how"]:
                return event
        return None

    def choice(self, task: str) -> Choice | None:
        """What ``task`` has chosen of what follows, if it is a branch."""
        if "branch" not in self.record.graph.notes.get(task, {}):
            return None
        for event in reversed(self.record.of(None)):
            labels = event.detail.get("labels", ()) if event.kind == "graph" else ()
            own = [(down, label) for up, down, label in labels if up == task]
            if own and _by(event, self.seq):
                taken = tuple(down for down, label in own if label)
                return Choice(event, taken, tuple(down for down, label in own if not label))
        return None

    def clearing(self, cleared: Event) -> str:
        """Why it was cleared: by itself, with what is upstream of it, or by a replaced output."""
        batch = self._batch(cleared)
        after = self.record.events[batch[-1].seq + 1 :][:1]
        if after and after[0].kind == "output" and after[0].attempt is None:
            replaced = f"the output of {after[0].task} was replaced (event {after[0].seq})"
            return f"it was cleared (event {cleared.seq}) because {replaced}"
        first = batch[0]
        if first.task in self.ancestors or first.task == template_of(self.task) != self.task:
            return f"it was cleared (event {cleared.seq}) with {first.task} (event {first.seq})"
        return f"it was cleared to run again (event {cleared.seq})"

    def _batch(self, cleared: Event) -> list[Event]:
        """The events around one by which tasks were cleared together."""
        events, first, last = self.record.events, cleared.seq, cleared.seq
        while first and events[first - 1].kind == "cleared":
            first -= 1
        while last + 1 < len(events) and events[last + 1].kind == "cleared":
            last += 1
        return list(events[first : last + 1])


def told(event: Event) -> str:
    """An event in words: ``clean failed (event 7)``."""
    word = "was cleared" if event.kind == "cleared" else WORDS[KINDS[event.kind].state]
    return f"{event.task} {word} (event {event.seq})"


def _by(event: Event, seq: int | None) -> bool:
    return seq is None or event.seq <= seq
