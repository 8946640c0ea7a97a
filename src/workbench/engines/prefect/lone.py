"""A task's function by itself, outside of its flow."""

import asyncio
import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from workbench.graph import template_of


class Lone:
    """The part of the engine that `workbench.trial.whole` asks for."""

    def alone(self, task: str, inputs: Mapping[str, Any]) -> Callable[[], Callable[[], Any]]:
        named = self._tasks.get(template_of(task)) or self.calls[task].task
        return partial(partial, called, named.fn, dict(inputs))


def called(function: Callable[..., Any], inputs: dict[str, Any]) -> Any:
    """Call a task's function, and wait for what it awaits."""
    value = function(**inputs)
    return asyncio.run(value) if inspect.iscoroutine(value) else value
