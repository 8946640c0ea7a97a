"""State machines, executed by moto, each attempt of each state released by the workbench.

A machine decides by itself what comes next. So `decide` lets it go until it waits at a state, and
its graph grows by what it has come to. After a retry, a fork or a resume it is executed from its
start, and what has finished is answered from the record.
"""

import functools
import inspect
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.engines.protocol import Change, Decision, Outcome, Scheduled, Stopped, Ticket
from workbench.engines.stepfunctions.definition import State, StateMachine
from workbench.engines.stepfunctions.drawing import drawn
from workbench.engines.stepfunctions.internals.execution import parsed, perform
from workbench.engines.stepfunctions.invocation import Invocation, failure_of
from workbench.engines.stepfunctions.limits import hindrances
from workbench.engines.stepfunctions.play import Answer, Play, Visit
from workbench.events import DONE, FINISHED, STOPPED, Conclusion
from workbench.graph import Graph, PipelineError, template_of
from workbench.record import Record


def adapt(thing: Any) -> "StepFunctionsEngine":
    """The engine for a StateMachine, a file, or a dictionary; raise PipelineError for what is
    none."""
    return StepFunctionsEngine(thing if isinstance(thing, StateMachine) else StateMachine(thing))


class StepFunctionsEngine(Scheduled):
    """One state machine, with the functions that stand for its Tasks."""

    name = "stepfunctions"

    def __init__(self, machine: StateMachine) -> None:
        self.title, self._machine, self._program = machine.title, machine, machine.program
        self._drawn = drawn(machine.program)
        self._states = {state.path: state for state in machine.program.leaves()}
        self._play: Play | None = None
        self._record: Record | None = None

    @property
    def graph(self) -> Graph:
        return self._record.graph if self._record else self._drawn

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        for name, value in parameters.items():
            try:
                json.dumps(value)
            except (TypeError, ValueError) as error:
                raise PipelineError(
                    f"{name!r}: the input of {self.title!r} is JSON, and this is not: {error}"
                ) from None
        for hindrance in hindrances(self._machine, self.stood_in):
            raise PipelineError(f"state machine {self.title!r}: {hindrance}")
        _ = self._tree  # now, so that what is wrong in it is told
        return parameters

    @property
    def ended(self) -> dict[str, Any]:
        """How the last performance ended: its state, output or error, and history."""
        return self._play.ended if self._play and self._play.over else {}

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        whole = set(parameters) == {"input"}  # any JSON, where the parameters would be an object
        self._given = parameters["input"] if whole else parameters
        self._folder, self._record = folder, record

    @functools.cached_property
    def _tree(self) -> Any:
        try:
            return parsed(self._program, json.dumps(self._program.body))
        except Exception as error:  # moto's parser may raise anything
            text = " ".join(str(error).split())
            raise PipelineError(f"state machine {self.title!r} cannot be read: {text}") from None

    # Describe

    def state(self, task: str) -> State:
        """The state that a task of the run is a visit of."""
        return self._states[template_of(task)]

    def _visit(self, task: str) -> Visit | None:
        return self._play.visits.get(task) if self._play else None

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        if self.state(task).body.get("InputPath", "$") is None:
            return {}
        if visit := self._visit(task):
            return {"input": visit.input}
        return super().inputs(task, outputs)

    def source(self, task: str) -> str | None:
        state = self.state(task)
        try:
            return inspect.getsource(self._machine.function(state))
        except (OSError, TypeError):
            return json.dumps(state.body, indent=2)

    def words(self, task: str) -> str | None:
        visit = self._visit(task)
        return visit.words if visit else None

    # Schedule

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        if self._record.concluded:
            return Decision()
        if self._play is None or self._play.aborted:
            self._play = self._perform()
        play = self._play
        play.settle(lambda task: self._record.state_of(task) not in ("queued", "running"))
        if play.aborted:
            return Decision()
        held = play.held()
        again = [v.name for v in held if v.again and states.get(v.name) in FINISHED]
        changes = [*self._growth(states), *(Change("cleared", name) for name in again)]
        if play.over:
            changes += self._left_over(states)
        return Decision(tuple(visit.name for visit in held), tuple(changes))

    def _perform(self) -> Play:
        play = Play(self._answer)
        arguments = self._tree, self._program, self.title, self._given, play
        threading.Thread(target=perform, args=arguments, name="state machine", daemon=True).start()
        return play

    def _answer(self, task: str) -> Answer | None:
        """What a state that has finished in an earlier performance gives."""
        state = self._record.state_of(task) if task in self._record.states() else None
        if state == "failed":
            return Answer(failure=failure_of(self._record.error(task)))
        if state not in DONE:
            return None
        return Answer(self._record.outputs[task]) if task in self._record.outputs else None

    def _growth(self, states: Mapping[str, str]) -> Iterator[Change]:
        """What the graph has not got yet: visits, ways that led to them, and what they stand
        for."""
        tasks, edges, visits = set(self.graph.tasks), set(self.graph.edges), self._play.visits
        ways = [(up, name) for name, visit in visits.items() for up in visit.upstream]
        growth = {
            "tasks": sorted((name for name in visits if name not in tasks), key=_by_number),
            "edges": [list(way) for way in ways if way not in edges],
            "expands": sorted({template_of(n) for n in visits if template_of(n) != n} & {*states}),
        }
        if any(growth.values()):
            yield Change("graph", None, growth)

    def _left_over(self, states: Mapping[str, str]) -> Iterator[Change]:
        """The machine has ended: what has not run will not."""
        failed = [task for task, state in states.items() if state == "failed"]
        known = [task for task in failed if task in self.graph.position]
        below = {name for task in known for name in self.graph.descendants(task)}
        blocked = below if self._play.ended["state"] != "SUCCEEDED" else set()
        for task, state in states.items():
            if state in ("pending", "retrying"):
                reason = None if task in blocked else "on no path that was taken"
                yield Change("upstream_failed" if task in blocked else "skipped", task, reason)

    def clear(self, tasks: Iterable[str]) -> None:
        if tasks and self._play:
            self._play.abort()
            self._play = None

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Conclusion | None] | None:
        play = self._play
        if play is None or not play.over or not set(states.values()) <= FINISHED:
            return None
        ended = play.ended
        history = json.dumps(ended["history"], indent=1, default=str)
        (self._folder / "history.json").write_text(history, encoding="utf-8")
        if ended["state"] == "SUCCEEDED":
            returned = json.dumps(ended["output"])
            return "succeeded", {"state": ended["state"], "returned": returned[:200]}
        parts = [ended.get("error"), ended.get("cause")]
        text = " ".join(": ".join(filter(None, parts)).split())
        return "failed", {"state": ended["state"], "error": text}

    # Execute

    def execute(self, ticket: Ticket) -> Outcome:
        play, visit = self._play, self._visit(ticket.task)
        state = self.state(ticket.task)
        timed = bool({"TimeoutSeconds", "TimeoutSecondsPath"} & set(state.body))
        function = self._machine.function(state) if state.kind == "Task" else None
        invocation = Invocation(ticket, function, timed, self._machine.real_waits)
        if visit is None or not play.release(visit, invocation.end):
            return Outcome("failed", error=STOPPED)
        try:
            while wanted := play.asked(visit):
                play.tell(visit, wanted, invocation.answer(wanted))
        except Stopped:
            return Outcome("failed", error=STOPPED)
        if play.aborted and not visit.outcome:
            return Outcome("failed", error=STOPPED)
        return visit.outcome or visit.ended

    def written(self, ticket: Ticket) -> None:
        if visit := self._visit(ticket.task):
            self._play.written(visit)

    def interrupt(self) -> None:
        if self._play:
            self._play.abort()


def _by_number(task: str) -> list[int]:
    """Sorts the visits of one moment, which come in any order, by the items that they are of."""
    return [int(number) for number in re.findall(r"\[(\d+)\]", task)]
