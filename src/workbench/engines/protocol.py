"""What an engine is to the workbench: it yields a graph, says what is ready, and executes one attempt of one task.

The defaults here suit an engine whose tasks the workbench schedules itself (local, kubeflow); an engine with a
scheduler of its own (airflow, prefect) overrides ``decide``, ``execute`` and ``clear``.
"""

import ctypes
import importlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.capture import Log, learners_traceback, one_line
from workbench.graph import Graph, PipelineError, template_of
from workbench.record import FINISHED

INJECTIONS = ("raise", "raise once", "hang", "corrupt output", "kill")


class InjectedFailure(RuntimeError):
    """Raised in a task because the learner asked for it."""

    __module__ = "builtins"  # so that a traceback names it without ours


class Stopped(BaseException):
    """Raised in a task's thread when the learner presses Stop."""


@dataclass(frozen=True)
class Policy:
    """``retries`` after the first attempt, ``delay`` seconds apart; an attempt may last ``timeout`` seconds."""

    retries: int = 0
    delay: float = 0.0
    timeout: float | None = None


@dataclass(frozen=True)
class Ticket:
    """One attempt to be executed. ``number`` counts all attempts, ``tries`` those since the task was last cleared.

    An engine with clocks of its own calls ``begun`` with the Unix time at which the attempt began.
    """

    task: str
    number: int
    tries: int
    inputs: Mapping[str, Any]
    log: Log
    injection: str | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    begun: Callable[[float], None] = lambda when: None


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: ``kind`` is succeeded, failed, retrying, skipped or cached.

    ``delay`` is that of the next attempt; without an ``error`` the task only waits (a sensor), and the delay is real.
    ``end`` is the Unix time at which the attempt ended, if the engine has its own; now, otherwise.
    """

    kind: str
    value: Any = None
    error: str | None = None
    delay: float = 0.0
    end: float | None = None


@dataclass(frozen=True)
class Decision:
    """Tasks that may start now, and the events that follow from what is finished: (kind, task, detail).

    A fourth item is the Unix time at which it happened, if the engine knows. A change of task None ends the run.
    """

    ready: tuple[str, ...] = ()
    changes: tuple[tuple, ...] = ()


class Engine:
    """One thing of one engine, ready to be run. ``name`` is the engine's, ``title`` the thing's own."""

    name = "local"
    title = "pipeline"
    graph: Graph
    reports_times = False  # whether ``execute`` calls ``ticket.begun``
    notify: Callable[[], None] = staticmethod(
        lambda: None
    )  # set by the run: ask me again, something has appeared

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Check the run parameters; raise PipelineError for an unknown or a missing one."""
        return parameters

    def begin(self, folder: Path, parameters: dict[str, Any], record) -> None:
        """Called once before anything runs, with a record that is not empty after a fork or a resume."""
        self.parameters = parameters

    def policy(self, task: str) -> Policy:
        return Policy()

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """What the task receives, by name."""
        return {
            upstream: outputs[upstream]
            for upstream in self.graph.upstream(task)
            if upstream in outputs
        }

    def source(self, task: str) -> str | None:
        """The code of the task as its author wrote it."""
        return None

    def words(self, task: str) -> str | None:
        """The engine's own word for the task's state, where it has one."""
        return None

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        """Which of the pending tasks ``among`` are ready, and which can never run."""
        ready, changes = [], []
        for task in among:
            if states.get(task) == "retrying":
                ready.append(task)
            if states.get(task) != "pending":
                continue
            upstream = {states[other] for other in self.graph.upstream(task) if other in states}
            if upstream & {"failed", "upstream_failed"}:
                changes.append(("upstream_failed", task, None))
            elif "skipped" in upstream:
                changes.append(("skipped", task, None))
            elif upstream <= {"success", "cached"}:
                ready.append(task)
        return Decision(tuple(ready), tuple(changes))

    def ready_at(self, states: Mapping[str, str]) -> tuple[str, ...]:
        """What was ready at an earlier moment, from its states alone."""
        return Engine.decide(self, states, states).ready

    def execute(self, ticket: Ticket) -> Outcome:
        """Run one attempt in the calling thread and say how it ended; never raise for what the task does."""
        try:
            return Outcome("succeeded", self.call(ticket))
        except Stopped:
            return Outcome("failed", error="stopped")
        except BaseException as error:  # a task may raise anything, SystemExit included
            ticket.log.write(learners_traceback(error))
            policy = self.policy(ticket.task)
            if ticket.tries <= policy.retries:
                return Outcome("retrying", error=one_line(error), delay=policy.delay)
            return Outcome("failed", error=one_line(error))

    def call(self, ticket: Ticket) -> Any:
        """Run the task's own code; return its value or raise its error."""
        raise NotImplementedError

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Any] | None:
        """How the run as a whole has ended, kind and detail, or None while it has not."""
        found = set(states.values())
        if not found <= FINISHED:
            return None
        return ("failed" if found & {"failed", "upstream_failed"} else "succeeded"), None

    def below(self, task: str, record) -> tuple[str, ...]:
        """What has to run again when ``task`` does: its own instances, and whatever is downstream of any of them."""
        instances = [name for name in record.states() if name != task and template_of(name) == task]
        roots = [name for name in (task, *instances) if name in record.graph.place]
        found = [*instances, *(each for name in roots for each in record.graph.descendants(name))]
        return tuple(dict.fromkeys(found))

    def written(self, ticket: Ticket) -> None:
        """The attempt's end stands in the record."""

    def interrupt(self) -> None:
        """Make a ``decide`` that waits return at once."""

    def cancel(self, ticket: Ticket) -> bool | None:
        """Help an attempt to end at once; unless this returns True, its thread gets a Stopped as well."""

    def clear(self, tasks: Iterable[str]) -> None:
        """Forget that these tasks have run."""

    def close(self) -> None:
        """Let go of what ``begin`` took."""


