"""Runs in Airflow's metadata database: what Airflow decides in them, and what their tasks hand on.

Tasks of Airflow 3 may not open this database, and it has no documented interface. This is a
scheduler's place, not a task's: what the columns mean is what the scheduler itself goes by.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workbench.engines.members import members_of
from workbench.graph import PipelineError

_FOLLOWED = "skipmixin_key"  # the XCom in which a branch writes what it has chosen

_RUNS = "creating a run and asking Airflow what may start; without it nothing is decided"
_ROWS = "reading what a task left behind, and putting it back after a fork or a resume"
MEMBERS = (
    *members_of(
        "airflow.serialization.definitions.dag:SerializedDAG",
        _RUNS,
        create_dagrun="run_id logical_date data_interval run_after conf run_type triggered_by"
        " state start_date session",
    ),
    *members_of("airflow.utils.types", _RUNS, DagRunTriggeredByType="", DagRunType=""),
    *members_of(
        "airflow.models.dagrun:DagRun",
        _RUNS,
        generate_run_id="run_type logical_date run_after",
        update_state="session execute_callbacks",
    ),
    *members_of(
        "airflow.models.taskinstance",
        _ROWS,
        TaskInstance="task dag_version_id run_id map_index",
        clear_task_instances="tis session dag_run_state",
    ),
    *members_of(
        "airflow.models.xcom:XComModel",
        _ROWS,
        set="key value dag_id task_id run_id map_index serialize session",
    ),
    *members_of("airflow.models.taskmap", _ROWS, TaskMap="length keys"),
    *members_of("airflow.models.taskreschedule", _ROWS, TaskReschedule=""),
    *members_of(
        "airflow.models.trigger:Trigger",
        _ROWS,
        submit_event="trigger_id event session",
        submit_failure="trigger_id exc session",
    ),
    *members_of("airflow.models.trigger", _ROWS, TRIGGER_FAIL_REPR="", TriggerFailureReason=""),
    *members_of("airflow.sdk.serde", _ROWS, deserialize="", serialize=""),
)


class StoredRun:
    """One run of a DAG as it stands in the database; every method works in the caller's session.

    A task instance is addressed by task id and map index, -1 where the task is not mapped.
    """

    def __init__(self, dag: Any, run_id: str) -> None:
        self.dag, self.run_id = dag, run_id
        # The scheduler's view of a DAG has no callbacks; whoever wants them called puts them there.
        self._calls = hasattr(dag, "on_success_callback")
        self._key = {"dag_id": dag.dag_id, "run_id": run_id}

    @classmethod
    def create(
        cls, dag: Any, conf: dict[str, Any], session: Any, date: datetime | None = None
    ) -> "StoredRun":
        """A new run, under way, as if somebody had pressed the button, of ``date`` or now; raise
        PipelineError where the DAG has a run of that date, since a second one is not allowed."""
        from airflow.models.dagrun import DagRun
        from airflow.sdk import timezone
        from airflow.utils.types import DagRunTriggeredByType, DagRunType

        now, kind = timezone.utcnow(), DagRunType.MANUAL
        moment = date or now
        if session.query(DagRun).filter_by(dag_id=dag.dag_id, logical_date=moment).first():
            raise PipelineError(
                f"DAG {dag.dag_id!r} has a run of {moment:%Y-%m-%d %H:%M} already; go on with that "
                "run and retry its tasks, or take another date"
            )
        run_id = DagRun.generate_run_id(run_type=kind, logical_date=moment, run_after=moment)
        dag.create_dagrun(
            run_id=run_id,
            run_type=kind,
            triggered_by=DagRunTriggeredByType.TEST,
            logical_date=moment,
            run_after=moment,
            start_date=now,
            data_interval=dag.timetable.infer_manual_data_interval(run_after=moment),
            conf=conf,
            state="running",
            session=session,
        )
        return cls(dag, run_id)

    def row(self, session: Any) -> Any:
        """The DagRun; its ``dag`` is what ``update_state`` decides by."""
        from airflow.models.dagrun import DagRun

        run = session.query(DagRun).filter_by(**self._key).one()
        run.dag = self.dag
        return run

    def settle(self, session: Any) -> list[Any]:
        """Let Airflow draw every conclusion from what is finished; give the task instances that
        may start now."""
        return self.settled(session)[0]

    def settled(self, session: Any) -> tuple[list[Any], list[set[tuple[str, int]]]]:
        """The same, and the addresses of what was decided, layer by layer. Skips and failures
        spread by one with each call of ``update_state``, which goes by what was there before it.
        """
        run, ready, before = self.row(session), [], None
        after, layers = self._states(session), []
        while before != after and not ready and str(run.state) == "running":
            before = after
            session.expire_all()
            ready, _ = run.update_state(session=session, execute_callbacks=self._calls)
            session.commit()
            after = self._states(session)
            layers.append({(task_id, index) for task_id, index, _ in after - before})
        return ready, layers

    def _states(self, session: Any) -> set[tuple[str, int, str | None]]:
        from airflow.models.taskinstance import TaskInstance as Row

        rows = session.query(Row.task_id, Row.map_index, Row.state).filter_by(**self._key)
        return {tuple(row) for row in rows}

    def instances(self, session: Any) -> list[Any]:
        from airflow.models.taskinstance import TaskInstance

        return session.query(TaskInstance).filter_by(**self._key).all()

    def instance(self, session: Any, task_id: str, map_index: int) -> Any:
        from airflow.models.taskinstance import TaskInstance

        return session.query(TaskInstance).filter_by(**self._columns(task_id, map_index)).one()

    def _columns(self, task_id: str, map_index: int) -> dict[str, Any]:
        return {**self._key, "task_id": task_id, "map_index": map_index}

    def add_instance(self, session: Any, task_id: str, map_index: int) -> Any:
        """A task instance more: Airflow has made those of a mapped task in another database."""
        from airflow.models.taskinstance import TaskInstance

        version = self.instances(session)[0].dag_version_id
        task = self.dag.get_task(task_id)
        made = TaskInstance(task, version, run_id=self.run_id, map_index=map_index)
        return session.merge(made)

    def clear(self, session: Any, instances: list[Any]) -> None:
        """Forget that they have run, and let a finished run go on at once."""
        from airflow.models.taskinstance import clear_task_instances

        clear_task_instances(instances, session, dag_run_state="running")

    def seconds_to_next_look(self, session: Any, instance: Any) -> float:
        """How long a sensor that is rescheduled waits."""
        from airflow.models.taskreschedule import TaskReschedule

        rows = session.query(TaskReschedule).filter_by(ti_id=instance.id)
        last = rows.order_by(TaskReschedule.id.desc()).first()
        return (last.reschedule_date - last.end_date).total_seconds()

    # What tasks hand on

    def xcoms(self, session: Any, task_id: str, map_index: int) -> dict[str, Any]:
        """Key → value as Airflow stores it."""
        from airflow.models.xcom import XComModel

        rows = session.query(XComModel).filter_by(**self._columns(task_id, map_index))
        return {row.key: row.value for row in rows}

    def put_xcoms(
        self, session: Any, task_id: str, map_index: int, xcoms: Mapping[str, Any]
    ) -> None:
        """Write stored values back, and how many instances a task that maps over one gets."""
        from airflow.models.taskmap import TaskMap
        from airflow.models.xcom import XComModel

        columns = self._columns(task_id, map_index)
        for key, value in xcoms.items():
            XComModel.set(key, value, serialize=False, session=session, **columns)
        value = xcoms.get("return_value")
        if map_index < 0 and isinstance(value, (list, dict)):
            keys = list(value) if isinstance(value, dict) else None
            session.merge(TaskMap(**columns, length=len(value), keys=keys))


def followed(xcoms: Mapping[str, Any]) -> list[str]:
    """The task ids that a branch has chosen, out of its XComs; none where it is no branch."""
    return xcoms.get(_FOLLOWED, {}).get("followed", [])


def stored(value: Any) -> Any:
    """A value as Airflow stores it in an XCom."""
    from airflow.sdk.serde import serialize

    return serialize(value)


def restored(value: Any) -> Any:
    """A stored XCom as the downstream task sees it; as it is stored where Airflow does not allow
    its type back."""
    from airflow.sdk.serde import deserialize

    try:
        return deserialize(value)
    except Exception:
        return value


# Triggers


def trigger_of(session: Any, instance: Any) -> tuple[int, str, dict[str, Any]]:
    """Of the trigger that a deferred task waits for: number, dotted class path, arguments."""
    from airflow.models.trigger import Trigger

    row = session.get(Trigger, instance.trigger_id)
    return row.id, row.classpath, row.kwargs


def fire(session: Any, number: int, event: Any) -> None:
    """Let the task that waits for this trigger go on."""
    from airflow.models.trigger import Trigger

    Trigger.submit_event(number, event, session=session)


def misfire(session: Any, number: int, trace: list[str]) -> None:
    """Let the task that waits for this trigger fail by the trigger's fault."""
    from airflow.models.trigger import Trigger

    Trigger.submit_failure(number, trace, session=session)


def time_out(instance: Any) -> None:
    """Let a deferred task fail because it has waited too long, as the scheduler does."""
    from airflow.models.trigger import TRIGGER_FAIL_REPR, TriggerFailureReason

    instance.next_method = TRIGGER_FAIL_REPR
    instance.next_kwargs = {"error": TriggerFailureReason.TRIGGER_TIMEOUT}
    instance.trigger_id, instance.state = None, "scheduled"
