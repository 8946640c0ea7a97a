"""One try of a task without database, API or supervisor, for an answer that is judged.

Airflow's own API takes seconds of CPU to start and does not survive a fork, and the judged process
is a fork that may open nothing. Its task runner is the same that `process` runs.
"""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from workbench.engines.members import members_of

# What is asked → the type of the reply, and what a server says in it that knows this run alone.
_EMPTY = {
    "GetAssetEventByAsset": ("AssetEventsResult", {"asset_events": []}),
    "GetAssetEventByAssetAlias": ("AssetEventsResult", {"asset_events": []}),
    "GetAssetsByAlias": ("AssetsByAliasResult", {"assets": []}),
    "GetDRCount": ("DRCount", {"count": 0}),
    "GetDagRunState": ("DagRunStateResult", {"state": "running"}),
    "GetPrevSuccessfulDagRun": ("PrevSuccessfulDagRunResult", {}),
    "GetPreviousDagRun": ("PreviousDagRunResult", {}),
    "GetPreviousTI": ("PreviousTIResult", {}),
    "GetTICount": ("TICount", {"count": 0}),
    "GetTaskBreadcrumbs": ("TaskBreadcrumbsResult", {"breadcrumbs": []}),
    "GetTaskRescheduleStartDate": ("TaskRescheduleStartDate", {"start_date": None}),
    "GetTaskStates": ("TaskStatesResult", {"task_states": {}}),
    "GetVariableKeys": ("VariableKeysResult", {"keys": [], "total_entries": 0}),
    "ValidateInletsAndOutlets": ("InactiveAssetsResult", {"inactive_assets": []}),
}
_MISSING = {  # what is asked → the error that tells that there is none
    "GetAssetByName": "ASSET_NOT_FOUND",
    "GetAssetByUri": "ASSET_NOT_FOUND",
    "GetAssetStateStoreByName": "ASSET_STORE_NOT_FOUND",
    "GetAssetStateStoreByUri": "ASSET_STORE_NOT_FOUND",
    "GetConnection": "CONNECTION_NOT_FOUND",
    "GetTaskStateStore": "TASK_STORE_NOT_FOUND",
    "GetVariable": "VARIABLE_NOT_FOUND",
}
_JUDGED = "running a task of an answer that is judged; without it problem 2 cannot be judged"
MEMBERS = (
    *members_of(
        "airflow.sdk.execution_time.task_runner", _JUDGED, SUPERVISOR_COMMS="", run="ti context log"
    ),
    *members_of("airflow.sdk.api.datamodels._generated", _JUDGED, DagRun="", TIRunContext=""),
    *members_of(
        "airflow.sdk.execution_time.comms",
        _JUDGED,
        ErrorResponse="",
        **dict.fromkeys([*_EMPTY, *_MISSING, *(reply for reply, _ in _EMPTY.values())], ""),
        VariableResult="",
        XComCountResponse="",
        XComResult="",
        XComSequenceIndexResult="",
        XComSequenceSliceResult="",
    ),
    *members_of(
        "airflow.sdk.definitions._internal.expandinput",
        "trying a mapped task in another process",
        EXPAND_INPUT_EMPTY="",
    ),
    *members_of("airflow.sdk.exceptions", _JUDGED, ErrorType=""),
)


