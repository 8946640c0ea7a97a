"""Work in a process of its own, which may run the learner's code; the process that waits for it never does."""

import contextlib
import json
import os
import signal
import socket
import traceback
from collections.abc import Callable

from workbench.sandbox.keeper import Channel, _close_all_but


def apart(work, *arguments, hear: Callable[[dict], dict] | None = None) -> dict:
    """What `work` returns, or {"error": …, "line": …}; {"ended": true} when its process ends by itself.

    hear: answers what `work` asks on the channel that it is given then. Whatever it starts is ended; out of time there
    is out of time here.
    """
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.setsid()
            _close_all_but(theirs.fileno())
            channel = Channel(theirs.detach())
            try:
                answer = work(*arguments, *[channel] * bool(hear))
            except BaseException as error:
                lines = [
                    at.lineno
                    for at in traceback.extract_tb(error.__traceback__)
                    if at.filename == "answer.py"
                ]
                line = getattr(error, "lineno", None) or (lines or [None])[-1]
                answer = {"error": f"{type(error).__name__}: {error}"[:500], "line": line}
            channel.ask(answer=answer)
        os._exit(0)
    theirs.close()
    said: dict = {}
    with ours, ours.makefile("rb") as lines, contextlib.suppress(OSError):
        while "answer" not in said and (line := lines.readline(1 << 22)).endswith(b"\n"):
            message = json.loads(line)
            said = (
                message["ask"]
                if isinstance(message, dict) and isinstance(message.get("ask"), dict)
                else {}
            )
            ours.sendall(
                json.dumps(hear(said) if hear and "answer" not in said else {}).encode() + b"\n"
            )
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        signal.raise_signal(signal.SIGXCPU)
    return said["answer"] if isinstance(said.get("answer"), dict) else {"ended": True}
