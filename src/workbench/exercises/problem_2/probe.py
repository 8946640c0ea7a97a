"""Loads a DAG file and runs it once, with Airflow's own decisions and its own task runner.

The process of `observe` runs nothing of the learner's. Like Airflow's supervisor it starts one
process that loads the file and hands over the serialized DAG, then one for each attempt of a task,
and notes in a database in memory what they say; Airflow's DagRun decides from that what runs next.
Registering and deciding are the engine's; only an attempt differs, which has no API to talk to.
"""

import os
import sys
import tempfile
from importlib import import_module
from typing import Any

from workbench.engines.airflow import SPEC
from workbench.engines.airflow.internals import alone, dags, runs
from workbench.engines.registry import lost
from workbench.sandbox.apart import apart
from workbench.sandbox.channel import Channel

ATTEMPTS = 4  # of one task; no answer needs more
_AGAIN = ("up_for_retry", "up_for_reschedule")
# Not the engine's settings: here Airflow logs what a task's command prints.
_SETTINGS = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite://",
    "AIRFLOW_CONN_FS_DEFAULT": '{"conn_type": "fs"}',
    "LOGNAME": "learner",
}


def warm_up() -> None:
    """Import Airflow, without a home that outlives this call, before anything is forked.

    Raise RuntimeError when something of its inside is gone: the answers then cannot be judged, and
    nothing is held against them.
    """
    os.environ.update(_SETTINGS)
    sys.modules.update(dict.fromkeys(SPEC.left_out))
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIRFLOW_HOME"] = home
        if trouble := lost(SPEC):
            raise RuntimeError(trouble)
        dags.import_tables()
        for name in ("python", "bash", "empty"):
            import_module(f"airflow.providers.standard.operators.{name}")


def observe(source: str, given: dict, channel: Channel) -> None:
    """Tell the structure of the DAGs in the answer, then run the one that is judged."""
    os.environ.update(_SETTINGS, AIRFLOW_HOME=os.getcwd())
    path = os.path.abspath("answer.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    told = apart(_describe, path)
    if not _is_whole(told):  # words of the answer's own: as if its process had said nothing
        told = {"ended": True}
    described, serialized = told.pop("dags", []), told.pop("serialized", [])
    channel.tell(dags=described, **told)
    if described:
        channel.stage("runs")
        ids = [dag["id"] for dag in described]
        number = ids.index(given["dag"]) if given["dag"] in ids else 0
        channel.tell(run=_run(ids[number], serialized[number], path, channel))


def _is_whole(told: dict[str, Any]) -> bool:
    """Whether each DAG that is described is there in Airflow's own serialization as well."""
    try:
        ids = [dag["id"] for dag in told.get("dags", [])]
        return ids == [data["dag"]["dag_id"] for data in told.get("serialized", [])]
    except (TypeError, LookupError):
        return False


def _describe(path: str) -> dict[str, Any]:
    """In a process of its own: what the file defines."""
    bag = dags.bag_of(path)
    if bag.import_errors:
        return {"error": next(iter(bag.import_errors.values()))[-1500:]}
    serialized = [dags.serialized(dag) for dag in bag.dags.values()]
    described = [
        {
            "id": dag.dag_id,
            "catchup": dag.catchup,
            "timetable": data["dag"]["timetable"]["__type"],
            "tasks": {task.task_id: _described(task) for task in dag.tasks},
        }
        for dag, data in zip(bag.dags.values(), serialized, strict=True)
    ]
    return {"serialized": serialized, "dags": described}


def _described(task: Any) -> dict[str, Any]:
    return {
        "downstream": sorted(task.downstream_task_ids),
        "retries": task.retries,
        "delay_set": dags.has_chosen_delay(task),
    }


def _run(dag_id: str, data: dict[str, Any], path: str, channel: Channel) -> str:
    """Let Airflow run the DAG once; give the run's state."""
    xcoms: dict[str, Any] = {}
    dags.make_tables()
    with dags.opened() as session:
        scheduled = dags.scheduled(data)
        dags.register(data, scheduled, session)
        run = runs.StoredRun.create(scheduled, {}, session)
        session.commit()
        while ready := run.settle(session):
            for instance in ready:
                told = _tried(path, dag_id, run.run_id, instance, xcoms)
                xcoms |= told.get("xcoms", {})
                shown = {name: told.get(name) for name in ("state", "output", "error")}
                channel.tell(task=instance.task_id, **shown)
                _write_down(session, run, instance, told)
            session.commit()
        return str(run.row(session).state)


def _tried(path: str, dag_id: str, run_id: str, instance: Any, xcoms: dict) -> dict[str, Any]:
    """What the last attempt of a task instance says of itself."""
    address = (path, dag_id, run_id, instance.task_id, instance.map_index)
    for number in range(1, ATTEMPTS + 1):
        told = apart(_attempt, *address, number, xcoms)
        if told.get("state") not in _AGAIN:
            break
    return told


def _write_down(session: Any, run: runs.StoredRun, instance: Any, told: dict[str, Any]) -> None:
    """Note in the database how a task instance ended, and what it made Airflow skip."""
    state = told.get("state")
    for row in run.instances(session):
        if row.id == instance.id:
            row.state = state if state in ("success", "skipped") else "failed"
        elif row.task_id in told.get("skip", ()):
            row.state = "skipped"


def _attempt(
    path: str,
    dag_id: str,
    run_id: str,
    task_id: str,
    map_index: int,
    number: int,
    xcoms: dict[str, Any],
) -> dict[str, Any]:
    """In a process of its own: load the file anew, and do what a worker of Airflow does."""
    task = dags.bag_of(path).dags[dag_id].task_dict[task_id]
    supervisor = alone.LoneSupervisor(xcoms)
    with tempfile.TemporaryFile() as heard:
        sys.stdout.flush()
        for descriptor in (1, 2):
            os.dup2(heard.fileno(), descriptor)
        state, error = alone.run_alone(task, run_id, map_index, number, supervisor)
        sys.stdout.flush()
        heard.seek(0)
        output = heard.read(1 << 18).decode(errors="replace")
    return {
        "state": state,
        "output": output,
        "xcoms": supervisor.xcoms,
        "skip": supervisor.skipped,
        "error": f"{type(error).__name__}: {error}"[:500] if error else None,
    }
