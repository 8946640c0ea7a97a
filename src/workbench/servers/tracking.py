"""MLflow: a tracking server and a registry over SQLite, and a run of ours as one of MLflow's.

from workbench.servers.tracking import tracking
tracking()                        # MLflow's own API points to the server from now on
"""

import atexit
import functools
import logging
import os
import secrets
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenacity import retry, retry_if_exception_type, stop_after_attempt

from workbench import workspace
from workbench.graph import PipelineError
from workbench.record import Record
from workbench.servers import guard
from workbench.servers.child import Child, PortTaken, free_port

# What keeps MLflow quiet, and at home.
SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    # Eight processes that judge answers of language models, and half of the time to start.
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "GIT_PYTHON_REFRESH": "quiet",
}
RECORD, FOLDER = "workbench.record", "workbench.folder"  # tags of an MLflow run


@dataclass(frozen=True)
class Tracking:
    """A tracking server that answers whoever knows its secret; ``ui`` is for a browser."""

    child: Child
    secret: str = field(repr=False)

    @property
    def ui(self) -> str:
        return f"{self.child.address}/?secret={self.secret}"

    @property
    def environment(self) -> dict[str, str]:
        """The configuration that MLflow's own API reads."""
        return {"MLFLOW_TRACKING_URI": self.child.address, "MLFLOW_TRACKING_TOKEN": self.secret}

    def close(self) -> None:
        self.child.close()


def _settle() -> None:
    logging.getLogger("mlflow").setLevel(logging.ERROR)  # where it has been imported already
    os.environ.update({name: os.environ.get(name, value) for name, value in SETTINGS.items()})


@retry(retry=retry_if_exception_type(PortTaken), stop=stop_after_attempt(5), reraise=True)
def served(home: Path) -> Tracking:
    """A new server with its database and artifacts in ``home``, which is nobody else's to read.

    Raise PipelineError when it cannot be started.
    """
    _settle()
    port, secret = free_port(), secrets.token_urlsafe(24)
    artifacts = (home / "artifacts").absolute()
    command = [sys.executable, "-m", guard.__name__, str(port)]
    command += [f"sqlite:///{(home / 'mlflow.db').absolute()}", artifacts.as_uri()]
    address, log = f"http://127.0.0.1:{port}", home / "server.log"
    child = Child("MLflow's server", command, address, log, {guard.VARIABLE: secret})
    child.wait_until_healthy("/health")
    return Tracking(child, secret)


def book() -> Path:
    """This session's book, without a server: a database that MLflow's API writes to from now on;
    ``mlflow ui --backend-store-uri sqlite:///PATH`` shows it."""
    _settle()
    path = workspace.start() / "mlflow" / "mlflow.db"
    path.parent.mkdir(exist_ok=True)
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{path.absolute()}"
    return path


def tracking() -> Tracking:
    """This session's server, to which MLflow's own API points from now on; started again when it
    has died."""
    running = _of_this_process()
    if not running.child.runs:
        _of_this_process.cache_clear()
        running = _of_this_process()
    os.environ.update(running.environment)
    return running


@functools.cache
def _of_this_process() -> Tracking:
    running = served(workspace.start() / "mlflow")
    atexit.register(running.close)
    return running


def point_at(record: Record, run_id: str, folder: Path) -> None:
    """Let an MLflow run and a run of ours name each other: the one has tags, and the record among
    its artifacts; the folder of the other has a file with the id."""
    from mlflow import MlflowClient

    client = MlflowClient()
    client.set_tag(run_id, RECORD, record.name)
    client.set_tag(run_id, FOLDER, str(folder))
    client.log_artifact(run_id, str(folder / "record.jsonl"), "workbench")
    (folder / "mlflow-run").write_text(run_id, encoding="utf-8")


def run_id_of(folder: Path) -> str:
    """The id of the MLflow run that belongs to a run's folder; raise PipelineError for none."""
    path = folder / "mlflow-run"
    if not path.exists():
        raise PipelineError(f"{folder}: no MLflow run belongs to it; point_at says which does")
    return path.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Gate:
    """What a model has to reach before it may become champion, by the names of its metrics."""

    thresholds: Mapping[str, float]

    def missed(self, metrics: Mapping[str, float]) -> tuple[str, ...]:
        """Why it may not, in words; nothing where it may."""
        return tuple(self._misses(metrics))

    def _misses(self, metrics: Mapping[str, float]) -> Iterable[str]:
        for name, least in self.thresholds.items():
            if name not in metrics:
                yield f"{name} was not measured"
            elif not metrics[name] >= least:
                yield f"{name} {metrics[name]:.3f} is below {least}"


def promote(client: Any, name: str, version: str, gate: Gate) -> str:
    """Make a registered version champion; the former one gets the alias `previous`.

    Raise PipelineError where the gate stands against it.
    """
    candidate = client.get_model_version(name, version)
    metrics = client.get_run(candidate.run_id).data.metrics
    if missed := gate.missed(metrics):
        raise PipelineError(f"{name} version {version} is not promoted: {'; '.join(missed)}")
    aliases = client.get_registered_model(name).aliases
    if former := aliases.get("champion"):
        client.set_registered_model_alias(name, "previous", former)
    client.set_registered_model_alias(name, "champion", version)
    return version


def roll_back(client: Any, name: str) -> str:
    """Give `champion` back to the version that had it before; raise PipelineError for none."""
    former = client.get_registered_model(name).aliases.get("previous")
    if former is None:
        raise PipelineError(f"{name} has had no champion before this one; there is no way back")
    client.set_registered_model_alias(name, "champion", former)
    client.delete_registered_model_alias(name, "previous")
    return former
