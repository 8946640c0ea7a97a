"""Airflow DAGs: Airflow's own scheduling decisions on an embedded database, each task in a worker process of its own.

What Airflow splits between scheduler and worker is split here too: ``decide`` asks Airflow's DagRun what follows from
the metadata database, ``execute`` lets Airflow's supervisor fork a task runner and watch it. Nothing but the
database says how a task ended, and when.
"""

import copy
import inspect
import json
import linecache
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.capture import one_line
from workbench.engines.airflow.home import BUNDLE, database, load, prepare
from workbench.engines.airflow.worker import Worker
from workbench.engines.protocol import Change, Decision, Outcome, Scheduled, Ticket
from workbench.graph import Edge, Graph, PipelineError

__all__ = ["AirflowEngine", "adapt", "load"]

# Airflow's state → the kind of event by which a task gets there without an attempt of its own; with one.
_DECIDED = {
    "skipped": "skipped",
    "removed": "skipped",
    "upstream_failed": "upstream_failed",
    "failed": "failed",
}
_ENDED = {
    "success": "succeeded",
    "skipped": "skipped",
    "up_for_retry": "retrying",
    "up_for_reschedule": "retrying",
}
_UNDER_WAY = ("None", "scheduled", "queued", "running", "deferred")
_RESTORED = {"retrying": "up_for_retry", "pending": None}


