"""Prefect flows: performed as they are, each attempt of each task released by the workbench."""

import asyncio
import contextlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from urllib.parse import quote

from workbench import storage
from workbench.capture import one_line
from workbench.engines.protocol import Change, Decision, Outcome, Scheduled, Ticket
from workbench.graph import Graph, PipelineError, template_of


class PrefectEngine(Scheduled):
    """Performs a flow. Its graph grows while it runs; ``graph`` holds what its source tells before that."""

    name, reports_times = "prefect", True

    def __init__(self, flow: Any) -> None:
        self.title, self._flow, self._play, self._record = flow.name, flow, None, None
        self._tasks = dict(_named_in(flow))
        self._graph = Graph.of(self._tasks, dynamic=True)
        self._values: dict[str, Any] = {}

    @property
    def graph(self) -> Graph:
        return self._record.graph if self._record else self._graph

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        signature = inspect.signature(self._flow.fn)
        try:
            signature.bind(**parameters)
            if self._flow.should_validate_parameters:
                self._flow.validate_parameters(dict(parameters))
        except Exception as error:
            text = " ".join(str(error).split())
            raise PipelineError(
                f"flow {self.title!r}: {text} (its parameters: {signature})"
            ) from None
        return parameters

    def begin(self, folder: Path, parameters: dict[str, Any], record) -> None:
        from workbench.engines.prefect.server import server

        self._folder, self.parameters, self._record = folder, parameters, record
        server()

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        """Play the flow until it can go no further by itself; what it has called since belongs to the graph."""
        if self._concluded():
            return Decision()
        if self._play is None or self._play.aborted:
            self._play = self._perform()
        play = self._play
        play.settle()
        if play.aborted:
            return Decision()
        calls = dict(play.calls)
        changes = [*self._growth(calls, states), *self._unheld(calls, states, play.over)]
        return Decision(
            tuple(name for name, call in calls.items() if call.state == "held"), tuple(changes)
        )

    def _concluded(self) -> bool:
        ends = (
            event.kind
            for event in reversed(self._record.events)
            if event.task is None and event.kind != "graph"
        )
        return self._record.state in ("success", "failed") and next(ends, None) != "stopped"

    def _perform(self) -> Any:
        from workbench.engines.prefect.gate import Play, install
        from workbench.engines.prefect.server import server

        server().url()  # started again, if it has died
        install()
        call = lambda: self._flow(**self.parameters, return_state=True)  # noqa: E731
        return Play(
            (lambda: asyncio.run(call())) if self._flow.isasync else call, self._answer, self.notify
        )

    def _answer(self, name: str) -> Callable[[], Any] | None:
        """How a call that has finished in an earlier performance is answered: its value, or its error."""
        state = self._record.state_of(name)
        if state in ("success", "cached"):
            try:
                value = self._record.outputs[name]
            except KeyError:  # could not be stored
                return (lambda: self._values[name]) if name in self._values else None
            return lambda: value
        return (lambda: self._raise(name)) if state == "failed" else None

    def _raise(self, name: str) -> None:
        stored = (
            self._folder / "outputs" / f"{_error_of(name, len(self._record.attempts(name)))}.pickle"
        )
        raise storage.load(stored) if stored.exists() else RuntimeError(self._record.error(name))

    def _growth(self, calls: Mapping[str, Any], states: Mapping[str, str]) -> Iterator[Change]:
        """Calls and edges that the graph has not got yet."""
        known = set(self.graph.tasks)
        edges = [
            (up, name)
            for name, call in calls.items()
            for up in sorted(call.upstream)
            if up in calls
        ]
        found = {
            "tasks": [name for name in calls if name not in known],
            "edges": [edge for edge in edges if edge not in set(self.graph.edges)],
            "expands": sorted({template_of(name) for name in calls} & set(states)),
        }
        if any(found.values()):
            yield Change("graph", None, found)

    def _unheld(
        self, calls: Mapping[str, Any], states: Mapping[str, str], over: bool
    ) -> Iterator[Change]:
        """Calls that Prefect did not let run, and when the flow is over, tasks that it has not called."""
        expanded = {template_of(name) for name in calls}
        for name in dict.fromkeys((*states, *calls)):
            call = calls.get(name)
            if states.get(name, "pending") not in ("pending", "retrying") or name in expanded:
                continue
            if call and call.run and call.run.state_name == "NotReady":
                yield Change("upstream_failed", name, call.run.state.message)
            elif over and call and call.run and call.run.state.is_final():
                yield Change("failed", name, call.run.state.message)
            elif over:
                yield Change(
                    "skipped",
                    name,
                    "the flow ended without " + ("running" if call else "calling") + " it",
                )

    def ready_at(self, states: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(name for name in super().ready_at(states) if template_of(name) != name)

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Any] | None:
        if self._play is None or not self._play.over or super().conclusion(states) is None:
            return None
        state, error = self._play.state, self._play.error
        if state is None:
            return "failed", {"state": "Crashed", "error": one_line(error)}
        if not state.is_completed():
            return "failed", {"state": state.name, "error": " ".join((state.message or "").split())}
        with contextlib.suppress(Exception):
            return "succeeded", {"state": state.name, "returned": storage.summary(self.returned())}
        return "succeeded", {"state": state.name}

    def returned(self) -> Any:
        """What the flow itself returned, once it is over; raise its error if it failed."""
        return self._play.state.result(_sync=True)

    def below(self, task: str, record) -> tuple[str, ...]:
        """Known edges lead to what follows; where they are unknown, whatever was called after the task's end does."""
        ended = next(
            (
                e.seq
                for e in record.events
                if e.task == task and e.kind in ("succeeded", "failed", "cached")
            ),
            None,
        )
        later = {
            name
            for event in record.events
            if event.kind == "graph" and ended is not None and event.seq > ended
            for name in event.detail.get("tasks", ())
        }
        later.update(record.graph.descendants(task) if task in record.graph.tasks else ())
        return tuple(name for name in record.graph.tasks if name in later)

    def execute(self, ticket: Ticket) -> Outcome:
        call = self._play.calls[ticket.task]
        if call.state != "held":
            return Outcome("failed", error="stopped")
        outcome = call.release(ticket).result()
        if outcome.kind in ("succeeded", "cached"):
            self._values[ticket.task] = outcome.value
        elif isinstance(call.error, Exception):
            storage.save(
                call.error, self._folder / "outputs", _error_of(ticket.task, ticket.number)
            )
        return outcome

    def written(self, ticket: Ticket) -> None:
        if self._play and (call := self._play.calls.get(ticket.task)):
            self._play.written(call)

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        call = self._play.calls.get(task) if self._play else None
        if call is None:
            return super().inputs(task, outputs) if task in self.graph.tasks else {}
        return dict(call.engine.parameters if call.engine else call.parameters)

    def source(self, task: str) -> str | None:
        known = self._tasks.get(template_of(task)) or (
            self._play and getattr(self._play.calls.get(task), "task", None)
        )
        with contextlib.suppress(OSError, TypeError):
            return inspect.getsource(known.fn) if known else None

    def words(self, task: str) -> str | None:
        call = self._play.calls.get(task) if self._play else None
        return call.run.state_name if call and call.run else None

    def interrupt(self) -> None:
        if self._play:
            self._play.abort()

    def cancel(self, ticket: Ticket) -> None:
        self.interrupt()

    def clear(self, tasks: Iterable[str]) -> None:
        if tasks and self._play:
            self._play.abort()
            self._play = None

    def close(self) -> None:
        self.interrupt()


