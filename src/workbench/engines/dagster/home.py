"""Dagster's instance: its database and storage, in a folder of the session."""

import functools
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import DagsterInstance

from workbench.engines.dagster.internals.log import hold


@functools.cache
def instance_in(home: str) -> DagsterInstance:
    """The instance of a folder, which `DAGSTER_HOME` names; one for all runs of this process."""
    Path(home).mkdir(parents=True, exist_ok=True)
    Path(home, "dagster.yaml").touch()  # without it, Dagster remarks that there is none
    # It tries to clean up a loop beside a notebook's, which cannot be, and leaves the attempt.
    warnings.filterwarnings("ignore", "coroutine 'BaseEventLoop.shutdown_asyncgens'")

    @sqlalchemy.event.listens_for(sqlalchemy.Engine, "connect")
    def write_soon(connection: Any, _: Any) -> None:
        """Not waiting for the disk saves 15 ms an event, against losing the log when the power
        fails, and a record is kept besides."""
        if isinstance(connection, sqlite3.Connection):
            (_, _, file), *_ = connection.execute("PRAGMA database_list")
            if file.startswith(home):
                connection.execute("PRAGMA synchronous=OFF")

    instance = DagsterInstance.get()
    hold(instance)
    return instance