def sabotage(ticket: Ticket, call: Callable[[], Any], timeout: float | None = None) -> Any:
    """Call the task's code the way the learner's injection wants it (``kill`` needs a process of its own)."""
    if ticket.injection in ("raise", "raise once"):
        raise InjectedFailure(f"injected into {ticket.task!r}")
    if ticket.injection == "hang":
        if ticket.stopped.wait(timeout):
            raise Stopped
        raise TimeoutError(f"{ticket.task!r} ran longer than {timeout:g} s")
    value = call()
    return corrupted(value) if ticket.injection == "corrupt output" else value


def raise_in(thread: threading.Thread, error: type[BaseException]) -> None:
    """Raise ``error`` in another thread at its next bytecode; one that sleeps in C is left behind as a daemon."""
    if thread.ident and thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(error)
        )


def corrupted(value: Any) -> Any:
    """The same kind of value with its content spoilt: numbers become NaN, tables and lists lose half, text is cut."""
    if hasattr(value, "corrupted"):
        return value.corrupted()
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        return float("nan")
    if isinstance(value, (str, list, tuple)):
        return value[: len(value) // 2]
    if isinstance(value, dict):
        return {key: corrupted(item) for key, item in value.items()}
    if hasattr(value, "iloc"):
        half = value.iloc[: len(value) // 2].copy()
        numbers = half.select_dtypes("number").columns if hasattr(half, "columns") else []
        return (
            half.astype(dict.fromkeys(numbers, float)).mask(
                half.notna() & half.columns.isin(numbers)
            )
            if len(numbers)
            else half
        )
    return None


_ENGINE_OF = {"workbench": "local", "airflow": "airflow", "kfp": "kubeflow", "prefect": "prefect"}


def engine_for(thing: Any) -> Engine:
    """The adapter for what the learner wrote; its engine is imported only now."""
    if isinstance(thing, Engine):
        return thing
    if as_engine := getattr(type(thing), "as_engine", None):
        return as_engine(thing)
    if isinstance(thing, (str, Path)) and str(thing).endswith((".yaml", ".yml")):
        return importlib.import_module("workbench.engines.kubeflow.engine").adapt(thing)
    for kind in type(thing).__mro__:
        if engine := _ENGINE_OF.get(kind.__module__.partition(".")[0]):
            return importlib.import_module(f"workbench.engines.{engine}.engine").adapt(thing)
    if callable(thing) and hasattr(thing, "pipeline_spec"):
        return importlib.import_module("workbench.engines.kubeflow.engine").adapt(thing)
    raise PipelineError(
        f"{type(thing).__name__} {str(thing)[:60]!r} is nothing that can be run: give a Pipeline, an Airflow DAG, "
        "a KFP pipeline or its YAML file, or a Prefect flow"
    )


def graph_of(thing: Any) -> Graph:
    """The DAG of a pipeline, DAG, flow or record, before or after it has run."""
    graph = getattr(thing, "graph", None)
    return graph if isinstance(graph, Graph) else engine_for(thing).graph
