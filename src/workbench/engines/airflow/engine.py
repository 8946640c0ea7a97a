"""Airflow DAGs on Airflow's own scheduling decisions, database and task runner.

What Airflow splits between scheduler and worker is split here too: ``decide`` asks Airflow's
DagRun what follows from the metadata database, ``execute`` lets Airflow's supervisor fork a task
runner and watch it. Nothing but the database says how a task ended, and when.
"""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.capture import one_line
from workbench.engines.airflow.dated import OnDate, beside
from workbench.engines.airflow.ends import ENDED, RUN_ENDED, UNDER_WAY, decided, epoch
from workbench.engines.airflow.home import (
    database,
    give_it_a_file,
    neighbours_of,
    prepare,
    register_plugins,
)
from workbench.engines.airflow.internals import asking, dags, process, runs
from workbench.engines.airflow.lacking import lack, lack_in_session
from workbench.engines.airflow.lone import Lone
from workbench.engines.airflow.neighbours import Neighbours
from workbench.engines.airflow.people import answered, asked
from workbench.engines.airflow.restore import KeptXComs, restore
from workbench.engines.airflow.structure import Structure, why_empty
from workbench.engines.airflow.waits import Coming
from workbench.engines.airflow.worker import Worker
from workbench.engines.protocol import Change, Decision, Outcome, Scheduled, Ticket, by_upstream
from workbench.graph import PipelineError, template_of
from workbench.record import Record


