"""The session's one Prefect server: on loopback, with a home of its own, started again when it has
died, ended with this process.

The listening socket belongs to this process and is handed to the server's: there is no race for the
port, and requests made while a new server starts wait for it instead of being refused. It answers
only who knows its secret: any user of this machine, and any page in a browser, can reach loopback.
"""

import atexit
import contextlib
import functools
import os
import secrets
import socket
import subprocess
import sys
import threading
from pathlib import Path

from workbench import workspace
from workbench.engines.prefect import internals, serving
from workbench.graph import PipelineError
from workbench.servers.child import await_answer


class Server:
    """A Prefect server with its database in ``home``, on ``port`` if that is free."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home, self._lock, self._closed = home, threading.RLock(), False
        self._process: subprocess.Popen | None = None
        self.secret = secrets.token_urlsafe(24)  # what the pages in a browser ask for, too
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
        """The API's address, once it answers; a server that has died is started again first.

        Raise PipelineError when it cannot be started.
        """
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
                try:
                    health = f"{self.ui}/api/health"
                    await_answer("Prefect's server", self._process, health, self._log)
                except PipelineError:
                    self._process.kill()
                    raise
                threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()
        return f"{self.ui}/api"

    def _start(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self.home.chmod(0o700)  # its database says all that it would
            log = self._log.open("ab")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise PipelineError(
                f"{self.home}: {reason}; Prefect's server needs a folder to write to"
            ) from None
        descriptor = self._socket.fileno()
        command = [sys.executable, "-m", serving.__name__, str(descriptor)]
        with log:
            self._process = subprocess.Popen(
                [*command, str(self.home / "prefect.db"), str(serving.template())],
                stdin=subprocess.PIPE,  # it ends when this is closed: with this process
                stdout=log,
                stderr=log,
                pass_fds=[descriptor],
                env=self._environment(),
            )

    def _environment(self) -> dict[str, str]:
        own = {
            "PREFECT_HOME": self.home,
            "PREFECT_SERVER_MEMO_STORE_PATH": self.home / "memo_store.toml",
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": self.port,
            "PREFECT_SERVER_API_AUTH_STRING": self.secret,
            "PREFECT_API_AUTH_STRING": self.secret,  # its own services ask it as well
        }
        inherited = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        return inherited | {name: str(value) for name, value in own.items()}

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

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


def server() -> Server:
    """This session's server, which answers, and to which Prefect's own settings point from now on.

    Raise PipelineError when it cannot be started.
    """
    running = _server_of_this_process()
    url = running.url()
    if os.environ.get("PREFECT_API_URL") != url:
        os.environ |= {"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": running.secret}
        internals.reread_settings()
    return running


@functools.cache
def _server_of_this_process() -> Server:
    """Made once, as a process has one session, and Prefect's settings, the process's too, name one
    server. Its home is the folder of the session that first needed it."""
    running = Server(workspace.start() / "prefect")
    atexit.register(running.close)
    return running
