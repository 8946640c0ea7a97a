"""Prefect flows: performed as they are, each attempt of each task released by the workbench.

A flow is code: what it calls next is known when it calls it. So `decide` lets it run until it waits
at the gate (`play`, `gate`), and its graph grows. What has finished once is not run again: after a
retry, a fork or a resume the flow is performed from its start, and those calls are answered from
the record.
"""

import asyncio
import contextlib
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench import received, storage
from workbench.capture import one_line
from workbench.engines.prefect import internals, serving
from workbench.engines.prefect.lone import Lone
from workbench.engines.protocol import Change, Decision, Outcome, Scheduled, Ticket
from workbench.engines.sameness import code_of
from workbench.events import DONE, FINISHED, STOPPED, Conclusion
from workbench.graph import Graph, PipelineError, template_of
from workbench.record import Record

if TYPE_CHECKING:  # the gate's side imports Prefect
    from workbench.engines.prefect.play import Call, Play


class PrefectEngine(Lone, Scheduled):
    """Performs a flow. ``graph`` is what its source tells, and then what the run has seen."""

    name = "prefect"
    reports_times = True

    def __init__(self, flow: Any) -> None:
        from workbench.engines.prefect.source import tasks_named_in

        self.title, self._flow = flow.name, flow
        self._tasks = tasks_named_in(flow)
        self._graph = Graph.of(self._tasks, dynamic=True)
        self._play: Play | None = None
        self._record: Record | None = None
        self._values: dict[str, Any] = {}  # of finished calls, for those that cannot be stored

    # Describe

    @property
    def graph(self) -> Graph:
        return self._record.graph if self._record else self._graph

    @property
    def calls(self) -> Mapping[str, "Call"]:
        """Name → call, for those of the performance that is under way or was the last."""
        return self._play.calls if self._play else {}

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        from workbench.engines.prefect.needs import hindrance

        signature = inspect.signature(self._flow.fn)
        try:
            given = signature.bind(*internals.owner(self._flow), **parameters).arguments
            if self._flow.should_validate_parameters:
                self._flow.validate_parameters(dict(given))
        except Exception as error:
            text = " ".join(str(error).split())
            if "self" in signature.parameters and not internals.owner(self._flow):
                text = "it is a method, and its class needs arguments; make an object in the file"
            raise PipelineError(
                f"flow {self.title!r}: {text} (its parameters: {signature})"
            ) from None
        self._refuse(functools.partial(hindrance, given=parameters))
        return parameters

    def _refuse(self, told: Callable[[Any, set[str]], str]) -> None:
        if reason := told(self._flow, {template_of(name) for name in self.stood_in}):
            raise PipelineError(f"flow {self.title!r}: {reason}")

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        if call := self.calls.get(task):
            return call.received
        return super().inputs(task, outputs)

    def source(self, task: str) -> str | None:
        call, named = self.calls.get(task), self._tasks.get(template_of(task))
        if not (named or call):
            return None
        with contextlib.suppress(OSError, TypeError):
            return inspect.getsource((named or call.task).fn)

    def code(self, task: str) -> Any:
        named = self._tasks.get(task)
        return named and (code_of(named.fn), named.retries, named.timeout_seconds)

    def words(self, task: str) -> str | None:
        call = self.calls.get(task)
        return call.run.state_name if call and call.run else None

    # Schedule

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        from workbench.engines.prefect.needs import absent
        from workbench.engines.prefect.server import server

        server()
        self._refuse(absent)
        self._folder, self._parameters, self._record = folder, parameters, record

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        """Let the flow go as far as it can by itself; what it has called enters the graph."""
        if self._record.concluded:
            return Decision()
        if self._play is None or self._play.aborted:
            self._play = self._perform()
        play = self._play
        play.settle()
        if play.aborted:
            return Decision()
        calls = dict(play.calls)  # as it is now; a worker may add to it
        answered = [name for name, call in calls.items() if call.state == "asking" and call.answer]
        held = (*(name for name, call in calls.items() if call.state == "held"), *answered)
        changes = [*self._growth(calls, states), *self._unheld(calls, states, play.over)]
        return Decision(held, tuple(changes))

    def _perform(self) -> "Play":
        from workbench.engines.prefect.internals.installed import install
        from workbench.engines.prefect.play import Play
        from workbench.engines.prefect.server import server

        server()  # started again, if it has died

        def perform() -> Any:
            with serving.unheard():
                state = self._flow(**self._parameters, return_state=True)
                return asyncio.run(state) if inspect.iscoroutine(state) else state

        return Play(perform, self._answer, self.notify, ended=install())

    def _answer(self, name: str) -> Callable[[], Any] | None:
        """What a call that has finished in an earlier performance gives: its value, or its error.
        None for one that has to run."""
        state = self._record.state_of(name)
        if state == "failed":
            return lambda: self._raise(name)
        if state not in DONE:
            return None
        try:
            value = self._record.outputs[name]
        except KeyError:  # it could not be stored
            if name not in self._values:
                return None
            value = self._values[name]
        return lambda: value

    def _raise(self, name: str) -> None:
        path = self._error_path(name, len(self._record.attempts(name)))
        stored = path.with_name(f"{path.name}.pickle")
        raise storage.load(stored) if stored.exists() else RuntimeError(self._record.error(name))

    def _error_path(self, name: str, attempt: int) -> Path:
        return self._folder / "outputs" / f"{quote(name, safe='[]')}.{attempt}.error"

    def _growth(self, calls: Mapping[str, "Call"], states: Mapping[str, str]) -> Iterator[Change]:
        """What the graph has not got yet: calls, edges, and tasks that calls stand for now."""
        tasks, edges = set(self.graph.tasks), set(self.graph.edges)
        called = [(up, name) for name, call in calls.items() for up in sorted(call.upstream)]
        growth = {
            "tasks": [name for name in calls if name not in tasks],
            "edges": [edge for edge in called if edge[0] in calls and edge not in edges],
            "expands": sorted({template_of(name) for name in calls} & set(states)),
        }
        if any(growth.values()):
            yield Change("graph", None, growth)

    def _unheld(
        self, calls: Mapping[str, "Call"], states: Mapping[str, str], over: bool
    ) -> Iterator[Change]:
        """Calls that Prefect did not let run and, in the end, tasks that were not called."""
        expanded = {template_of(name) for name in calls}
        for name in dict.fromkeys((*states, *calls)):
            waits = states.get(name, "pending") in ("pending", "retrying")
            if not waits or name in expanded:
                continue
            run = calls[name].run if name in calls else None
            if run and run.state_name == "NotReady":
                yield Change("upstream_failed", name, run.state.message)
            elif over and run and run.state.is_final():
                yield Change("failed", name, run.state.message)
            elif over:
                missed = "running" if name in calls else "calling"
                yield Change("skipped", name, f"the flow ended without {missed} it")

    def ready_at(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> tuple[str, ...]:
        """Calls whose known upstream calls have succeeded; what had been submitted by that moment
        is not in its states."""
        calls = {name: state for name, state in states.items() if template_of(name) != name}
        return super().ready_at(calls, outputs)

    def below(self, task: str, record: Record) -> tuple[str, ...]:
        """Known edges lead to what follows; where they are unknown, whatever was called after the
        task's end does."""
        ends = ("succeeded", "failed", "cached")
        ended = next((e.seq for e in record.events if e.task == task and e.kind in ends), None)
        later = set(record.graph.descendants(task)) if task in record.graph.tasks else set()
        for event in record.events:
            if event.kind == "graph" and ended is not None and event.seq > ended:
                later.update(event.detail.get("tasks", ()))
        return tuple(name for name in record.graph.tasks if name in later)

    def clear(self, tasks: Iterable[str]) -> None:
        """The flow is performed again; what is not cleared is answered."""
        if tasks and self._play:
            self._play.abort()
            self._play = None

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Conclusion | None] | None:
        play = self._play
        if play is None or not play.over or not set(states.values()) <= FINISHED:
            return None
        if play.state is None:
            return "failed", {"state": "Crashed", "error": one_line(play.error)}
        end: Conclusion = {"state": play.state.name}
        if not play.state.is_completed():
            return "failed", end | {"error": " ".join((play.state.message or "").split())}
        with contextlib.suppress(Exception):  # a result that Prefect has not kept
            end["returned"] = storage.summary(self.returned())
        return "succeeded", end

    def returned(self) -> Any:
        """What the flow itself returned, once it is over; raise its error if it failed."""
        if self._play.state is None:
            raise self._play.error
        return internals.returned(self._play.state)

    # Execute

    def execute(self, ticket: Ticket) -> Outcome:
        call = self.calls[ticket.task]
        if call.state not in ("held", "asking"):
            return Outcome("failed", error=STOPPED)
        if question := call.question:
            self._play.move(call, "asking")
            return Outcome("retrying", asks=question)
        outcome = call.release(ticket).result()
        received.write(ticket.log.path, {"arguments": call.received})
        if outcome.kind in ("succeeded", "cached"):
            self._values[ticket.task] = outcome.value
        elif isinstance(call.error, Exception):
            path = self._error_path(ticket.task, ticket.number)
            storage.save(call.error, path.parent, path.name)
        return outcome

    def written(self, ticket: Ticket) -> None:
        call = self.calls.get(ticket.task)
        if call and call.state != "asking":
            self._play.written(call)

    def answer(self, task: str, value: Any) -> None:
        given = self.calls[task].task.read(value)
        self.calls[task].answer = lambda: given

    def cancel(self, ticket: Ticket) -> None:
        self.interrupt()

    def interrupt(self) -> None:
        if self._play:
            self._play.abort()


def adapt(thing: Any) -> PrefectEngine:
    """Give the engine for a flow; raise PipelineError for what cannot be performed here."""
    from prefect import Flow
    from prefect.task_runners import ThreadPoolTaskRunner

    if not isinstance(thing, Flow):
        raise PipelineError(
            f"a Prefect {type(thing).__name__} cannot be run; call it in a flow, and give the flow"
        )
    if not isinstance(thing.task_runner, ThreadPoolTaskRunner):
        raise PipelineError(
            f"flow {thing.name!r}: a {type(thing.task_runner).__name__} runs its tasks out of "
            "sight, in other processes; use ThreadPoolTaskRunner to watch it"
        )
    if thing.isgenerator:
        raise PipelineError(
            f"flow {thing.name!r} yields, so its caller drives it; "
            "return a value to have it run here"
        )
    return PrefectEngine(thing)