class AirflowEngine(Scheduled):
    """Runs one DAG in Airflow's own terms: a DagRun, its task instances, their XComs."""

    name = "airflow"
    reports_times = True

    def __init__(self, dag: Any) -> None:
        if not dag.task_dict:
            raise PipelineError(
                f"DAG {dag.dag_id!r} has no tasks yet; make operators under `with DAG(…):`"
            )
        self.title, self._dag, self._record = dag.dag_id, dag, None
        self._names = {task_id: _name(task) for task_id, task in dag.task_dict.items()}
        self._task_ids = {name: task_id for task_id, name in self._names.items()}
        self.graph = self._graph()
        self._branched: dict[str, list[str]] = {}
        self._workers: dict[str, Worker] = {}

    def _graph(self) -> Graph:
        place = {task_id: number for number, task_id in enumerate(self._names)}
        edges = {
            (self._names[up], self._names[down]): self._dag.get_edge_info(up, down).get("label")
            for up, task in self._dag.task_dict.items()
            for down in sorted(task.downstream_task_ids, key=place.__getitem__)
        }
        notes = {
            self._names[task_id]: _notes(task) for task_id, task in self._dag.task_dict.items()
        }
        labels = {edge: label for edge, label in edges.items() if label}
        return Graph.of(self._task_ids, edges, labels=labels, notes=notes)

    def bind(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Run parameters are the run's conf; those the DAG declares as params have to satisfy their schema."""
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

    # The run in Airflow's database

    def begin(self, folder: Path, parameters: dict[str, Any], record) -> None:
        home = prepare()
        self._folder, self._record = folder, record
        self._scheduled = self._register(home)
        from airflow.models.dagrun import DagRun
        from airflow.sdk import timezone
        from airflow.utils.types import DagRunTriggeredByType, DagRunType

        now = timezone.utcnow()
        self._run_id = DagRun.generate_run_id(
            run_type=DagRunType.MANUAL, logical_date=now, run_after=now
        )
        interval = self._scheduled.timetable.infer_manual_data_interval(run_after=now)
        dates = {
            "logical_date": now,
            "run_after": now,
            "start_date": now,
            "data_interval": interval,
        }
        kinds = {
            "run_type": DagRunType.MANUAL,
            "triggered_by": DagRunTriggeredByType.TEST,
            "state": "running",
        }
        with database() as session:
            self._scheduled.create_dagrun(
                run_id=self._run_id, conf=parameters, session=session, **dates, **kinds
            )
        if len(record):
            self._restore()

    def _register(self, home: Path) -> Any:
        """Write the DAG where Airflow's scheduler and API look for it; return the scheduler's view of it."""
        from airflow.dag_processing.bundles.manager import DagBundlesManager
        from airflow.models.serialized_dag import SerializedDagModel
        from airflow.serialization.serialized_objects import DagSerialization, LazyDeserializedDAG

        if not Path(
            self._dag.fileloc
        ).is_file():  # typed in a cell: Airflow keeps a DAG's code, and wants it in a file
            code = (
                "".join(linecache.getlines(self._dag.fileloc))
                or f"# DAG {self.title}, typed in a cell\n"
            )
            self._dag.fileloc = str(home / "dags" / f"{self.title}.txt")
            Path(self._dag.fileloc).write_text(code, encoding="utf-8")
        try:
            self._dag.validate()
            serialized = LazyDeserializedDAG.from_dag(self._dag)
            scheduled = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(self._dag))
        except Exception as error:
            raise PipelineError(f"DAG {self.title!r}: {one_line(error)}") from None
        scheduled.on_success_callback = self._dag.on_success_callback
        scheduled.on_failure_callback = self._dag.on_failure_callback
        with database() as session:
            DagBundlesManager().sync_bundles_to_db(session=session)
            session.commit()
            type(scheduled).bulk_write_to_db(BUNDLE, None, [serialized], session=session)
            SerializedDagModel.write_dag(serialized, bundle_name=BUNDLE, session=session)
        return scheduled

    def _dag_run(self, session: Any) -> Any:
        from airflow.models.dagrun import DagRun

        run = session.query(DagRun).filter_by(dag_id=self.title, run_id=self._run_id).one()
        run.dag = self._scheduled
        return run

    def _instances(self, session: Any) -> dict[str, Any]:
        """Name → task instance, in the order of the graph."""
        found = self._dag_run(session).get_task_instances(session=session)
        found.sort(key=lambda ti: (self.graph.position[self._names[ti.task_id]], ti.map_index))
        return {self._instance_name(ti): ti for ti in found}

    def _instance_name(self, instance: Any) -> str:
        return self._names[instance.task_id] + (
            f"[{instance.map_index}]" if instance.map_index >= 0 else ""
        )

    def _place(self, name: str) -> dict[str, Any]:
        """The columns by which Airflow's tables know a task instance."""
        template, _, number = name.partition("[")
        here = {"dag_id": self.title, "task_id": self._task_ids[template], "run_id": self._run_id}
        return {**here, "map_index": int(number.rstrip("]") or -1)}

    def _instance(self, session: Any, name: str) -> Any:
        from airflow.models.taskinstance import TaskInstance

        return session.query(TaskInstance).filter_by(**self._place(name)).one()

    def _xcoms(self, session: Any, name: str) -> dict[str, Any]:
        """Key → value as Airflow stores it, of one task instance."""
        from airflow.models.xcom import XComModel

        return {
            row.key: row.value for row in session.query(XComModel).filter_by(**self._place(name))
        }

    # What Airflow decides

    def decide(self, states: Mapping[str, str], among: Iterable[str]) -> Decision:
        with database() as session:
            run, before, ready, instances = (
                self._dag_run(session),
                None,
                [],
                self._instances(session),
            )
            now = {name: str(ti.state) for name, ti in instances.items()}
            if any(
                now[name] not in _UNDER_WAY
                for name in now
                if states.get(name) in ("queued", "running")
            ):
                return (
                    Decision()
                )  # an attempt has ended that is not written down yet; there will be another call
            while before != now and not ready and str(run.state) == "running":
                before = now  # skips and upstream_failed spread by one layer in a call
                session.expire_all()
                ready, _ = run.update_state(session=session)
                session.commit()
                instances = self._instances(session)
                now = {name: str(ti.state) for name, ti in instances.items()}
            changes = [*self._appeared(states, instances), *self._branches(session, states)]
            for name, ti in instances.items():
                if now[name] in _DECIDED and states.get(name, "pending") == "pending":
                    detail = "mapped over fewer values now" if now[name] == "removed" else None
                    changes.append(Change(_DECIDED[now[name]], name, detail, _epoch(ti.end_date)))
            if self._record.state == "running" and (
                kind := {"success": "succeeded", "failed": "failed"}.get(run.state)
            ):
                changes.append(Change(kind, None, None, _epoch(run.end_date)))
            return Decision(tuple(map(self._instance_name, ready)), tuple(changes))

    def _appeared(self, states: Mapping[str, str], instances: Iterable[str]) -> Iterable[Change]:
        """A `graph` event for the instances of mapped tasks that Airflow has made since."""
        if new := [name for name in instances if name not in states]:
            known = {*self._record.graph.tasks, *new}
            edges = dict.fromkeys(edge for name in new for edge in self._edges_of(name, instances))
            templates = dict.fromkeys(name.partition("[")[0] for name in new)
            detail = {
                "tasks": new,
                "edges": [list(edge) for edge in edges if known.issuperset(edge)],
                "notes": {name: self.graph.notes[name.partition("[")[0]] for name in new},
                "expands": [template for template in templates if template in states],
            }
            yield Change("graph", None, detail)

    def _edges_of(self, name: str, instances: Iterable[str]) -> Iterable[Edge]:
        """Edges of an instance: to the same number inside a mapped group, to all instances elsewhere."""
        template, _, number = name.partition("[")
        for other in (*self.graph.upstream(template), *self.graph.downstream(template)):
            several = [each for each in instances if each.startswith(f"{other}[")]
            if (group := self._mapped_group(template)) and self._mapped_group(other) is group:
                several = [f"{other}[{number}"]
            for each in several or [other]:
                yield (each, name) if other in self.graph.upstream(template) else (name, each)

    def _mapped_group(self, name: str) -> Any:
        return next(self._dag.task_dict[self._task_ids[name]].iter_mapped_task_groups(), None)

    def _branches(self, session: Any, states: Mapping[str, str]) -> Iterable[Change]:
        """A label on the edge that a branch has chosen, as Airflow remembers it."""
        for name, note in self.graph.notes.items():
            if "branch" in note and states.get(name) == "success":
                followed = self._xcoms(session, name).get("skipmixin_key", {}).get("followed", [])
                if self._branched.get(name) != followed:
                    self._branched[name] = followed
                    below = self.graph.downstream(name)
                    chosen = {
                        down: "chosen" if self._task_ids[down] in followed else "" for down in below
                    }
                    yield Change(
                        "graph",
                        None,
                        {"labels": [[name, down, label] for down, label in chosen.items()]},
                    )

    def conclusion(self, states: Mapping[str, str]) -> None:
        """``decide`` says it, with Airflow's own time."""

    def ready_at(self, states: Mapping[str, str]) -> tuple[str, ...]:
        graph = self._record.graph
        above = {
            task: {states[up] for up in graph.upstream(task) if up in states} for task in states
        }
        return tuple(
            task
            for task in states
            if states[task] == "pending" and above[task] <= {"success", "cached"}
        )

    # One task instance

    def execute(self, ticket: Ticket) -> Outcome:
        worker = Worker(self._dag, ticket, lambda session: self._instance(session, ticket.task))
        self._workers[ticket.task] = worker
        try:
            with database() as session:
                instance = self._instance(session, ticket.task)
                if (
                    instance.state != "up_for_reschedule"
                ):  # another look of a sensor is the same try to Airflow
                    instance.try_number += 1
            worker.run()
            with database() as session:
                return self._outcome(session, ticket.task, worker)
        finally:
            del self._workers[ticket.task]
            worker.ended.set()

    def _outcome(self, session: Any, name: str, worker: Worker) -> Outcome:
        instance, xcoms = self._instance(session, name), self._xcoms(session, name)
        instance.task = self._scheduled.get_task(instance.task_id)
        if (
            xcoms
        ):  # kept beside the record for a fork, and for a resume in another session's database
            self._kept(name).parent.mkdir(parents=True, exist_ok=True)
            self._kept(name).write_text(json.dumps(xcoms), encoding="utf-8")
        kind, delay, error = _ENDED.get(worker.state, "failed"), 0.0, worker.error
        if worker.state == "up_for_retry":
            delay = (instance.next_retry_datetime() - instance.end_date).total_seconds()
        elif worker.state == "up_for_reschedule":
            delay, error = self._until_next_look(session, name), None
        elif worker.state == "awaiting_input":
            instance.state, error = (
                "failed",
                "waits for a person's answer, which only Airflow's web page takes",
            )
        return Outcome(
            kind, _value(xcoms.get("return_value")), error, delay, _epoch(instance.end_date)
        )

    def _until_next_look(self, session: Any, name: str) -> float:
        from airflow.models.taskreschedule import TaskReschedule

        rows = session.query(TaskReschedule).filter_by(ti_id=self._instance(session, name).id)
        last = rows.order_by(TaskReschedule.id.desc()).first()
        return (last.reschedule_date - last.end_date).total_seconds()

    def cancel(self, ticket: Ticket) -> bool:
        """Kill the task's process; its thread then ends by itself, once Airflow's database has the failure."""
        if worker := self._workers.get(ticket.task):
            worker.kill()
            worker.ended.wait(10)
        return True

    def clear(self, tasks: Iterable[str]) -> None:
        from airflow.models.taskinstance import clear_task_instances

        with database() as session:
            instances = self._instances(session)
            found = [instances[name] for name in tasks if name in instances]
            clear_task_instances(found, session, dag_run_state="running")

    # What there is to see

    def inputs(self, task: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of the upstream tasks; a mapped one counts once, as the list of its instances' values."""
        graph = self._record.graph if self._record else self.graph
        return {up: outputs[up] for up in graph.upstream(task) if "[" not in up and up in outputs}

    def source(self, task: str) -> str | None:
        """The callable's code, or the shell command."""
        operator = self._dag.task_dict[self._task_ids[task.partition("[")[0]]]
        given = {**vars(operator), **getattr(operator, "partial_kwargs", {})}
        try:
            return inspect.getsource(given["python_callable"])
        except (KeyError, OSError, TypeError):
            return given["bash_command"] if isinstance(given.get("bash_command"), str) else None

    def words(self, task: str) -> str | None:
        with database() as session:
            instance = self._instances(session).get(task)
            return instance and instance.state and str(instance.state)

    # A run that goes on in another database

    def _kept(self, name: str) -> Path:
        return self._folder / "run" / "xcom" / f"{quote(name, safe='[]')}.json"

    def _restore(self) -> None:
        """After a fork or in a new kernel: put what the record says into the new DagRun."""
        from airflow.models.taskinstance import TaskInstance

        with database() as session:
            instances = self._instances(session)
            for name, state in self._record.states().items():
                place = self._place(name)
                if name not in instances:  # of a mapped task: its template's row becomes instance 0
                    task, version = (
                        self._scheduled.get_task(place["task_id"]),
                        next(iter(instances.values())),
                    )
                    made = TaskInstance(
                        task,
                        version.dag_version_id,
                        run_id=self._run_id,
                        map_index=place["map_index"],
                    )
                    instances[name] = instances.pop(name.partition("[")[0], None) or session.merge(
                        made
                    )
                    instances[name].map_index = place["map_index"]
                instance, tries = instances[name], self._record.attempts(name)
                # An attempt that a crash has interrupted counts: Airflow raises the try number
                # when it queues a task. What was before a clear does not.
                before = len(tries) - len(self._record.since_cleared(name))
                instance.state, instance.try_number = _RESTORED.get(state, state), len(tries)
                instance.max_tries = before + self._dag.task_dict[instance.task_id].retries
                session.flush()
                if state == "success":
                    self._restore_xcoms(session, name, place)

    def _restore_xcoms(self, session: Any, name: str, place: dict[str, Any]) -> None:
        from airflow.models.taskmap import TaskMap
        from airflow.models.xcom import XComModel
        from airflow.sdk.serde import serialize

        kept = (
            json.loads(self._kept(name).read_text(encoding="utf-8"))
            if self._kept(name).exists()
            else {}
        )
        output = self._record.last(name, "output")
        if output and output.attempt is None:  # replaced by a fork
            kept["return_value"] = json.loads(json.dumps(serialize(self._record.outputs[name])))
        for key, value in kept.items():
            XComModel.set(key, value, serialize=False, session=session, **place)
        value = kept.get("return_value")
        if place["map_index"] < 0 and isinstance(value, (list, dict)):
            session.merge(
                TaskMap(
                    **place, length=len(value), keys=[*value] if isinstance(value, dict) else None
                )
            )


def _name(task: Any) -> str:
    """`group/task`, whatever the group does to Airflow's own task id."""
    parts, group = [task.label], task.task_group
    while group is not None and not group.is_root:
        parts, group = [group.label, *parts], group.parent_group
    return "/".join(parts)


def _notes(task: Any) -> dict[str, str]:
    """What a reader of the picture wants to know about a task."""
    kind = task.operator_class if task.is_mapped else type(task)
    rule = str(getattr(task.trigger_rule, "value", task.trigger_rule))
    notes = {"operator": kind.__name__.removeprefix("_")}
    notes |= {"trigger rule": rule} if rule != "all_success" else {}
    notes |= {"retries": str(task.retries)} if task.retries else {}
    notes |= (
        {"branch": "chooses what follows"}
        if any("Branch" in base.__name__ for base in kind.__mro__)
        else {}
    )
    mapped = task.is_mapped or next(task.iter_mapped_task_groups(), None)
    return {**notes, "mapped": "one instance for each value"} if mapped else notes


def _epoch(moment: Any) -> float | None:
    return moment and moment.timestamp()


def _value(stored: Any) -> Any:
    """A stored XCom as the downstream task sees it; as it is stored where Airflow does not allow its type back."""
    from airflow.sdk.serde import deserialize

    try:
        return deserialize(stored)
    except Exception:
        return stored


def adapt(thing: Any) -> AirflowEngine:
    """The engine for a DAG; a TaskFlow function under @dag has to be called first."""
    from airflow.sdk import DAG

    if not isinstance(thing, DAG):
        raise PipelineError(f"a {type(thing).__name__} cannot be run; give the DAG it belongs to")
    return AirflowEngine(thing)
