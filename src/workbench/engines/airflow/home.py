"""Airflow's home: a database made once and copied for each session, and DAGs out of files."""

import contextlib
import fcntl
import linecache
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
from workbench.capture import one_line
from workbench.engines.airflow.absent import lent
from workbench.engines.airflow.internals import dags, plugins
from workbench.engines.airflow.upgrades import explain
from workbench.engines.registry import specs
from workbench.graph import PipelineError

OWN = "unusual_prefix_"  # begins the name that Airflow gives the module of a DAG file


def prepare(needed: bool = True) -> Path:
    """Give Airflow this session's own database; return the home, which has a folder ``dags``.

    One that is not ``needed`` is given where it costs nothing; making the first takes seconds.
    """
    home = workspace.start() / "airflow"
    path = home / "airflow.db"
    (home / "dags").mkdir(parents=True, exist_ok=True)
    if not path.exists() and (needed or _template().exists()):
        shutil.copyfile(empty_database(), home / "part.db")
        (home / "part.db").replace(path)
    dags.use(path if path.exists() else home / "none.db", home / "dags")
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.addFilter(_not_of_another_engine)
    # Read again by each task's process, whose log is kept; in this one Airflow stays quiet.
    os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "INFO"
    return home


def _not_of_another_engine(record: logging.LogRecord) -> bool:
    """Airflow puts a handler at the root of all loggers. There it would print, with times, what
    other engines log, and each of them shows that in its own way."""
    others = [spec for spec in specs().values() if "airflow" not in spec.modules]
    return not any(spec.owns(record.name) for spec in others)


def empty_database() -> Path:
    """The database with Airflow's tables and nothing in them.

    Made once; of two processes at once one makes it, both use it. Raise PipelineError when Airflow
    cannot make it.
    """
    path = _template()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name("airflow.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _migrate(path)
    return path


def _template() -> Path:
    return workspace.templates() / f"airflow-{version('apache-airflow')}.db"


def _migrate(path: Path) -> None:
    """Let Airflow make its database beside ``path``, and move it there when it is whole."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="airflow-") as scratch:
        environment = {**os.environ, "AIRFLOW_HOME": scratch}
        environment.pop("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", None)
        made = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
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


@contextlib.contextmanager
def database() -> Iterator[Any]:
    """A session of Airflow's database; what SQLite complains about is raised as PipelineError."""
    from sqlalchemy.exc import OperationalError

    try:
        with dags.opened() as session:
            yield session
    except OperationalError as error:
        raise PipelineError(
            f"Airflow's database {workspace.start() / 'airflow/airflow.db'}: {error.orig}; "
            "close the other program that uses it, then try again"
        ) from None


@contextlib.contextmanager
def neighbours_of(path: Path) -> Iterator[None]:
    """Let a DAG file import what lies beside it, as Airflow does for its folder of DAGs.

    That folder is the file's own, or the one called ``dags`` around it; beside that are often
    ``include`` and ``plugins``. Modules of them are forgotten at the end: another project's may
    have the same names. The file's own, which Airflow has named by its path, stays: a trigger that
    it defines is looked for there.
    """
    above = next((folder for folder in path.parents if folder.name == "dags"), None)
    around = [above, above.parent] if above else []
    folders = [str(folder) for folder in dict.fromkeys([path.parent, *around, *_plugins_of(path)])]
    before, kept = set(sys.modules), list(sys.path)
    sys.path.extend(folders)
    try:
        yield
    finally:
        sys.path[:] = kept
        for name in set(sys.modules) - before:
            if name.startswith(OWN):
                continue
            file = getattr(sys.modules[name], "__file__", None) or ""
            if any(file.startswith(f"{folder}/") for folder in folders):
                del sys.modules[name]


def _plugins_of(path: Path) -> list[Path]:
    """The folders ``plugins`` beside a DAG file and beside the folder ``dags`` around it."""
    roots = [path.parent, *(folder.parent for folder in path.parents if folder.name == "dags")]
    return [root / "plugins" for root in roots if (root / "plugins").is_dir()]


def register_plugins(path: Path) -> str:
    """Let Airflow know the plugins that belong to a DAG file; give what is wrong with them, if
    anything is, for a DAG that would need it. Airflow, too, goes on without."""
    broken = [plugins.register(folder).items() for folder in _plugins_of(path)]
    return "".join(f"; {file}: {why}" for errors in broken for file, why in errors)


def load(path: str | Path) -> dict[str, Any]:
    """The DAGs of a Python file by id; raise PipelineError when it has none or cannot load."""
    path = workspace.located(path).absolute()
    if not path.is_file():
        raise PipelineError(f"{path}: no such file; give a Python file that defines an Airflow DAG")
    prepare(needed=False)
    bag = _bag_of(path)
    if any("no such table" in error for error in bag.import_errors.values()):
        prepare()  # the file asks Airflow for something while it is read
        bag = _bag_of(path)
    if bag.import_errors:
        raise PipelineError(explain(next(iter(bag.import_errors.values())), path))
    if not bag.dags and "AirflowPlugin" in path.read_text(encoding="utf-8", errors="replace"):
        raise PipelineError(f"{path.name}: a plugin of Airflow's, which DAGs use, and no DAG in it")
    if not bag.dags:
        raise PipelineError(
            f"{path.name}: no DAG in it; operators belong to one by `with DAG(…):` or dag=…, "
            "and a function under @dag has to be called"
        )
    return bag.dags


def _bag_of(path: Path) -> dags.Bag:
    logging.disable(logging.CRITICAL)  # one line of `load` says it
    try:
        with warnings.catch_warnings(action="ignore"), neighbours_of(path), lent(path):
            register_plugins(path)
            return dags.bag_of(path)
    except BaseException as error:  # of its author's: one that Airflow itself stumbles over
        raise PipelineError(f"{path.name}: {one_line(error)}") from None
    finally:
        logging.disable(logging.NOTSET)


def give_it_a_file(dag: Any, folder: Path) -> None:
    """Airflow keeps the code of a DAG, and reads it from a file; one in a cell has none."""
    if not Path(dag.fileloc).is_file():
        cell = "".join(linecache.getlines(dag.fileloc))
        path = folder / f"{dag.dag_id}.txt"
        path.write_text(cell or f"# DAG {dag.dag_id}, typed in a cell\n", encoding="utf-8")
        dag.fileloc = str(path)
