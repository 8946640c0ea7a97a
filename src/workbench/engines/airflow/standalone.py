"""The real thing: `airflow standalone` on this machine's loopback, commanded through its REST API."""

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil

from workbench import workspace
from workbench.engines.airflow.engine import AirflowEngine
from workbench.engines.airflow.home import empty_database, load
from workbench.graph import PipelineError
from workbench.record import Record

_SETTINGS = """CORE__EXECUTOR=LocalExecutor CORE__PARALLELISM=2 CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS=True
CORE__DAGS_FOLDER={home}/dags CORE__DAGS_ARE_PAUSED_AT_CREATION=False CORE__DAGBAG_IMPORT_TIMEOUT=120
CORE__EXECUTION_API_SERVER_URL={address}/execution/ DATABASE__SQL_ALCHEMY_CONN=sqlite:///{home}/airflow.db
API__HOST=127.0.0.1 API__PORT={port} API__BASE_URL={address} API__WORKERS=1 LOGGING__LOGGING_LEVEL=INFO
LOGGING__WORKER_LOG_SERVER_PORT=0 LOGGING__TRIGGER_LOG_SERVER_PORT=0"""
_KINDS = {"success": "succeeded", "up_for_retry": "retrying"}
_ATTEMPTS = "SELECT task_id, map_index, try_number, state, start_date, end_date FROM {} WHERE dag_id = ?1 AND run_id = ?2"


class Standalone:
    """Scheduler, DAG processor, triggerer and web server with LocalExecutor, for as long as the `with` block lasts."""

    def __init__(self, files: Iterable[str | Path], patience: float = 300.0) -> None:
        self._home, self._patience = workspace.new_folder("standalone", "airflow"), patience
        self._trouble = "no answer"
        (self._home / "dags").mkdir()
        for file in files:
            shutil.copy(file, self._home / "dags")
        shutil.copyfile(empty_database(), self._home / "airflow.db")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # it calls `airflow` by name
        settings = [
            each.format(home=self._home, address=self.address, port=port)
            for each in _SETTINGS.split()
        ]
        self._environment = {**os.environ, "AIRFLOW_HOME": str(self._home), "PATH": path}
        self._environment |= dict(f"AIRFLOW__{setting}".split("=", 1) for setting in settings)

    def __enter__(self) -> "Standalone":
        command, options = (
            [sys.executable, "-m", "airflow", "standalone"],
            {"cwd": self._home, "env": self._environment},
        )
        with open(self._home / "standalone.log", "w") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **options
            )
        try:
            self._until(lambda: self.health().get("scheduler") == "healthy", "the scheduler")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        for end in (psutil.Process.terminate, psutil.Process.kill, psutil.Process.kill):
            running = self._processes()
            for process in running:
                with contextlib.suppress(psutil.NoSuchProcess):
                    end(process)
            psutil.wait_procs(running, timeout=20)

    def _processes(self) -> list[psutil.Process]:
        """All it has started, found by the folder: several lead a group of their own and outlive their parent."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.pid != os.getpid() and self._home in (
                    folder := Path(process.cwd()),
                    *folder.parents,
                ):
                    found.append(process)
        return found

    def health(self) -> dict[str, str]:
        """Part → what it says of itself."""
        return {
            part: report["status"] for part, report in self._ask("/api/v2/monitor/health").items()
        }

    def run(self, dag_id: str, **conf: Any) -> Record:
        """Trigger the DAG through the REST API, wait for the run's end, and read its record out of the database."""
        self._until(lambda: self._ask(f"/api/v2/dags/{dag_id}"), f"DAG {dag_id!r}")
        runs, now = f"/api/v2/dags/{dag_id}/dagRuns", datetime.now(UTC).isoformat()
        run_id = f"manual__{now}"  # named here: asking again after an answer that got lost does not start a second one
        wish = {"dag_run_id": run_id, "logical_date": now, "conf": conf}
        self._until(
            lambda: self._ask(runs, wish) or self._ask(f"{runs}/{quote(run_id)}"),
            f"the start of {run_id}",
        )
        ended = ("success", "failed")
        self._until(
            lambda: self._ask(f"{runs}/{quote(run_id)}").get("state") in ended,
            f"the end of {run_id}",
        )
        return self._record(dag_id, run_id, conf)

    def _ask(self, path: str, body: Any = None) -> dict[str, Any]:
        """The answer; empty while the server is not up yet, does not know the DAG yet, or is too busy."""
        try:
            with urlopen(f"{self.address}/auth/token", timeout=30) as answer:
                token = json.load(answer)["access_token"]
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            request = Request(self.address + path, body and json.dumps(body).encode(), headers)
            with urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except OSError as error:
            self._trouble = str(error)
            return {}

    def _until(self, true: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + self._patience
        while not true():
            if self._process.poll() is not None or time.monotonic() > deadline:
                reason = f"{self._trouble}; see {self._home}/standalone.log"
                raise PipelineError(f"{what} did not come within {self._patience:g} s ({reason})")
            time.sleep(1)

    def _record(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> Record:
        """Every attempt of the run, in the order of the times that Airflow wrote down."""
        dags = {
            name: dag
            for file in (self._home / "dags").glob("*.py")
            for name, dag in load(file).items()
        }
        engine = AirflowEngine(dags[dag_id])
        record = Record(engine.graph, "airflow", workspace.seed(), conf, dag_id)
        query = " UNION ".join(
            _ATTEMPTS.format(table) for table in ("task_instance", "task_instance_history")
        )
        with sqlite3.connect(self._home / "airflow.db") as database:
            rows = database.execute(query, (dag_id, run_id)).fetchall()
            whole = (
                "SELECT start_date, end_date, state FROM dag_run WHERE dag_id = ? AND run_id = ?"
            )
            begun, ended, state = database.execute(whole, (dag_id, run_id)).fetchone()
        events = [(begun, "", "started", None), (ended, "~", state, None)]
        for task_id, index, number, how, start, end in rows:
            name = engine._names[task_id] + (f"[{index}]" if index >= 0 else "")
            events += [(end, name, how, number)] + [(start, name, "started", number)] * (number > 0)
        for moment, name, how, number in sorted(events):
            at = (datetime.fromisoformat(moment) - datetime.fromisoformat(begun)).total_seconds()
            record.append(_KINDS.get(how, how), name.strip("~") or None, max(at, 0.0), number)
        return record