class AirflowEngine(Lone, Scheduled):
    """Runs one DAG in Airflow's own terms: a DagRun, its task instances, their XComs."""

    name = "airflow"
    reports_times = True

    def __init__(self, dag: Any) -> None:
        if not dag.task_dict:
            raise PipelineError(
                f"DAG {dag.dag_id!r} has no tasks yet; make operators under `with DAG(…):`"
            )
        self._dag, self.title = dag, dag.dag_id
        self.structure = Structure.of(dag)
        self.graph = self.structure.graph
        self._depth = {task: n for n, wave in enumerate(self.graph.waves()) for task in wave}
        self._record: Record | None = None
        self._chosen: dict[str, list[str]] = {}  # by each branch, as far as the record says it
        self._workers: dict[str, Worker] = {}
        self._date: datetime | None = None  # None: the moment at which a run begins

    # Describe

    def dated(self, date: str) -> None:
        """Give coming runs this logical date; raise PipelineError for what is none."""
        self._date = OnDate(self._dag, date).moment

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Run parameters are the run's conf; a declared param has to satisfy its schema."""
        self._refuse_what_is_lacking(parameters)
        self._neighbours = Neighbours.of(self._dag, self.structure, self.stood_in)
        try:
            json.dumps(parameters)
            params = copy.deepcopy(self._dag.params)
            params.update(parameters)
            params.validate()
        except Exception as error:
            raise PipelineError(
                f"DAG {self.title!r} cannot be run with {parameters}: {one_line(error)}"
            ) from None
        return parameters

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of the upstream tasks; of a mapped one the list of all its instances."""
        graph = self._record.graph if self._record else self.graph
        return {up: outputs[up] for up in graph.upstream(task) if "[" not in up and up in outputs}

    def source(self, task: str) -> str | None:
        return self.structure.source(task)

    def code(self, task: str) -> Any:
        return self.structure.code(task)

    def words(self, task: str) -> str | None:
        with database() as session:
            instance = self._instances(session).get(task)
            return str(instance.state) if instance is not None and instance.state else None

    def _refuse_what_is_lacking(self, parameters: dict[str, Any]) -> None:
        """Raise PipelineError for a task that cannot run here."""
        with neighbours_of(Path(self._dag.fileloc)):
            for name, task_id in self.structure.task_ids.items():
                if name in self.stood_in:
                    continue
                if why := lack(self._dag.task_dict[task_id], self._dag, parameters):
                    raise self._refusal(name, why)

    def _refusal(self, name: str, why: str) -> PipelineError:
        return PipelineError(f"DAG {self.title!r}: task {name!r} cannot run: {why}")

    # Schedule

    def begin(self, folder: Path, parameters: dict[str, Any], record: Record) -> None:
        """Register the DAG in this session's database and make a DagRun."""
        home = prepare()
        self._record, self._kept = record, KeptXComs(folder)
        give_it_a_file(self._dag, home / "dags")
        try:
            self._dag.validate()
            data = dags.serialized(self._dag)
            scheduled = dags.scheduled(data)
        except Exception as error:
            amiss = register_plugins(Path(self._dag.fileloc))
            raise PipelineError(f"DAG {self.title!r}: {one_line(error)}{amiss}") from None
        # Callbacks are no part of a serialized DAG; update_state calls those of the run.
        scheduled.on_success_callback = self._dag.on_success_callback
        scheduled.on_failure_callback = self._dag.on_failure_callback
        with database() as session:
            dags.register(data, scheduled, session)
            self._neighbours.register(session)
            coming = Coming(scheduled, self._date, self._neighbours.dags)
            for name, task_id in self.structure.task_ids.items():
                task = self._dag.task_dict[task_id]
                why = lack_in_session(task, self._dag, session, coming)
                if why and name not in self.stood_in:
                    raise self._refusal(name, why)
            date = self._date
            if date and len(record):
                date = beside(date, self.title, session)
            self._run = runs.StoredRun.create(scheduled, parameters, session, date)
            if not self._run.instances(session):
                raise PipelineError(
                    f"DAG {self.title!r}: {why_empty(self._dag, self._date or datetime.now(UTC))}"
                )
            if len(record):
                restore(self._run, self.structure, record, self._kept, session)

    def _instances(self, session: Any) -> dict[str, Any]:
        """Name → task instance, in the order of the graph."""
        return self.structure.by_name(self._run.instances(session))

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        """What Airflow's scheduler decides for the whole run; ``among`` does not narrow it."""
        with process.ENDING, database() as session:
            # An end that is not written down yet: what follows from it comes after it, by the
            # call that it brings about.
            if any(
                str(instance.state) not in UNDER_WAY
                for name, instance in self._instances(session).items()
                if states.get(name) in ("queued", "running")
            ):
                return Decision()
            ready, layers = self._run.settled(session)
            instances = self._instances(session)
            changes = [
                *self._appeared(states, instances),
                *self._branches(session, states),
                *decided(states, self._by_layer(instances, layers)),
                *self._end(session),
            ]
            names = [self.structure.name(ti.task_id, ti.map_index) for ti in ready]
            names += [  # that were answered
                name
                for name, instance in instances.items()
                if instance.state == "scheduled" and states.get(name) == "retrying"
            ]
            return Decision(tuple(names), tuple(changes))

    def _by_layer(
        self, instances: Mapping[str, Any], layers: Iterable[Iterable[tuple[str, int]]]
    ) -> dict[str, Any]:
        """The instances as Airflow has decided about them. In one layer none is decided by
        another: downstream comes before upstream, so that nobody takes the one for the cause."""
        name = self.structure.name
        layer_of = {name(*one): number for number, layer in enumerate(layers) for one in layer}

        def place(name: str) -> tuple[int, int]:
            number = layer_of.get(name, -1)
            return number, -self._depth[template_of(name)] if number >= 0 else 0

        return {name: instances[name] for name in sorted(instances, key=place)}

    def _appeared(self, states: Mapping[str, str], instances: Iterable[str]) -> Iterator[Change]:
        """Instances of mapped tasks that Airflow has made since."""
        if new := [name for name in instances if name not in states]:
            detail = self.structure.appeared(new, instances, self._record.graph.tasks)
            templates = dict.fromkeys(map(template_of, new))
            expanded = [template for template in templates if template in states]
            yield Change("graph", None, {**detail, "expands": expanded})

    def _branches(self, session: Any, states: Mapping[str, str]) -> Iterator[Change]:
        """A label on the edges that a branch has chosen, as Airflow remembers it."""
        for name, notes in self.graph.notes.items():
            if "branch" not in notes or states.get(name) != "success":
                continue
            xcoms = self._run.xcoms(session, *self.structure.address(name))
            followed = runs.followed(xcoms)
            if self._chosen.get(name) != followed:
                self._chosen[name] = followed
                yield Change("graph", None, {"labels": self._labels(name, followed)})

    def _labels(self, branch: str, followed: list[str]) -> list[list[str]]:
        ids = self.structure.task_ids
        return [
            [branch, down, "chosen" if ids[down] in followed else ""]
            for down in self.graph.downstream(branch)
        ]

    def _end(self, session: Any) -> Iterator[Change]:
        """The run's own end, with Airflow's time."""
        row = self._run.row(session)
        if self._record.state == "running" and (kind := RUN_ENDED.get(row.state)):
            yield Change(kind, None, None, epoch(row.end_date))

    def ready_at(self, states: Mapping[str, str], outputs: Mapping[str, Any]) -> tuple[str, ...]:
        """By the rule that most tasks have; Airflow decides for its present moment only."""
        return by_upstream(self._record.graph, states, states).ready

    def clear(self, tasks: Iterable[str]) -> None:
        with database() as session:
            instances = self._instances(session)
            self._run.clear(session, [instances[name] for name in tasks if name in instances])

    def conclusion(self, states: Mapping[str, str]) -> tuple[str, Any] | None:
        """An end that Airflow does not see: ``decide`` tells its own, as a change of the run."""
        left = [name for name, state in states.items() if state == "pending"]
        if not left:
            return None
        return "failed", f"Airflow starts none of what is left: {', '.join(left)}"

    # Execute

    def execute(self, ticket: Ticket) -> Outcome:
        address = self.structure.address(ticket.task)
        worker = Worker(self._dag, self._run, address, ticket, self._neighbours.run)
        self._workers[ticket.task] = worker
        try:
            worker.run()
            with database() as session:
                return self._outcome(session, ticket.task, worker)
        finally:
            del self._workers[ticket.task]
            worker.ended.set()

    def _outcome(self, session: Any, name: str, worker: Worker) -> Outcome:
        address = self.structure.address(name)
        instance = self._run.instance(session, *address)
        xcoms = self._run.xcoms(session, *address)
        self._kept.save(name, xcoms)
        delay, error = 0.0, worker.error
        if worker.state == "up_for_retry":
            instance.task = self._run.dag.get_task(instance.task_id)  # it knows the retry_delay
            delay = (instance.next_retry_datetime() - instance.end_date).total_seconds()
        elif worker.state == "up_for_reschedule":
            delay, error = self._run.seconds_to_next_look(session, instance), None
        asks = None
        if worker.state == "awaiting_input":
            asks, error = asked(asking.question(session, instance)), None
        value = runs.restored(xcoms.get("return_value"))
        kind = ENDED.get(worker.state, "failed")
        if triggered := self._neighbours.ended.pop(name, None):
            value = triggered.output
            error = triggered.error or error if kind in ("failed", "retrying") else None
        return Outcome(kind, value, error, delay, epoch(instance.end_date), asks)

    def answer(self, task: str, value: Any) -> None:
        with database() as session:
            instance = self._run.instance(session, *self.structure.address(task))
            question = asked(asking.question(session, instance))
            chosen, fields = answered(task, question, self.structure.operator(task).params, value)
            asking.answer(session, instance, chosen, fields)

    def cancel(self, ticket: Ticket) -> bool:
        """Kill the task's process; its thread ends by itself, once the database has the failure."""
        if worker := self._workers.get(ticket.task):
            worker.kill()
            worker.ended.wait(10)
        return True


def adapt(thing: Any) -> AirflowEngine:
    """The engine for a DAG; raise PipelineError for all else, as for a function under @dag, which
    has to be called first."""
    from airflow.sdk import DAG

    dag = thing.dag if isinstance(thing, OnDate) else thing
    if not isinstance(dag, DAG):
        raise PipelineError(f"a {type(dag).__name__} cannot be run; give the DAG it belongs to")
    engine = AirflowEngine(dag)
    if isinstance(thing, OnDate):
        engine.dated(thing.date)
    return engine
