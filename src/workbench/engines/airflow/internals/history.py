"""A run that is over, out of the database of another Airflow."""

import contextlib
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workbench.engines.members import members_of

MEMBERS = members_of(
    "airflow.models.taskinstancehistory",
    "reading the earlier tries of a task out of another Airflow's database",
    TaskInstanceHistory="",
)


@dataclass(frozen=True)
class WholeRun:
    """How a run went: its Unix times, and Airflow's word for its end."""

    start: float
    end: float
    state: str


@dataclass(frozen=True)
class TriedInstance:
    """One try of a task instance; number 0 and no start where it came to an end without one."""

    task_id: str
    map_index: int
    number: int
    state: str
    start: float | None
    end: float | None


def history(database: Path, dag_id: str, run_id: str) -> tuple[WholeRun, list[TriedInstance]]:
    """A run that is over, with all its tries, out of the database of another Airflow.

    In SQL, for the models of this process read this session's database. The last try of a task
    stands in one table, what was retried or cleared before it in another.
    """
    columns = "task_id, map_index, try_number, state, start_date, end_date"
    which = "dag_id = ?1 AND run_id = ?2"
    tries = (
        f"SELECT {columns} FROM task_instance WHERE {which} "
        f"UNION SELECT {columns} FROM task_instance_history WHERE {which}"
    )
    whole = f"SELECT start_date, end_date, state FROM dag_run WHERE {which}"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(tries, (dag_id, run_id)).fetchall()
        start, end, state = connection.execute(whole, (dag_id, run_id)).fetchone()
    instances = [TriedInstance(*row[:4], _unix(row[4]), _unix(row[5])) for row in rows]
    return WholeRun(_unix(start), _unix(end), state), instances


def _unix(stored: str | None) -> float | None:
    """A time as Airflow writes it into SQLite: UTC, without saying so."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp() if stored else None
