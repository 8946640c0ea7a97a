"""Airflow's home: a database made once and copied for each session, and DAGs out of files."""

import contextlib
import fcntl
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from workbench import workspace
from workbench.engines.airflow.upgrades import explain
from workbench.graph import PipelineError

BUNDLE = "dags-folder"  # Airflow's own name for the folder its DAGs come from


def prepare() -> Path:
    """Give Airflow this session's own database, wherever it would have gone by itself; return the home."""
    home = workspace.start() / "airflow"
    database = home / "airflow.db"
    if not database.exists():
        template = empty_database()
        (home / "dags").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template, home / "part.db")
        (home / "part.db").replace(database)
    from airflow import settings
    from airflow.configuration import conf

    for (
        handler
    ) in logging.getLogger().handlers:  # Airflow's own would show what Prefect logs, with times
        handler.addFilter(_not_prefects) if type(handler) is logging.StreamHandler else None
    address = f"sqlite:///{database}"
    if (
        address != settings.SQL_ALCHEMY_CONN
    ):  # imported before start(), or start() was called in another folder since
        settings.dispose_orm()
        conf.set("database", "sql_alchemy_conn", address)
        conf.set("core", "dags_folder", str(home / "dags"))
        settings.configure_vars()
        settings.configure_orm()
    os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = (
        "INFO"  # read again by each task's process; here it stays quiet
    )
    return home


def _not_prefects(record: logging.LogRecord) -> bool:
    return not record.name.startswith("prefect")


def empty_database() -> Path:
    """The database with Airflow's tables and nothing in them; of two processes at once one makes it, both use it."""
    folder = workspace.templates()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"airflow-{version('apache-airflow')}.db"
    with open(folder / "airflow.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            with tempfile.TemporaryDirectory(dir=folder, prefix="airflow-") as scratch:
                environment = {**os.environ, "AIRFLOW_HOME": scratch}
                environment.pop("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", None)
                command = [sys.executable, "-m", "airflow", "db", "migrate"]
                made = subprocess.run(
                    command,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=300,
                    check=False,
                )
                if made.returncode:
                    last = (made.stderr or made.stdout).strip().rpartition("\n")[2]
                    raise PipelineError(
                        f"{path}: Airflow could not make its database: {last}; see `workbench doctor`"
                    )
                Path(scratch, "airflow.db").replace(path)
    return path


@contextlib.contextmanager
def database() -> Iterator[Any]:
    """A session of Airflow's database; what SQLite complains about comes back as one line."""
    from airflow.utils.session import create_session
    from sqlalchemy.exc import OperationalError

    try:
        with create_session() as session:
            yield session
    except OperationalError as error:
        raise PipelineError(
            f"Airflow's database {workspace.start() / 'airflow/airflow.db'}: {error.orig}; "
            "close the other program that uses it, then try again"
        ) from None


def load(path: str | Path) -> dict[str, Any]:
    """The DAGs of a Python file by their names; raise PipelineError with the cause when it has none or cannot load."""
    path = Path(path).absolute()
    if not path.is_file():
        raise PipelineError(f"{path}: no such file; give a Python file that defines an Airflow DAG")
    prepare()
    from airflow.dag_processing.dagbag import DagBag

    logging.disable(logging.CRITICAL)  # the one line below says it
    try:
        with warnings.catch_warnings(action="ignore"):
            bag = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False)
    finally:
        logging.disable(logging.NOTSET)
    if bag.import_errors:
        raise PipelineError(explain(next(iter(bag.import_errors.values())), path))
    if not bag.dags:
        raise PipelineError(
            f"{path.name}: no DAG in it; operators belong to one by `with DAG(…):` or dag=…, "
            "and a function under @dag has to be called"
        )
    return dict(bag.dags)
