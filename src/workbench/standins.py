"""What stands in for tasks that cannot run here: values, or functions of what a task receives."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from workbench import storage
from workbench.graph import STAND_IN, Graph, PipelineError, template_of

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
        notes = {}
        for task, value in self.values.items():
            if not graph.dynamic:
                graph.known(task)
            words = "a function of its inputs" if callable(value) else storage.summary(value)
            notes[task] = {**graph.notes.get(task, {}), STAND_IN: words}
        return graph.grown((), (), notes=notes) if notes else graph

    def save(self, folder: Path) -> None:
        """Keep them for a run that goes on; raise PipelineError for what cannot be kept."""
        if self.values:
            stored = storage.save(dict(self.values), folder, _NAME)
            if stored.file is None:
                raise PipelineError(f"stand_in: {stored.problem}; give values that can be stored")

    @classmethod
    def load(cls, folder: Path) -> "StandIns":
        """Those that a run's folder holds."""
        kept = sorted(folder.glob(f"{_NAME}.*"))
        return cls(storage.load(kept[0]) if kept else {})


NONE = StandIns()


def _value(value: Any, inputs: dict[str, Any]) -> Any:
    """The value, or what the function makes of the inputs that it has parameters for."""
    if not callable(value):
        return value
    parameters = inspect.signature(value).parameters.values()
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    names = {parameter.name for parameter in parameters}
    return value(**{name: item for name, item in inputs.items() if takes_all or name in names})
