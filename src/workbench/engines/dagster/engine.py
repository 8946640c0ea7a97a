"""Dagster jobs on this machine: its scheduler decides, each step is executed by Dagster in a thread
of its own, and times and states are those of its event log.

A run of the workbench is one Dagster run and its re-executions: what is cleared is executed again
by a run of those steps only, which takes the others' outputs from its parent, as Dagster does it.
"""

import inspect
import json
import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from workbench.engines.dagster.attempt import Watched
from workbench.engines.dagster.definitions import Planned, planned, refusing
from workbench.engines.dagster.home import instance_in
from workbench.engines.dagster.internals import plans
from workbench.engines.dagster.internals.plans import Handle, Step
from workbench.engines.dagster.internals.runs import Execution, Given, function_of, status_of
from workbench.engines.dagster.naming import graph_of, template
from workbench.engines.dagster.schedule import Schedule
from workbench.engines.dagster.values import at, parts, whole
from workbench.engines.protocol import Decision, Outcome, Scheduled, Ticket
from workbench.events import DONE, Conclusion
from workbench.graph import PipelineError
from workbench.record import Record

_RUNS = "dagster.json"  # in the folder `run`: the ids of its Dagster runs, the first one first


class DagsterEngine(Scheduled):
    """One job; ``graph`` is that of its plan."""

    name = "dagster"
    reports_times = True

    def __init__(self, thing: Planned) -> None:
        self._job, self.title = thing.job, thing.job.name
        steps = list(plans.steps_in(plans.drawn(thing.job), thing.job))
        self.graph = graph_of(steps, thing.schedules)
        self._drawn = {template(step.key): step for step in steps}
        self._schedule: Schedule | None = None
        self._execution: Execution | None = None
        self._opening = threading.Lock()
        self._watched: dict[str, Watched] = {}
        self._made: dict[str, Any] = {}  # in this process, for what cannot be stored

    # Begin

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        with refusing(f"job {self.title!r}"):
            bound = plans.bound(self._job, parameters)
            plans.planned(bound)
        return bound.parameters

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        self._bound = plans.bound(self._job, parameters)
        self._runs_file, self._record = folder / "run" / _RUNS, record
        self._instance = instance_in(os.environ["DAGSTER_HOME"])
        self._runs = json.loads(self._runs_file.read_text()) if self._runs_file.exists() else []

    # Describe

    def _step(self, task: str) -> Step | None:
        steps = self._schedule.steps if self._schedule else {}
        return steps.get(task) or self._drawn.get(template(task))

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        step, received = self._step(task), {}
        for one in step.inputs if step else ():
            values = [v for handle in one.loads for v in self._values_at(handle, outputs)]
            if one.given is not None:
                received[one.name] = self._bound.inputs.get(one.given)
            elif one.several:
                received[one.name] = values
            elif values:
                received[one.name] = values[0]
        return received

    def _values_at(self, handle: Handle, outputs: Mapping[str, Any]) -> list[Any]:
        """The value of a handle in a list, which is empty where it was not made."""
        task = self._name_of(handle[0])
        step = self._step(task)
        try:
            return [at(parts(step, outputs[task]), handle)]
        except (LookupError, PipelineError):
            return []

    def _name_of(self, key: str) -> str:
        return self._schedule.names.get(key, template(key)) if self._schedule else template(key)

    def source(self, task: str) -> str | None:
        step = self._step(task)
        try:
            return inspect.getsource(function_of(step))
        except (AttributeError, OSError, TypeError):
            return None

    def words(self, task: str) -> str | None:
        step = self._step(task)
        runs = reversed(self._runs) if step else ()
        return next(filter(None, (status_of(self._instance, run, step.key) for run in runs)), None)

    # Schedule

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        """What Dagster's scheduler decides for the whole run; ``among`` does not narrow it."""
        if self._schedule is None:
            self._schedule = Schedule(self._bound, self.graph, self._value)
        decision = self._schedule.decide(states, self._record.graph)
        for change in decision.changes if self._execution else ():
            if change.kind == "skipped" and (step := self._schedule.steps.get(change.task)):
                self._execution.skip(step)
        return decision

    def _value(self, task: str) -> Any:
        try:
            return self._record.outputs[task]
        except KeyError:
            return self._made[task]

    def ready_at(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> tuple[str, ...]:
        schedule = Schedule(self._bound, self.graph, outputs.__getitem__)
        return schedule.decide(states, self._record.graph).ready

    def clear(self, tasks: Iterable[str]) -> None:
        """What has to run again is a re-execution."""
        if tasks:
            self._leave()

    def _leave(self) -> None:
        if self._execution:
            self._execution.end(None)
        self._execution = self._schedule = None

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Conclusion | None] | None:
        ended = super().conclusion(states)
        if ended and self._execution:
            failed = [task for task, state in states.items() if state == "failed"]
            self._execution.end(failed)
            self._execution = None
        return ended

    # Execute

    def _executing(self, known: Any) -> Execution:
        """The Dagster run that is under way, begun now if there is none."""
        with self._opening:
            if self._execution is None:
                states = self._record.states()
                again = [
                    k
                    for k, name in self._schedule.names.items()
                    if states.get(name, "success") not in DONE
                ]
                parent = self._runs[-1] if self._runs else None
                self._execution = Execution(
                    self._instance, self._bound, self._schedule.plan, parent, again, known
                )
                self._runs.append(self._execution.id)
                self._runs_file.write_text(json.dumps(self._runs))
            return self._execution

    def execute(self, ticket: Ticket) -> Outcome:
        step, known = self._schedule.steps[ticket.task], self._schedule.scheduler.known
        watched = self._watched[ticket.task] = Watched(step, ticket)
        try:
            execution = self._executing(known)
        except Exception as error:
            ticket.log.write(f"{error}\n")
            return Outcome("failed", error=" ".join(str(error).split()))
        given = self._given(step, ticket, known)
        error = execution.attempt(step.key, ticket.tries, given, watched, known)

        def value() -> Any:
            self._made[ticket.task] = whole(step, execution.made(step.key))
            return self._made[ticket.task]

        return watched.outcome(error, value)

    def _given(self, step: Step, ticket: Ticket, known: Any) -> Given:
        """The values that the attempt receives, by what they were made as."""
        ready, given = plans.made(known), {}
        for one in step.inputs:
            if one.name in ticket.inputs and one.given is None:
                loads = [handle for handle in one.loads if handle in ready]
                values = ticket.inputs[one.name] if one.several else [ticket.inputs[one.name]]
                given |= zip(loads, values, strict=False)
        return {handle: (value, self._is_replaced(handle)) for handle, value in given.items()}

    def _is_replaced(self, handle: Handle) -> bool:
        """Whether a value is that of a fork, which Dagster knows nothing of."""
        output = self._record.last(self._name_of(handle[0]), "output")
        return output is None or output.attempt is None

    def cancel(self, ticket: Ticket) -> None:
        if watched := self._watched.get(ticket.task):
            watched.cancel()

    def close(self) -> None:
        self._leave()


def adapt(thing: Any) -> DagsterEngine:
    """The engine for a job, a graph, assets or definitions; raise PipelineError for anything else
    of Dagster's."""
    with refusing(f"a Dagster {type(thing).__name__}"):
        return DagsterEngine(planned(thing))
