"""Airflow's metadata database, and DAGs as they get into it: loaded, serialized, registered."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from workbench.engines.members import members_of

BETWEEN_READINGS = timedelta(seconds=30)  # of a file, by Airflow's DAG processor, at least
BUNDLE = "dags-folder"  # Airflow's own name for the folder its DAGs come from

_REGISTERING = "registering a DAG that is typed in a cell; without it no run starts"
MEMBERS = (
    *members_of(
        "airflow.settings",
        "moving to a session's database when Airflow was imported before",
        SQL_ALCHEMY_CONN="",
        configure_orm="",
        configure_vars="",
        dispose_orm="",
        engine="",
    ),
    *members_of(
        "airflow.logging_config",
        "keeping Airflow quiet when it was imported before a session's settings were there",
        configure_logging="",
    ),
    *members_of("airflow.utils.session", "opening the database", create_session=""),
    *members_of(
        "airflow.utils.db",
        "the rows that every run refers to, in a database in memory",
        add_default_pool_if_not_exists="session",
        synchronize_log_template="session",
    ),
    *members_of("airflow.models.base", "the tables of a database in memory", Base=""),
    *members_of("airflow.models", "the tables of a database in memory", import_all_models=""),
    *members_of(
        "airflow.dag_processing.dagbag",
        "loading a DAG file as Airflow does, its errors included",
        DagBag="dag_folder collect_dags load_op_links",
    ),
    *members_of(
        "airflow.dag_processing.dagbag:DagBag",
        "loading a DAG file as Airflow does, its errors included",
        process_file="filepath safe_mode",
    ),
    *members_of(
        "airflow.sdk.definitions.dag:DAG",
        "seeing which DAG of a file was made first; without it two of one id take turns",
        __attrs_post_init__="",
    ),
    *members_of("airflow.dag_processing.bundles.manager", _REGISTERING, DagBundlesManager=""),
    *members_of(
        "airflow.serialization.serialized_objects",
        _REGISTERING,
        DagSerialization="",
        LazyDeserializedDAG="data",
    ),
    *members_of(
        "airflow.models.serialized_dag:SerializedDagModel",
        _REGISTERING,
        write_dag="dag bundle_name session",
    ),
    *members_of(
        "airflow.serialization.definitions.dag:SerializedDAG",
        _REGISTERING,
        bulk_write_to_db="bundle_name bundle_version dags session",
    ),
    *members_of(
        "airflow.models.asset",
        "refusing a task that takes an event that is not there; without it the task fails",
        AssetEvent="",
        AssetModel="",
    ),
    *members_of(
        "airflow.models.dag",
        "refusing a sensor that waits for a DAG that is not here; without it the sensor waits",
        DagModel="",
    ),
    *members_of(
        "airflow.serialization.definitions.dag:SerializedDAG",
        "seeing whether a run is due before a DAG ends, which is graded",
        _time_restriction="",
    ),
)


def use(database: Path, dags: Path) -> None:
    """Point this process's Airflow to a database and a folder of DAGs, wherever it points now.

    It does so by itself when it is imported after `workspace.start`. Otherwise a kernel would go
    on with the database of an earlier session, or of the learner's own Airflow.
    """
    from airflow import settings
    from airflow.configuration import conf

    _log_as_set()
    address = f"sqlite:///{database}"
    if address != settings.SQL_ALCHEMY_CONN:
        settings.dispose_orm()
        conf.set("database", "sql_alchemy_conn", address)
        conf.set("core", "dags_folder", str(dags))
        settings.configure_vars()
        settings.configure_orm()


@cache
def _log_as_set() -> None:
    """Airflow reads its log levels when it is imported, which may have been before the session;
    and those of single loggers only for such as are structlog's."""
    from airflow.configuration import conf
    from airflow.logging_config import configure_logging

    configure_logging()
    for pair in conf.get("logging", "namespace_levels", fallback="").split():
        name, _, level = pair.partition("=")
        logging.getLogger(name).setLevel(level)


def opened() -> AbstractContextManager[Any]:
    """A session that is committed at the end of the block, or rolled back when it raises."""
    from airflow.utils.session import create_session

    return create_session()


def import_tables() -> None:
    """Import every model; ``make_tables`` makes the tables of those that have been imported."""
    from airflow import models

    models.import_all_models()


def make_tables() -> None:
    """Make what `airflow db migrate` makes, in a database in memory that no command can reach."""
    from airflow import settings
    from airflow.models.base import Base
    from airflow.utils import db

    Base.metadata.create_all(settings.engine)
    with opened() as session:
        db.add_default_pool_if_not_exists(session=session)
        db.synchronize_log_template(session=session)


