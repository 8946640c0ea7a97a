"""The process of an attempt: in a session of its own, so that all it has started ends with it."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def begun(command: Sequence[str], log: Path, **options: Any) -> subprocess.Popen:
    """Start a command that hears nothing and writes to a file's end; ``options`` are Popen's."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )


def end(process: subprocess.Popen) -> None:
    """Kill it and all that it has started, and wait until it is gone; also once it has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
