"""What stands in for tasks that cannot run here: values, or functions of what a task receives."""

import contextlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from workbench import storage
from workbench.graph import STAND_IN, Graph, PipelineError, template_of
from workbench.record import Record

_LOOKED_AT = 20  # earlier runs
ITSELF = object()  # what stands in for a task whose own code is to run
_NAME = "stand-ins"  # of the file in a run's folder


@dataclass(frozen=True)
class StandIns:
    """Task → what it returns without being run; a template's is that of all its instances."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def call(self, task: str, inputs: Mapping[str, Any]) -> Callable[[], Any] | None:
        """What to call in the place of the task's code; None where that is to run."""
        name = task if task in self.values else template_of(task)
        return partial(_value, self.values[name], dict(inputs)) if name in self.values else None

    def marked(self, graph: Graph) -> Graph:
        """The graph with a note at each of these tasks; raise PipelineError for one that it has
        not, unless it may come."""
        for task in () if graph.dynamic else self.values:
            graph.known(task)
        notes = {task: self.noted(graph, task) for task in self.values}
        return graph.grown((), (), notes=notes) if notes else graph

    def noted(self, graph: Graph, task: str) -> dict[str, str]:
        """The notes of a task, with what stands in for it."""
        notes = {name: note for name, note in graph.notes.get(task, {}).items() if name != STAND_IN}
        if task not in self.values:
            return notes
        value = self.values[task]
        words = "a function of its inputs" if callable(value) else storage.summary(value)
        return {**notes, STAND_IN: words}

    def given(self, task: str, value: Any) -> "StandIns":
        """These with ``value`` for the task; its own code again where it is `ITSELF`."""
        values = {name: other for name, other in self.values.items() if name != task}
        return StandIns(values if value is ITSELF else {**values, task: value})

    def save(self, folder: Path) -> None:
        """Keep them for a run that goes on; raise PipelineError for what cannot be kept."""
        for earlier in folder.glob(f"{_NAME}.*"):
            earlier.unlink()
        if self.values:
            stored = storage.save(dict(self.values), folder, _NAME)
            if problem := stored["problem"]:
                raise PipelineError(f"stand_in: {problem}; give values that can be stored")

    @classmethod
    def load(cls, folder: Path) -> "StandIns":
        """Those that a run's folder holds."""
        kept = sorted(folder.glob(f"{_NAME}.*"))
        return cls(storage.load(kept[0]) if kept else {})


NONE = StandIns()


@dataclass(frozen=True)
class Kept:
    """An output that a run has kept: where it is from, its summary, its file."""

    origin: str
    summary: str
    path: Path

    @property
    def value(self) -> Any:
        """The output, read from its file."""
        return storage.load(self.path)


def by_task(name: str, given: Any) -> dict[str, Any]:
    """What is given for tasks, of the argument ``name``; raise PipelineError for another thing."""
    if given is not None and not isinstance(given, Mapping):
        raise PipelineError(f"{name} is a dictionary, task → value, and this is {given!r}")
    return dict(given or {})


def last_output(task: str, record: Record, folders: Iterable[Path]) -> Kept | None:
    """The latest output of a task that is kept: of this run, or of one in ``folders``."""
    if kept := _kept(task, record, "of this run"):
        return kept
    for folder in islice(folders, _LOOKED_AT):
        with contextlib.suppress(PipelineError, OSError):
            other = Record.load(folder)
            kept = _kept(task, other, f"of {folder.name}")
            if kept and other.engine == record.engine:
                return kept
    return None


def _kept(task: str, record: Record, origin: str) -> Kept | None:
    output = record.last(task, "output")
    if not output or not output.detail["file"] or record.folder is None:
        return None
    path = record.folder / output.detail["file"]
    return Kept(origin, output.detail["summary"], path) if path.exists() else None


def _value(value: Any, inputs: dict[str, Any]) -> Any:
    """The value, or what the function makes of the inputs that it has parameters for."""
    if not callable(value):
        return value
    parameters = inspect.signature(value).parameters.values()
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    names = {parameter.name for parameter in parameters}
    return value(**{name: item for name, item in inputs.items() if takes_all or name in names})
