"""Dagster's instance: its database and storage, in a folder of the session."""

import functools
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import DagsterInstance

_KEPT = 8  # files that are held open


@functools.cache
def instance_in(home: str) -> DagsterInstance:
    """The instance of a folder, which `DAGSTER_HOME` names; one for all runs of this process."""
    Path(home).mkdir(parents=True, exist_ok=True)
    Path(home, "dagster.yaml").touch()  # without it, Dagster remarks that there is none
    # It tries to clean up a loop beside a notebook's, which cannot be, and leaves the attempt.
    warnings.filterwarnings("ignore", "coroutine 'BaseEventLoop.shutdown_asyncgens'")

    kept: dict[str, sqlite3.Connection] = {}

    @sqlalchemy.event.listens_for(sqlalchemy.Engine, "connect")
    def write_soon(connection: Any, _: Any) -> None:
        """Dagster opens a file, commits and closes it for each event, six a step. Not waiting for
        the disk saves 15 ms each, against losing the log when the power fails, and a record is kept
        besides; a file that somebody holds open is opened and closed faster."""
        if isinstance(connection, sqlite3.Connection):
            (_, _, file), *_ = connection.execute("PRAGMA database_list")
            if file.startswith(home):
                connection.execute("PRAGMA synchronous=OFF")
                kept[file] = kept.pop(file, None) or _opened(file)
                if len(kept) > _KEPT:
                    kept.pop(next(iter(kept))).close()

    return DagsterInstance.get()


def _opened(file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, check_same_thread=False)
    connection.execute("PRAGMA schema_version").fetchone()
    return connection
