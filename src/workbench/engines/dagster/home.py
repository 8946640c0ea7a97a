"""Dagster's instance: its database and storage, in a folder of the session."""

import functools
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import DagsterInstance


@functools.cache
def instance_in(home: str) -> DagsterInstance:
    """The instance of a folder, which `DAGSTER_HOME` names; one for all runs of this process."""
    Path(home).mkdir(parents=True, exist_ok=True)
    Path(home, "dagster.yaml").touch()  # without it, Dagster remarks that there is none

    @sqlalchemy.event.listens_for(sqlalchemy.Engine, "connect")
    def write_soon(connection: Any, _: Any) -> None:
        """Dagster commits after each event, six a step. Waiting for the disk every time is 15 ms
        each, against losing the log when the power fails; a record is kept besides."""
        if isinstance(connection, sqlite3.Connection):
            (_, _, file), *_ = connection.execute("PRAGMA database_list")
            if file.startswith(home):
                connection.execute("PRAGMA synchronous=OFF")

    return DagsterInstance.get()
