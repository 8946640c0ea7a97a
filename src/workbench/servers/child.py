"""A server in a process of its own, which ends with this one."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from workbench.graph import PipelineError

PATIENCE = 300  # seconds a server may take to start on a busy machine
KEEPER = Path(__file__).with_name("keeper.py")


class PortTaken(PipelineError):
    """Somebody else listens by now at the port that was free when it was chosen."""


class Child:
    """The process of a server that answers at ``address``; its log is the file ``log``."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        address: str,
        log: Path,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._name, self._log, self.address = name, log, address
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            log.parent.chmod(0o700)  # what the server keeps is no other user's to read
            with log.open("ab") as output:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(KEEPER), *command],
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=output,
                    env=os.environ | (environ or {}),
                )
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise PipelineError(
                f"{log.parent}: {reason}; {name} needs a folder to write to"
            ) from None

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def wait_until_healthy(self, path: str) -> None:
        """Return when it answers there; raise PipelineError when it does not, or has ended."""
        try:
            await_answer(self._name, self._process, f"{self.address}{path}", self._log)
        except PipelineError:
            self.close()
            raise

    def close(self) -> None:
        """End it; nothing of it is left when this returns."""
        self._process.stdin.close()
        self._process.wait()


def await_answer(name: str, process: subprocess.Popen, url: str, log: Path) -> None:
    """Return when a server answers; raise PipelineError when it does not, or has ended."""

    def answers() -> bool:
        if process.poll() is not None:
            last = log.read_text(errors="replace").strip().rpartition("\n")[2][:200]
            fault = PortTaken if "address already in use" in last else PipelineError
            raise fault(f"{name} ended before it answered ({last}); its log is {log}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    wait = Retrying(
        stop=stop_after_delay(PATIENCE),
        wait=wait_fixed(0.05),
        retry=retry_if_result(lambda healthy: not healthy),
    )
    try:
        wait(answers)
    except RetryError:
        raise PipelineError(
            f"{name} did not answer within {PATIENCE} s; its log is {log}"
        ) from None


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