# DAGs


@dataclass(frozen=True)
class Bag:
    """What Airflow found in a file: its DAGs, in the order they were made in, and its errors."""

    in_order: list[Any]
    import_errors: Mapping[str, str]

    @property
    def dags(self) -> dict[str, Any]:
        """By id; of several that have the same one, the last."""
        return {dag.dag_id: dag for dag in self.in_order}


def bag_of(path: str | Path) -> Bag:
    """The DAGs of a Python file, as Airflow finds them, which has them in no order: of those with
    the same id it would keep any."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(path), collect_dags=False, load_op_links=False)
    with _noting_dags() as made:
        bagged = {id(dag): dag for dag in bag.process_file(str(path), safe_mode=False)}
    order = {id(dag): number for number, dag in enumerate(made)}
    ids = sorted(bagged, key=lambda one: order.get(one, len(order)))
    return Bag([bagged[one] for one in ids], bag.import_errors)


@contextmanager
def _noting_dags() -> Iterator[list[Any]]:
    """All DAGs that are made meanwhile, in order."""
    from airflow.sdk import DAG

    finish, made = DAG.__attrs_post_init__, []

    def noted(dag: Any) -> None:
        made.append(dag)
        finish(dag)

    DAG.__attrs_post_init__ = noted
    try:
        yield made
    finally:
        if DAG.__attrs_post_init__ is noted:  # what a file has put there itself stays to be seen
            DAG.__attrs_post_init__ = finish


def serialized(dag: Any) -> dict[str, Any]:
    """A DAG as plain JSON, the form in which Airflow's scheduler gets to see it."""
    from airflow.serialization.serialized_objects import LazyDeserializedDAG

    data = LazyDeserializedDAG.from_dag(dag).data
    # Nobody here watches over deadlines, and a run looks for their rows, which have other ids.
    data["dag"].pop("deadline", None)
    return data


def scheduled(data: dict[str, Any]) -> Any:
    """The scheduler's view of a serialized DAG: none of its author's code is in it."""
    from airflow.serialization.serialized_objects import DagSerialization

    return DagSerialization.from_dict(data)


def comes_due(dag: Any, moving: bool = False) -> bool:
    """Whether a run of this scheduler's view ever begins by itself: at a time that lies ahead, or
    when an asset is updated. moving: whether it starts the later, the later its file is read."""
    timetable, soon = dag.timetable, datetime.now(UTC) + BETWEEN_READINGS
    if list(timetable.asset_condition.iter_dag_dependencies(source="", target="")):
        return True
    start = dag._time_restriction.earliest or soon
    due = _first_due(dag, start)
    if due is None or not moving or due <= soon:
        return due is not None
    # What Airflow makes of the file shortly before that time has come.
    again = _first_due(dag, start + (due - soon))
    return again is not None and again <= due


def _first_due(dag: Any, start: datetime) -> datetime | None:
    """Before the DAG's end, or its tasks', while that lies ahead."""
    from airflow.timetables.base import TimeRestriction

    end = dag._time_restriction.latest
    end = end if end and end > datetime.now(UTC) else None
    following = dag.timetable.next_dagrun_info(
        last_automated_data_interval=None, restriction=TimeRestriction(start, end, False)
    )
    return following and following.run_after


def register(data: dict[str, Any], dag: Any, session: Any) -> None:
    """Write a serialized DAG, and ``dag``, the scheduler's view of it, where scheduler and API
    look for DAGs; Airflow's DAG processor does that for files only."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.serialization.serialized_objects import LazyDeserializedDAG

    DagBundlesManager().sync_bundles_to_db(session=session)
    session.commit()
    lazy = LazyDeserializedDAG(data=data)
    type(dag).bulk_write_to_db(BUNDLE, None, [lazy], session=session)
    SerializedDagModel.write_dag(lazy, bundle_name=BUNDLE, session=session)
    session.commit()


def has_event(asset: Mapping[str, str], session: Any) -> bool:
    """Whether an asset, known by its name or uri, has been updated in this database."""
    from airflow.models.asset import AssetEvent, AssetModel

    same = [getattr(AssetModel, key) == value for key, value in asset.items()]
    joined = session.query(AssetEvent).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
    return joined.filter(*same).first() is not None


def knows(dag_id: str, session: Any) -> bool:
    """Whether this database has a DAG."""
    from airflow.models.dag import DagModel

    return session.get(DagModel, dag_id) is not None


def moment(value: datetime) -> Any:
    """A time of the kind that templates get, which can be asked for tomorrow()."""
    from airflow.sdk import timezone

    return timezone.coerce_datetime(value)
