"""Plain functions as tasks: a parameter that is named like a task receives that task's result, so
that the code is the DAG."""

import difflib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from workbench.graph import Edge, Graph, PipelineError

NO_DEFAULT = inspect.Parameter.empty
DEFERRED = inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True)
class Task:
    """A function with its policy.

    ``retry_delay`` and ``timeout`` are seconds, ``after`` are tasks that it only waits for,
    ``cell`` is the notebook cell that defined it: its identity and its number.
    """

    name: str
    function: Callable
    retries: int = 0
    retry_delay: float = 0.0
    timeout: float | None = None
    after: tuple[str, ...] = ()
    cell: tuple[str, int] | None = None

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """Those of the function; raise PipelineError where Python cannot tell them."""
        try:
            return dict(inspect.signature(self.function).parameters)
        except ValueError:
            raise PipelineError(
                f"task {self.name!r}: the parameters of {self.function!r} cannot be read; "
                "wrap it in a def"
            ) from None

    @property
    def written_in(self) -> str:
        """Where the function was written: the cell or the file, and the line."""
        code = getattr(inspect.unwrap(self.function), "__code__", None)
        if code is None:
            return repr(self.function)
        file = f"cell [{self.cell[1]}]" if self.cell else code.co_filename.rpartition("/")[2]
        return f"{file}, line {code.co_firstlineno}"

    def is_rerun_of(self, earlier: "Task") -> bool:
        """Whether the same cell has defined this task anew, as happens when a learner edits it and
        runs it again."""
        if not (self.cell and earlier.cell):
            return False
        return self.cell[0] == earlier.cell[0] and self.cell[1] != earlier.cell[1]


class Pipeline:
    """A set of tasks that grows with ``@pipeline.task``; its graph is checked when something is
    done with it."""

    def __init__(self, name: str) -> None:
        self.name, self.tasks = name, {}

    def __repr__(self) -> str:
        return f"Pipeline({self.name!r}, tasks: {', '.join(self.tasks) or 'none yet'})"

    def task(
        self,
        function: Callable | None = None,
        *,
        name: str | None = None,
        retries: int = 0,
        retry_delay: float = 0.0,
        timeout: float | None = None,
        after: Iterable[str] = (),
        replace: bool = False,
    ) -> Callable:
        """Decorate a function into a task; ``replace=True`` puts it in the place of one with the
        same name.

        Raise PipelineError for a second task of the same name (a cell that is run again replaces
        its own task), negative retries or delays, and parameters that can't be named (``*args``).
        """
        after = (after,) if isinstance(after, str) else tuple(after)
        policy = {"retries": retries, "retry_delay": retry_delay, "timeout": timeout}
        if function is None:
            return partial(self.task, name=name, **policy, after=after, replace=replace)
        if not callable(function):
            raise PipelineError(
                f"@{self.name}.task takes its options by name, such as retries=2; "
                f"it was given {function!r}"
            )
        name = name or getattr(function, "__name__", None)
        if not name:
            raise PipelineError(f"{function!r} has no name of its own; give the task one: name=…")
        task = Task(name, function, **policy, after=after, cell=_cell())
        self._check(task)
        earlier = self.tasks.get(name)
        if earlier and not replace and not task.is_rerun_of(earlier):
            raise PipelineError(
                f"task {name!r} is there twice, "
                f"in {earlier.written_in} and in {task.written_in}; "
                "rename one of them, or say replace=True to put the new one in place of the old"
            )
        self.tasks[name] = task
        return function

    def _check(self, task: Task) -> None:
        """Raise PipelineError for options and parameters that mean nothing."""
        for option in ("retries", "retry_delay", "timeout"):
            value = getattr(task, option)
            kind = int if option == "retries" else (int, float)
            unset = option == "timeout" and value is None
            if not unset and (not isinstance(value, kind) or value < 0):
                raise PipelineError(
                    f"task {task.name!r}: {option}={value!r} is not a number of 0 or more"
                )
        if any(is_deferred(task.function) for is_deferred in DEFERRED):
            reason = "is async or yields, so that calling it runs none of its lines"
            raise PipelineError(f"task {task.name!r} {reason}; write a def that returns its value")
        for parameter in task.parameters.values():
            if parameter.kind not in NAMED:
                raise PipelineError(
                    f"task {task.name!r}: parameter {parameter} takes values without a name, "
                    "but edges are read from names; name each one"
                )

    @property
    def graph(self) -> Graph:
        """The DAG that the parameter names and ``after`` describe.

        Raise PipelineError for an ``after`` that names no task, and for a cycle.
        """
        edges = [edge for task in self.tasks.values() for edge in self._edges_to(task)]
        notes = {task.name: _notes(task) for task in self.tasks.values()}
        noted = {name: note for name, note in notes.items() if note}
        return Graph.of(self.tasks, edges, notes=noted)

    def _edges_to(self, task: Task) -> Iterator[Edge]:
        for name in task.parameters:
            if name in self.tasks:
                yield name, task.name
        for upstream in task.after:
            if upstream not in self.tasks:
                raise PipelineError(
                    f"task {task.name!r} is to run after {upstream!r}, "
                    f"which is not a task{self._nearest(upstream)}"
                )
            yield upstream, task.name

    def _run_parameters(self) -> Iterator[tuple[Task, str, Any]]:
        """(task, name, default) for every parameter that names no task."""
        for task in self.tasks.values():
            for name, parameter in task.parameters.items():
                if name not in self.tasks:
                    yield task, name, parameter.default

    @property
    def parameters(self) -> dict[str, Any]:
        """Run parameters and their defaults (``inspect.Parameter.empty`` where a value must be
        given)."""
        defaults: dict[str, Any] = {}
        for _, name, default in self._run_parameters():
            if defaults.get(name, NO_DEFAULT) is NO_DEFAULT:
                defaults[name] = default
        return defaults

    def bind(self, given: dict[str, Any]) -> dict[str, Any]:
        """The given run parameters. Raise PipelineError for a name that is none of them, and for
        one without a default that is missing."""
        accepted = self.parameters
        for name in given:
            if name not in accepted:
                listed = ", ".join(accepted) or "none"
                raise PipelineError(
                    f"{name!r} is not a parameter of pipeline {self.name!r} (parameters: {listed})"
                )
        for task, name, default in self._run_parameters():
            if name not in given and default is NO_DEFAULT:
                raise PipelineError(
                    f"task {task.name!r} needs {name!r}, which is neither a task "
                    f"nor a run parameter with a value{self._nearest(name)}; "
                    f"give it a default, or a value: run(…, {name}=…)"
                )
        return given

    def _nearest(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.tasks, 1)
        return f"; did you mean {near[0]!r}?" if near else f" (tasks: {', '.join(self.tasks)})"


def _cell() -> tuple[str, int] | None:
    """The notebook cell that is running: its identity and its number."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if not hasattr(shell, "get_parent"):
        return None
    count = shell.execution_count
    return shell.get_parent().get("metadata", {}).get("cellId") or f"[{count}]", count


def _notes(task: Task) -> dict[str, str]:
    """What a reader of the picture wants to know about a task."""
    notes = {}
    if task.retries:
        apart = f", {task.retry_delay:g} s apart" if task.retry_delay else ""
        notes["retries"] = f"{task.retries}{apart}"
    if task.timeout is not None:
        notes["timeout"] = f"{task.timeout:g} s"
    return notes