def _error_of(name: str, attempt: int) -> str:
    return f"{quote(name, safe='[]')}.{attempt}.error"


def _named_in(
    flow: Any, path: str = "", seen: frozenset = frozenset()
) -> Iterator[tuple[str, Any]]:
    """Name → task for the tasks that a flow's own code names, those of the flows it calls included."""
    from prefect import Flow, Task

    scope = {**flow.fn.__globals__, **inspect.getclosurevars(flow.fn).nonlocals}
    names = list(_names(flow.fn.__code__))
    found = [scope[name] for name in names if name in scope]
    found += [
        getattr(module, name, None)
        for module in found
        if isinstance(module, ModuleType)
        for name in names
    ]
    for thing in found:
        if isinstance(thing, Task):
            yield path + thing.name, thing
        elif isinstance(thing, Flow) and thing not in seen and thing is not flow:
            yield from _named_in(thing, f"{thing.name}/", seen | {thing, flow})


def _names(code: CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def adapt(thing: Any) -> PrefectEngine:
    """The engine for a Prefect flow."""
    from prefect import Flow
    from prefect.task_runners import ThreadPoolTaskRunner

    if not isinstance(thing, Flow):
        raise PipelineError(
            f"a Prefect {type(thing).__name__} cannot be run; call it in a flow, and give the flow"
        )
    if not isinstance(thing.task_runner, ThreadPoolTaskRunner):
        raise PipelineError(
            f"flow {thing.name!r}: a {type(thing.task_runner).__name__} runs its tasks out of sight, in other "
            "processes; use ThreadPoolTaskRunner to watch it"
        )
    if thing.isgenerator:
        raise PipelineError(
            f"flow {thing.name!r} yields, so its caller drives it; return a value to have it run here"
        )
    return PrefectEngine(thing)