@dataclass
class LoneSupervisor:
    """Answers a task out of its own memory, of this run alone: nothing else of an API server.

    ``xcoms`` is "task/key" or, of a mapped one, "task[0]/key" → stored value; ``pushed`` collects
    by their keys those of the task, ``skipped`` the tasks a branch leaves out; ``variables`` are
    by their keys what tasks before this one have set, and what it sets; ``states`` is
    (task, map index) → how that instance of the run ``run`` has ended, or is.
    """

    xcoms: dict[str, Any]
    variables: dict[str, Any] = field(default_factory=dict)
    states: dict[tuple[str, int], str | None] = field(default_factory=dict)
    run: Any = None
    pushed: dict[str, Any] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def send(self, msg: Any) -> Any:
        """What a supervisor replies; the task runner knows the other end by this method only."""
        from airflow.sdk.exceptions import ErrorType
        from airflow.sdk.execution_time import comms

        kind = type(msg).__name__
        if kind == "GetXCom":
            plain, index = f"{msg.task_id}/{msg.key}", msg.map_index
            value = self.xcoms.get(f"{msg.task_id}[{index}]/{msg.key}", self.xcoms.get(plain))
            return comms.XComResult(key=msg.key, value=value)
        if kind == "GetXComCount":
            return comms.XComCountResponse(len=len(self._of(msg)))
        if kind == "GetXComSequenceItem":
            return comms.XComSequenceIndexResult(root=self._of(msg)[msg.offset])
        if kind == "GetXComSequenceSlice":
            chosen = self._of(msg)[slice(msg.start, msg.stop, msg.step)]
            return comms.XComSequenceSliceResult(root=chosen)
        if kind == "GetVariable" and msg.key in self.variables:
            return comms.VariableResult(key=msg.key, value=self.variables[msg.key])
        if kind in _MISSING:
            return comms.ErrorResponse(error=ErrorType[_MISSING[kind]])
        if kind in _EMPTY:
            reply, content = _EMPTY[kind]
            return getattr(comms, reply)(**content | self._known(kind, msg))
        if kind == "SetXCom":
            self.pushed[msg.key] = msg.value
        elif kind == "PutVariable":
            self.variables[msg.key] = msg.value
        elif kind == "DeleteVariable":
            self.variables.pop(msg.key, None)
        elif kind == "SkipDownstreamTasks":
            self.skipped += [task if isinstance(task, str) else task[0] for task in msg.tasks]
        return None

    def _known(self, kind: str, msg: Any) -> dict[str, Any]:
        """What is known of the run's task instances that are asked for, in a server's words."""
        if kind not in ("GetTICount", "GetTaskStates") or not self._is_meant(msg):
            return {}
        asked = {
            (task, index): state
            for (task, index), state in self.states.items()
            if task in (msg.task_ids or [task])
            and msg.map_index in (None, index)
            and task.startswith(f"{msg.task_group_id}." if msg.task_group_id else "")
            and (state or "null") in (getattr(msg, "states", None) or [state or "null"])
        }
        if kind == "GetTICount":
            return {"count": len(asked)}
        told = {task if at < 0 else f"{task}_{at}": state for (task, at), state in asked.items()}
        return {"task_states": {self.run.run_id: told} if told else {}}

    def _is_meant(self, msg: Any) -> bool:
        """Whether somebody who asks by DAG, runs or dates asks about this run, too."""
        run = self.run
        asked = ((run.run_id, msg.run_ids), (run.logical_date, msg.logical_dates))
        return msg.dag_id == run.dag_id and all(own in (any_ or [own]) for own, any_ in asked)

    def _of(self, msg: Any) -> list[Any]:
        """All values of a task, in the order of its instances."""
        own = [name for name in self.xcoms if name.partition("[")[0] == msg.task_id]
        own = [name for name in own if name.endswith(f"]/{msg.key}")]
        own.sort(key=lambda name: int(name.partition("[")[2].partition("]")[0]))
        plain = f"{msg.task_id}/{msg.key}"
        return [self.xcoms[name] for name in own or [plain] if name in self.xcoms]


def unpickled(pickled: bytes) -> Any:
    """A DAG in another process, where what a task needs is imported once for all that are forked
    from it. A mapped task knows by identity that it expands nothing else."""
    import cloudpickle
    import structlog  # noqa: F401
    from airflow.sdk.api.datamodels import _generated  # noqa: F401
    from airflow.sdk.definitions._internal.expandinput import EXPAND_INPUT_EMPTY
    from airflow.sdk.execution_time import comms, task_runner  # noqa: F401

    dag = cloudpickle.loads(pickled)
    for task in dag.tasks:
        if getattr(task, "expand_input", None) == EXPAND_INPUT_EMPTY:
            task.expand_input = EXPAND_INPUT_EMPTY
    return dag


def run_alone(
    task: Any,
    run_id: str,
    map_index: int,
    number: int,
    supervisor: LoneSupervisor,
    moment: datetime | None = None,
    interval: tuple[datetime | None, datetime | None] = (None, None),
):
    """Run try ``number`` of a task in this process; give Airflow's word for its end, and the error.

    interval: of the run's data, its begin and its end; where there are none, that of the moment.
    ``task_runner.run`` is what Airflow's worker calls, without the connection that ``main`` makes.
    """
    import structlog
    from airflow.sdk.execution_time import task_runner

    retries, moment = task.retries or 0, moment or datetime.now(UTC)
    times = (moment, *(time or moment for time in interval))
    told = _told_of_run(task.dag_id, run_id, times, retries, number)
    instance = task_runner.RuntimeTaskInstance.model_construct(
        id=uuid.uuid4(),
        task_id=task.task_id,
        dag_id=task.dag_id,
        run_id=run_id,
        try_number=number,
        map_index=map_index,
        dag_version_id=uuid.uuid4(),
        task=task,
        max_tries=retries,
        start_date=moment,
        state="running",
        _ti_context_from_server=told,
    )
    supervisor.run = told.dag_run
    task_runner.SUPERVISOR_COMMS = supervisor  # where the SDK looks for its supervisor
    context = instance.get_template_context()
    state, _, error = task_runner.run(instance, context, structlog.get_logger("task"))
    return state.value, error


def _told_of_run(
    dag_id: str, run_id: str, times: tuple[datetime, ...], retries: int, number: int
) -> Any:
    """What the API would have told the task of its run; times: it, and its data's two ends."""
    from airflow.sdk.api.datamodels._generated import DagRun, TIRunContext

    moment, begin, end = times
    run = DagRun(
        dag_id=dag_id,
        run_id=run_id,
        logical_date=moment,
        data_interval_start=begin,
        data_interval_end=end,
        run_after=moment,
        start_date=moment,
        end_date=None,
        run_type="manual",
        state="running",
        conf={},
        consumed_asset_events=[],
        partition_key=None,
    )
    return TIRunContext(dag_run=run, max_tries=retries, should_retry=number <= retries)
