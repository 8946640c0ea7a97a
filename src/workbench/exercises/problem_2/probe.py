"""Loads a DAG file and runs it once, with Airflow's own scheduling decisions and its own task runner.

The process of `observe` runs nothing of the learner's. Like Airflow's supervisor it starts one process that loads the
file and hands over the serialized DAG, then one for each attempt of a task, and notes in a database in memory what
they say; Airflow's DagRun decides from that what runs next.
"""

import os
import sys
import tempfile
import uuid
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

from workbench.sandbox.apart import apart
from workbench.sandbox.channel import Channel

ATTEMPTS = 4  # of one task; no answer needs more
SETTINGS = {"AIRFLOW__CORE__LOAD_EXAMPLES": "False", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite://",
            "AIRFLOW_CONN_FS_DEFAULT": '{"conn_type": "fs"}', "LOGNAME": "learner"}  # fmt: skip
NEEDED = ("models", "dag_processing.dagbag", "sdk.execution_time.task_runner", "serialization.serialized_objects",
          "utils.db", *(f"providers.standard.operators.{name}" for name in ("python", "bash", "empty")))  # fmt: skip


def warm_up() -> None:
    """Import Airflow without a home that outlives this call."""
    os.environ.update(SETTINGS)
    sys.modules["rfc3987_syntax"] = (
        None  # a grammar nobody needs here, a third of the time to import
    )
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIRFLOW_HOME"] = home
        for name in NEEDED:
            import_module(f"airflow.{name}")
        sys.modules["airflow.models"].import_all_models()


