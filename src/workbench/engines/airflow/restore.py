"""A run that goes on in another database: after a fork, or in a new kernel."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.engines.airflow.internals import runs
from workbench.engines.airflow.structure import Structure
from workbench.graph import template_of
from workbench.record import Record

# State in the record → Airflow's, where the words differ
_STATES = {"retrying": "up_for_retry", "pending": None}


class KeptXComs:
    """What the tasks of a run have pushed, as Airflow stores it: a file each, beside the record."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "run" / "xcom"

    def save(self, name: str, xcoms: dict[str, Any]) -> None:
        if xcoms:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path(name).write_text(json.dumps(xcoms), encoding="utf-8")

    def load(self, name: str) -> dict[str, Any]:
        path = self._path(name)
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def _path(self, name: str) -> Path:
        return self._folder / f"{quote(name, safe='[]')}.json"


def restore(
    run: runs.StoredRun, structure: Structure, record: Record, kept: KeptXComs, session: Any
) -> None:
    """Put what the record says into a DagRun that is new."""
    instances = structure.by_name(run.instances(session))
    for name, state in record.states().items():
        task_id, map_index = structure.address(name)
        if name not in instances:
            # A mapped task has one row until it is expanded, which is then its first instance's.
            instances[name] = instances.pop(template_of(name), None) or run.add_instance(
                session, task_id, map_index
            )
        instance = instances[name]
        instance.map_index = map_index
        instance.state = _STATES.get(state, state)
        instance.try_number = len(record.attempts(name))
        retries = structure.operator(name).retries
        instance.max_tries = _attempts_before_clearing(record, name) + retries
        session.flush()
        if state == "success":
            run.put_xcoms(session, task_id, map_index, _xcoms(record, kept, name))


def _attempts_before_clearing(record: Record, name: str) -> int:
    """How many attempts do not count against the retries any more.

    One that a crash has interrupted counts: Airflow raises the try number when it queues a task.
    """
    return len(record.attempts(name)) - len(record.since_cleared(name))


def _xcoms(record: Record, kept: KeptXComs, name: str) -> dict[str, Any]:
    """What the task has pushed; its return value is the record's where a fork has replaced it."""
    xcoms, output = kept.load(name), record.last(name, "output")
    if output and output.attempt is None:
        as_stored = runs.stored(record.outputs[name])
        xcoms["return_value"] = json.loads(json.dumps(as_stored))  # tuples become lists there
    return xcoms
