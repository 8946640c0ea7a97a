"""The session's one Prefect server: on loopback, with a home of its own, restarted when it has died, ended at exit.

The listening socket belongs to this process and is handed to the server: there is no race for the port, and requests
made while a new server starts wait for it instead of being refused.
"""

import atexit
import contextlib
import functools
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

from workbench import workspace
from workbench.graph import PipelineError

PATIENCE = 300  # seconds a server may take to start on a busy machine
_PROGRAM = """
import os, socket, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()  # the workbench has ended
import uvicorn
from prefect.server.api.server import create_app
listening = socket.socket(fileno=int(sys.argv[1]))
uvicorn.Server(uvicorn.Config(create_app(), log_level="warning", timeout_keep_alive=5)).run(sockets=[listening])
"""


class Server:
    """A Prefect server with its database in ``home``, on ``port`` if that is free and on any other if not."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home, self._lock, self._closed = home, threading.RLock(), False
        self._process: subprocess.Popen | None = None
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError:
            self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(128)
        self.port = self._socket.getsockname()[1]

    @property
    def ui(self) -> str:
        """The address of the pages for a browser on this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def url(self) -> str:
        """The API's address, once it answers; a server that has died is started again first."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
                self._wait_until_healthy()
                self._keep_migrated()
                threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()
        return f"{self.ui}/api"

    def _start(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            database = self.home / "prefect.db"
            if not database.exists() and self._migrated.exists():
                database.write_bytes(self._migrated.read_bytes())
            log = self._log.open("ab")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise PipelineError(
                f"{self.home}: {reason}; Prefect's server needs a folder to write to"
            ) from None
        with log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(self._socket.fileno())],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=[self._socket.fileno()],
                env=self._environment(),
            )

    def _environment(self) -> dict[str, str]:
        own = {
            "PREFECT_HOME": self.home,
            "PREFECT_SERVER_MEMO_STORE_PATH": self.home / "memo_store.toml",
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": self.port,
        }
        kept = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        return kept | {name: str(value) for name, value in own.items()}

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

    @property
    def _migrated(self) -> Path:
        """An empty database with every table in place: copying it saves a new server the migrations."""
        return workspace.templates() / f"prefect-{version('prefect')}.db"

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._healthy():
            if self._process.poll() is not None:
                last = self._log.read_text(errors="replace").strip().rpartition("\n")[2][:200]
                raise PipelineError(
                    f"Prefect's server ended before it answered ({last}); its log is {self._log}"
                )
            if time.monotonic() > deadline:
                self._process.kill()
                raise PipelineError(
                    f"Prefect's server did not answer within {PATIENCE} s; its log is {self._log}"
                )

    def _healthy(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{self.ui}/api/health", timeout=2) as answer,
        ):
            return answer.status == 200
        return False

    def _keep_migrated(self) -> None:
        part = self._migrated.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError, sqlite3.Error):
            if not self._migrated.exists():
                part.parent.mkdir(parents=True, exist_ok=True)
                source, target = sqlite3.connect(self.home / "prefect.db"), sqlite3.connect(part)
                with contextlib.closing(source), contextlib.closing(target):
                    source.backup(target)
                part.replace(self._migrated)

    def _watch(self, process: subprocess.Popen) -> None:
        process.wait()
        if not self._closed:
            with contextlib.suppress(PipelineError):  # the next run that needs the server says why
                self.url()

    def close(self) -> None:
        self._closed = True
        if self._process:
            self._process.kill()
            self._process.wait()
        self._socket.close()


@functools.cache
def server() -> Server:
    """This session's server; Prefect's own settings point to it from the first call on."""
    found = Server(workspace.start() / "prefect")
    atexit.register(found.close)
    os.environ["PREFECT_API_URL"] = found.url()
    if context := sys.modules.get("prefect.context"):
        context.refresh_global_settings_context()
    return found