def observe(source: str, given: dict, channel: Channel) -> None:
    """Tell the structure of the DAGs in the answer, then run the one that is judged."""
    os.environ.update(SETTINGS, AIRFLOW_HOME=os.getcwd())
    path = os.path.abspath("answer.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    found = apart(_describe, path)
    dags, serialized = found.pop("dags", []), found.pop("serialized", [])
    channel.tell(dags=dags, **found)
    if dags:
        channel.stage("runs")
        place = next((place for place, dag in enumerate(dags) if dag["id"] == given["dag"]), 0)
        channel.tell(run=_run(dags[place]["id"], serialized[place], path, channel))


def _bag(path: str):
    return sys.modules["airflow.dag_processing.dagbag"].DagBag(
        dag_folder=path, safe_mode=False, load_op_links=False
    )


def _describe(path: str) -> dict:
    from airflow.serialization.serialized_objects import LazyDeserializedDAG

    bag = _bag(path)
    if bag.import_errors:
        return {"error": next(iter(bag.import_errors.values()))[-1500:]}
    serialized = [LazyDeserializedDAG.from_dag(dag).data for dag in bag.dags.values()]
    return {"serialized": serialized, "dags": [
        {"id": dag.dag_id, "catchup": dag.catchup, "timetable": data["dag"]["timetable"]["__type"], "tasks": {
            task.task_id: {"downstream": sorted(task.downstream_task_ids), "retries": task.retries,
                           "delay_set": _delay_set(task)} for task in dag.tasks}}
        for dag, data in zip(bag.dags.values(), serialized, strict=True)]}  # fmt: skip


def _delay_set(task) -> bool:
    """Whether somebody wrote a retry_delay: for the task, for its DAG or group, or afterwards."""
    from airflow.sdk.bases.operator import DEFAULT_RETRY_DELAY

    written = getattr(task, "partial_kwargs", None) or getattr(
        task, "_BaseOperator__init_kwargs", {}
    )
    return "retry_delay" in written or task.retry_delay != DEFAULT_RETRY_DELAY


def _run(dag_id: str, data: dict, path: str, channel: Channel) -> str:
    """Let Airflow run the DAG once; give the run's state."""
    run, session = _new_run(data)
    xcoms: dict = {}
    before, now, ready = None, {}, []
    while ready or before != now:  # skips spread by one layer in a call
        before = now
        ready, _ = run.update_state(session=session)
        session.commit()
        for instance in ready:
            seen, tries = {"state": "up_for_retry"}, 0
            while seen.get("state") in ("up_for_retry", "up_for_reschedule") and tries < ATTEMPTS:
                tries += 1
                seen = apart(
                    _attempt, path, dag_id, instance.task_id, instance.map_index, tries, xcoms
                )
            instance.state = (
                seen["state"] if seen.get("state") in ("success", "skipped") else "failed"
            )
            xcoms |= seen.get("xcoms", {})
            channel.tell(
                task=instance.task_id,
                **{name: seen.get(name) for name in ("state", "output", "error")},
            )
            for each in run.get_task_instances(session=session):
                if each.id == instance.id or each.task_id in seen.get("skip", ()):
                    each.state = instance.state if each.id == instance.id else "skipped"
        session.commit()
        session.expire_all()
        now = {
            (each.task_id, each.map_index): each.state
            for each in run.get_task_instances(session=session)
        }
    return str(run.state)


def _new_run(data: dict):
    """Register the DAG in a new database and create a run, as somebody who presses the button does."""
    from airflow import settings
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.models.base import Base
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.serialization.serialized_objects import DagSerialization, LazyDeserializedDAG
    from airflow.utils import db, types

    Base.metadata.create_all(settings.engine)
    session, now = settings.Session(), datetime.now(UTC)
    db.add_default_pool_if_not_exists(session=session)
    db.synchronize_log_template(session=session)
    DagBundlesManager().sync_bundles_to_db(session=session)
    session.commit()
    lazy, dag = LazyDeserializedDAG(data=data), DagSerialization.from_dict(data)
    type(dag).bulk_write_to_db("dags-folder", None, [lazy], session=session)
    SerializedDagModel.write_dag(lazy, bundle_name="dags-folder", session=session)
    session.commit()
    run = dag.create_dagrun(
        run_id="judged", logical_date=now, data_interval=(now, now), run_after=now, conf={}, start_date=now,
        run_type=types.DagRunType.MANUAL, triggered_by=types.DagRunTriggeredByType.TEST, state="running",
        session=session)  # fmt: skip
    run.dag = dag
    return run, session


def _attempt(
    path: str, dag_id: str, task_id: str, map_index: int, number: int, xcoms: dict
) -> dict:
    """One attempt of one task: load the file anew, then let Airflow's task runner do what it does in a worker."""
    import structlog
    from airflow.sdk.api.datamodels._generated import DagRun, TIRunContext
    from airflow.sdk.execution_time import task_runner

    task, now, skip = _bag(path).dags[dag_id].task_dict[task_id], datetime.now(UTC), []
    run = DagRun(
        dag_id=dag_id, run_id="judged", logical_date=now, data_interval_start=now, data_interval_end=now, run_after=now,
        start_date=now, end_date=None, run_type="manual", state="running", consumed_asset_events=[], partition_key=None,
    )  # fmt: skip
    retries = task.retries or 0
    instance = task_runner.RuntimeTaskInstance.model_construct(
        id=uuid.uuid4(), task_id=task_id, dag_id=dag_id, run_id="judged", try_number=number, map_index=map_index,
        dag_version_id=uuid.uuid4(), task=task, max_tries=retries, start_date=now, state="running",
        _ti_context_from_server=TIRunContext(dag_run=run, max_tries=retries, should_retry=number <= retries),
    )  # fmt: skip
    task_runner.SUPERVISOR_COMMS = SimpleNamespace(send=lambda msg: _reply(msg, xcoms, skip))
    with tempfile.TemporaryFile() as heard:
        sys.stdout.flush()
        for descriptor in (1, 2):
            os.dup2(heard.fileno(), descriptor)
        state, _, error = task_runner.run(
            instance, instance.get_template_context(), structlog.get_logger("task")
        )
        sys.stdout.flush()
        heard.seek(0)
        output = heard.read(1 << 18).decode(errors="replace")
    failure = f"{type(error).__name__}: {error}"[:500] if error else None
    return {"state": state.value, "output": output, "xcoms": xcoms, "skip": skip, "error": failure}


def _reply(msg, xcoms: dict, skip: list):
    """What the task runner's supervisor answers: XComs, and nothing else that an API server has."""
    from airflow.sdk.exceptions import ErrorType
    from airflow.sdk.execution_time import comms

    kind, stored = type(msg).__name__, f"{getattr(msg, 'task_id', '')}/{getattr(msg, 'key', '')}"
    if kind == "SetXCom":
        xcoms[stored] = msg.value
    elif kind == "SkipDownstreamTasks":
        skip += [each if isinstance(each, str) else each[0] for each in msg.tasks]
    elif kind in ("GetVariable", "GetConnection"):
        return comms.ErrorResponse(error=ErrorType[f"{kind[3:].upper()}_NOT_FOUND"])
    elif kind == "ValidateInletsAndOutlets":
        return comms.InactiveAssetsResult(inactive_assets=[])
    elif kind == "GetXComSequenceSlice":
        return comms.XComSequenceSliceResult(root=[xcoms[stored]] if stored in xcoms else [])
    return comms.XComResult(key=msg.key, value=xcoms.get(stored)) if kind == "GetXCom" else None
