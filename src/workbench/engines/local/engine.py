"""Pipelines of plain functions: a task runs in a thread, or in a process where it must be possible
to end it."""

import inspect
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from workbench.engines import processes
from workbench.engines.protocol import Policy, Scheduled, Stopped, Ticket
from workbench.engines.sabotage import corrupted, sabotage
from workbench.engines.sameness import code_of
from workbench.graph import PipelineError
from workbench.pipeline import Pipeline, Task


class TaskFailed(Exception):
    """The error of a task that ran in another process: its text is the original's, traceback and
    all in the log."""


class LocalEngine(Scheduled):
    """Executes the functions of a Pipeline on this machine."""

    name = "local"

    def __init__(self, pipeline: Pipeline) -> None:
        if not pipeline.tasks:
            raise PipelineError(
                f"pipeline {pipeline.name!r} has no tasks yet; "
                f"put @{pipeline.name}.task above a function"
            )
        self.title, self.graph = pipeline.name, pipeline.graph
        self._tasks, self._bind = dict(pipeline.tasks), pipeline.bind
        self._children: dict[str, subprocess.Popen] = {}

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return self._bind(parameters)

    def policy(self, task: str) -> Policy:
        options = self._tasks[task]
        return Policy(options.retries, options.retry_delay, options.timeout)

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        values = {}
        for name, parameter in self._tasks[task].parameters.items():
            if name in self._tasks:
                if name in outputs:
                    values[name] = outputs[name]
            elif name in self.parameters:
                values[name] = self.parameters[name]
            elif parameter.default is not parameter.empty:
                values[name] = parameter.default
        return values

    def source(self, task: str) -> str | None:
        try:
            return inspect.getsource(self._tasks[task].function)
        except (OSError, TypeError):
            return None

    def code(self, task: str) -> Any:
        known = self._tasks.get(task)
        return known and (code_of(known.function), self.policy(task), known.after)

    def alone(self, task: str, inputs: Mapping[str, Any]) -> Callable[[], Callable[[], Any]]:
        """The task by itself, see `workbench.trial.whole`."""
        return partial(partial, self._tasks[task].function, **inputs)

    def call(self, ticket: Ticket) -> Any:
        task = self._tasks[ticket.task]
        if stand_in := ticket.stand_in:
            task = replace(task, function=lambda **_: stand_in(), timeout=None)
        timed = task.timeout is not None and ticket.injection in (None, "corrupt output")
        if ticket.injection != "kill" and not timed:
            return sabotage(ticket, lambda: task.function(**ticket.inputs), task.timeout)
        value = self._call_in_child(ticket, task)
        return corrupted(value) if ticket.injection == "corrupt output" else value

    def _call_in_child(self, ticket: Ticket, task: Task) -> Any:
        """Run the function in a fresh process, whose whole group is killed at the timeout or when
        the learner stops. Raise what the function raised, under its name."""
        import cloudpickle

        with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
            Path(folder, "call").write_bytes(_sent(ticket, task))
            module = ["-m", "workbench.engines.local.child", str(os.getpid()), folder]
            command = [sys.executable, "-u", *module, *sys.path]
            child = processes.begun(command, ticket.log.path)
            self._children[ticket.task] = child
            try:
                child.wait(task.timeout)
            except subprocess.TimeoutExpired:
                raise TimeoutError(
                    f"{task.name!r} ran longer than {task.timeout:g} s and was ended"
                ) from None
            finally:
                self._end(ticket.task)
            if ticket.stopped.is_set():
                raise Stopped
            if child.returncode < 0:
                raise TaskFailed(f"killed by {signal.Signals(-child.returncode).name}")
            result = Path(folder, "result")
            if not result.exists():
                raise TaskFailed(
                    f"the task's process ended with exit code {child.returncode} before it returned"
                )
            value, error = cloudpickle.loads(result.read_bytes())
        if error:
            raise _as_raised(error)
        return value

    def _end(self, task: str) -> None:
        if child := self._children.pop(task, None):
            processes.end(child)

    def cancel(self, ticket: Ticket) -> None:
        self._end(ticket.task)


def _sent(ticket: Ticket, task: Task) -> bytes:
    """The call as the child process reads it."""
    import cloudpickle

    try:
        return cloudpickle.dumps((task.function, dict(ticket.inputs), ticket.injection))
    except Exception as error:
        raise PipelineError(
            f"task {task.name!r} runs in a process of its own (timeout, kill), "
            f"but it cannot be sent there: {error}"
        ) from None


def _as_raised(error: tuple[str, str]) -> Exception:
    """An exception of the original's name and text, so that a record reads the same wherever the
    task ran.

    A class is made for it, for the original's may exist only in the child. As one of ``builtins``
    it is shown by its bare name. Whoever wants to catch it by its own class cannot.
    """
    kind, text = error
    return type(kind, (TaskFailed,), {"__module__": "builtins"})(text)


def adapt(thing: Any) -> LocalEngine:
    """The engine for a Pipeline; raise PipelineError for a task of one."""
    if not isinstance(thing, Pipeline):
        raise PipelineError(
            f"a {type(thing).__name__} cannot be run; give the Pipeline it was made from"
        )
    return LocalEngine(thing)
