"""What the tasks of a run returned, read from the run's folder when asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench import storage
from workbench.events import DONE, Event
from workbench.graph import PipelineError, template_of


class Outputs(Mapping):
    """Task → value, as of event ``seq`` of a record (None: as of now).

    Each look-up reads the file anew, so nobody shares a value. ``memory`` holds what could not be
    stored. A template that was expanded gives the list of its instances' values. KeyError says why
    there is none, PipelineError that it is in a file which could run code, of a record that
    somebody may have sent.
    """

    # A record gives out its own Outputs, so that its class cannot be named here.
    def __init__(
        self, record, seq: int | None = None, memory: Mapping[str, Any] | None = None
    ) -> None:
        self._record, self._seq, self._memory = record, seq, memory or {}

    def _state(self, task: str) -> str | None:
        if self._seq is None:
            return self._record.current.get(task)
        return self._record.states(self._seq).get(task)

    def _stored(self, task: str) -> Event | None:
        if self._state(task) not in DONE:
            return None
        return self._record.last(task, "output", self._seq)

    def __iter__(self) -> Iterator[str]:
        states, last = self._record.states(self._seq), self._record.last
        done = (task for task, state in states.items() if state in DONE)
        return (task for task in done if last(task, "output", self._seq))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, task: object) -> bool:
        event = self._stored(task)
        if event is None:
            return bool(self._instances(task))
        return event.detail["file"] is not None or task in self._memory

    def _instances(self, task: str) -> list[str]:
        return [name for name in self if name != task and template_of(name) == task]

    def __getitem__(self, task: str) -> Any:
        event = self._stored(task)
        if event is None:
            if instances := self._instances(task):
                return [self[name] for name in instances]
            raise KeyError(f"{task!r} has no output: its state is {self._state(task) or 'unknown'}")
        if event.detail["file"] is not None:
            path = self._record.folder / event.detail["file"]
            if storage.may_run_code(path) and not self._record.own:
                raise PipelineError(
                    f"{task!r}: {path.name} could run code of whoever made it; where this run is "
                    f"your own, load it by Record.load(path, own=True)"
                )
            return storage.load(path)
        if task in self._memory:
            return self._memory[task]
        raise KeyError(f"{task!r}: {event.detail['problem']}")

    def __repr__(self) -> str:
        summaries = (f"{task}: {self._stored(task).detail['summary']}" for task in self)
        return "{" + ", ".join(summaries) + "}"
