"""Dagster's event log, with its files held open. Imports Dagster."""

import contextlib
import functools
import os
from collections.abc import Iterator
from typing import Any

import sqlalchemy
from dagster import DagsterInstance
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

_KEPT = 8  # files that are held open


def hold(instance: DagsterInstance) -> None:
    """Dagster opens the file of a run, compiles a statement and closes the file for each event,
    six a step: hold what it opens and compiles for those that were used last."""
    log = instance.event_log_storage
    if not isinstance(log, SqliteEventLogStorage):
        return

    @functools.lru_cache(_KEPT)
    def opened(shard: str, process: int) -> sqlalchemy.Engine:  # SQLite bears no fork
        path = log.conn_string_for_shard(shard)
        return sqlalchemy.create_engine(path, connect_args={"timeout": 30})

    @contextlib.contextmanager
    def connect(shard: str) -> Iterator[Any]:
        with log._db_lock:
            engine = opened(shard, os.getpid())
            if shard not in log._initialized_dbs:
                log._initdb(engine)
                log._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    log._connect = connect
