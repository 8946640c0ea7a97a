"""The real thing: `airflow standalone` on this machine's loopback, commanded by its REST API.

Only who knows the password that was made up for it gets a token: loopback is everybody's.
"""

import contextlib
import json
import operator
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil
from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_delay, wait_fixed

from workbench import workspace
from workbench.engines.airflow.home import empty_database, load
from workbench.engines.airflow.internals.history import TriedInstance, history
from workbench.engines.airflow.structure import Structure
from workbench.graph import PipelineError
from workbench.record import Record

# `airflow standalone` starts its parts as `airflow`, which is found by PATH. Two of them would
# serve logs on every interface of the machine, which no setting narrows.
_PART = """#!/bin/sh
case "$1" in scheduler | triggerer) set -- "$@" --skip-serve-logs ;; esac
exec "$WORKBENCH_PYTHON" -m airflow "$@"
"""
_ENDED = ("success", "failed")
_KINDS = {"success": "succeeded", "up_for_retry": "retrying"}  # other states are kinds as well


class Standalone:
    """Scheduler, DAG processor, triggerer and web server, for as long as the `with` block lasts.

    ``files`` are DAG files, and modules that they import; anything that takes longer than
    ``patience`` seconds is a PipelineError.
    """

    def __init__(self, files: Iterable[str | Path], patience: float = 300.0) -> None:
        self._home, self._patience = workspace.new_folder("standalone", "airflow"), patience
        self._home.chmod(0o700)  # in it are the password and the key that tokens are signed with
        self.user, self.password = "workbench", secrets.token_urlsafe(24)
        self._passwords.write_text(json.dumps({self.user: self.password}))
        self._process: subprocess.Popen | None = None
        self._trouble = "no answer"
        for folder in (self._home / "dags", self._part.parent):
            folder.mkdir()
        self._part.write_text(_PART)
        self._part.chmod(0o700)
        for file in files:
            shutil.copy(file, self._home / "dags")
        shutil.copyfile(empty_database(), self._home / "airflow.db")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"

    @property
    def _passwords(self) -> Path:
        return self._home / "passwords.json"

    @property
    def _part(self) -> Path:
        return self._home / "bin" / "airflow"

    def _environment(self) -> dict[str, str]:
        settings = {
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__PARALLELISM": "2",
            "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
            "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{self.user}:admin",
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self._passwords),
            "CORE__DAGS_FOLDER": f"{self._home}/dags",
            "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "CORE__DAGBAG_IMPORT_TIMEOUT": "120",
            "CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self._home}/airflow.db",
            "API__HOST": "127.0.0.1",
            "API__PORT": str(self._port),
            "API__BASE_URL": self.address,
            "API__WORKERS": "1",
            "LOGGING__LOGGING_LEVEL": "INFO",
        }
        path = f"{self._part.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {**os.environ, "AIRFLOW_HOME": str(self._home), "PATH": path}
        environment["WORKBENCH_PYTHON"] = sys.executable
        return environment | {f"AIRFLOW__{name}": value for name, value in settings.items()}

    def __enter__(self) -> "Standalone":
        with open(self._home / "standalone.log", "w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "airflow", "standalone"],
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self._home,
                env=self._environment(),
            )
        try:
            self._until(lambda: self.health().get("scheduler") == "healthy", "the scheduler")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        for end in (psutil.Process.terminate, psutil.Process.kill, psutil.Process.kill):
            running = self.processes()
            for process in running:
                with contextlib.suppress(psutil.NoSuchProcess):
                    end(process)
            psutil.wait_procs(running, timeout=20)

    def processes(self) -> list[psutil.Process]:
        """All it has started that still runs.

        Found by their folder: several lead a group of their own and outlive their parent.
        """
        running = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                inside = Path(process.cwd()).is_relative_to(self._home)
                if inside and process.pid != os.getpid():
                    running.append(process)
        return running

    def health(self) -> dict[str, str]:
        """Part → what it says of itself."""
        parts = self._ask("/api/v2/monitor/health")
        return {part: report["status"] for part, report in parts.items()}

    def run(self, dag_id: str, **conf: Any) -> Record:
        """Trigger the DAG, wait for the run's end, and give its record.

        Raise PipelineError when Airflow does not know the DAG, or is not done, in time.
        """
        self._until(lambda: self._ask(f"/api/v2/dags/{dag_id}"), f"DAG {dag_id!r}")
        moment = datetime.now(UTC).isoformat()
        # Named here: asking again after an answer that got lost does not start a second run.
        run_id = f"manual__{moment}"
        all_runs = f"/api/v2/dags/{dag_id}/dagRuns"
        this_run = f"{all_runs}/{quote(run_id)}"
        wish = {"dag_run_id": run_id, "logical_date": moment, "conf": conf}
        self._until(lambda: self._ask(all_runs, wish) or self._ask(this_run), f"run {run_id}")
        self._until(lambda: self._ask(this_run).get("state") in _ENDED, f"the end of {run_id}")
        return self._record(dag_id, run_id, conf)

    def _ask(self, path: str, body: Any = None) -> dict[str, Any]:
        """The answer; empty while the server is not up, does not know the DAG, or is too busy."""
        try:
            return self._asked(path, body, self.token())
        except OSError as error:
            self._trouble = str(error)
            return {}

    def token(self) -> str:
        """A token for the REST API, and for a browser as the cookie `_token`.

        Raise OSError while nobody answers.
        """
        who = {"username": self.user, "password": self.password}
        return self._asked("/auth/token", who)["access_token"]

    def _asked(self, path: str, body: Any, token: str = "") -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = Request(self.address + path, body and json.dumps(body).encode(), headers)
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def _until(self, is_so: Callable[[], Any], awaited: str) -> None:
        """Ask once a second until it is so; raise PipelineError when it is not in time."""

        def has_died(_: RetryCallState) -> bool:
            return self._process.poll() is not None

        def give_up(_: RetryCallState) -> None:
            reason = f"{self._trouble}; see {self._home}/standalone.log"
            raise PipelineError(f"{awaited} did not come within {self._patience:g} s ({reason})")

        Retrying(
            retry=retry_if_result(operator.not_),
            stop=stop_after_delay(self._patience) | has_died,
            wait=wait_fixed(1),
            retry_error_callback=give_up,
        )(is_so)

    def _record(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> Record:
        """Every attempt of the run, in the order of the times that Airflow wrote down."""
        dags = {}
        for file in (self._home / "dags").glob("*.py"):
            with contextlib.suppress(PipelineError):  # one that DAG files import holds none
                dags |= load(file)
        structure = Structure.of(dags[dag_id])
        record = Record(structure.graph, "airflow", workspace.seed(), conf, dag_id)
        whole, tries = history(self._home / "airflow.db", dag_id, run_id)
        record.append("started", None, 0.0)
        events = [event for attempt in tries for event in _events(attempt, structure)]
        for moment, name, kind, number in sorted(events):
            record.append(kind, name, max(moment - whole.start, 0.0), number)
        record.append(_KINDS.get(whole.state, whole.state), None, whole.end - whole.start)
        return record


def _events(attempt: TriedInstance, structure: Structure) -> Iterator[tuple[float, str, str, int]]:
    """(Unix time, task, kind, attempt number) of its start, if it was begun at all, and its end."""
    name = structure.name(attempt.task_id, attempt.map_index)
    if attempt.number > 0:
        yield attempt.start, name, "started", attempt.number
    yield attempt.end, name, _KINDS.get(attempt.state, attempt.state), attempt.number
