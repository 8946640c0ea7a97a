"""Which tasks of a compiled pipeline run, given what was measured; nothing is executed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from workbench.engines.kubeflow.condition import holds
from workbench.graph import PipelineError

DEEPEST = 12  # groups in one another: no honest gate comes near
MEASURED = "pipelinechannel--measure-"
CHANNEL = re.compile(r"pipelinechannel--[\w-]+")


class Gate:
    """The specification as the answer's process told it: of any shape, and not to be trusted."""

    def __init__(self, specification: Any) -> None:
        self._specification = specification

    @property
    def tasks(self) -> list[str]:
        """The components that it has tasks of, sorted; raise PipelineError where it has no order
        that can be read."""
        return sorted({name for name, _ in self._leaves(lambda condition: True)})

    def ways(self, share: float, threshold: Any) -> list[str]:
        """The components that run beside measure, sorted, for this share and threshold; raise
        PipelineError for a condition that cannot be decided."""

        def decided(condition: str) -> bool:
            names = CHANNEL.findall(condition)
            values = {name: share if name.startswith(MEASURED) else threshold for name in names}
            return holds(condition, values)

        run = {name for name, runs in self._leaves(decided) if runs}
        return sorted(run - {"measure"})

    def default(self, parameter: str) -> Any:
        """A parameter's default; None without one."""
        return _at(
            self._specification, "root", "inputDefinitions", "parameters", parameter, "defaultValue"
        )

    def tries(self, component: str) -> bool:
        """Whether a task of the component may be tried again."""
        tasks = _at(self._specification, "root", "dag", "tasks") or {}
        counts = [
            _at(task, "retryPolicy", "maxRetryCount")
            for name, task in tasks.items()
            if _component(name) == component
        ]
        return any(isinstance(count, int | float) and count >= 1 for count in counts)

    def _leaves(self, decided: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
        yield from self._below(_at(self._specification, "root"), decided, True, 0)

    def _below(
        self, group: Any, decided: Callable[[str], bool], running: bool, depth: int
    ) -> Iterator[tuple[str, bool]]:
        tasks = _at(group, "dag", "tasks")
        if not isinstance(tasks, dict) or depth > DEEPEST:
            raise PipelineError("its tasks stand nowhere, or too deep")
        for task in tasks.values():
            condition = _at(task, "triggerPolicy", "condition")
            runs = running and (decided(str(condition)) if condition else True)
            name = str(_at(task, "componentRef", "name"))
            component = _at(self._specification, "components", name)
            if _at(component, "dag"):
                yield from self._below(component, decided, runs, depth + 1)
            else:
                yield _component(name.removeprefix("comp-")), runs


def _component(name: str) -> str:
    """The component of a task, without its number: `alert-2` → alert."""
    word, _, number = name.rpartition("-")
    return word if word and number.isdigit() else name


def _at(value: Any, *path: str) -> Any:
    """What stands there in a tree of dictionaries; None where there is nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
