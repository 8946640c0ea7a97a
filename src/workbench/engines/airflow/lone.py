"""A task by itself, in a process that has no database, with the XComs and the date of a run."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import cloudpickle

from workbench.engines.airflow.home import OWN, database, neighbours_of
from workbench.engines.airflow.internals import alone, runs


class Lone:
    """The part of the engine that `workbench.trial.whole` asks for."""

    def alone(self, task: str, inputs: Mapping[str, Any]) -> Callable[[], Callable[[], Any]]:
        address, pickled = self.structure.address(task), _taken_along(self._dag)
        with database() as session:
            return partial(prepared, pickled, address, *recorded(self._run, session))


def _taken_along(dag: Any) -> bytes:
    """A pickled DAG with what its file defines: no other process finds the module of that file."""
    own = [module for name, module in sys.modules.items() if name.startswith(OWN)]
    for module in own:
        cloudpickle.register_pickle_by_value(module)
    try:
        return cloudpickle.dumps(dag)
    finally:
        for module in own:
            cloudpickle.unregister_pickle_by_value(module)


def recorded(run: runs.StoredRun, session: Any) -> tuple[str, dict[str, Any], datetime]:
    """What a run is to a task that is tried alone: its id, XComs and date."""
    xcoms: dict[str, Any] = {}
    for instance in run.instances(session):
        index = f"[{instance.map_index}]" if instance.map_index >= 0 else ""
        for key, value in run.xcoms(session, instance.task_id, instance.map_index).items():
            xcoms[f"{instance.task_id}{index}/{key}"] = value
    row = run.row(session)
    return row.run_id, xcoms, row.logical_date or row.run_after


def prepared(
    pickled: bytes, address: tuple[str, int], run_id: str, xcoms: dict[str, Any], moment: datetime
) -> Callable[[], None]:
    """A task of a pickled DAG as a call that runs it alone, and raises what it raises."""
    dag = alone.unpickled(pickled)
    task_id, map_index = address

    def call() -> None:
        supervisor = alone.LoneSupervisor(dict(xcoms))
        task = dag.task_dict[task_id]
        with neighbours_of(Path(dag.fileloc)):
            state, error = alone.run_alone(task, run_id, map_index, 1, supervisor, moment)
        if state not in ("success", "skipped"):
            raise error or RuntimeError(f"Airflow's state is {state}")

    return call
