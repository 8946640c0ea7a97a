"""Work in a process of its own, which may run the learner's code; the one that waits never does."""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable

from workbench.sandbox.channel import Channel, line_of, text_of, type_of
from workbench.sandbox.message import parsed
from workbench.sandbox.process import (
    close_all_but,
    hide_oneself,
    hides_itself,
    show_oneself,
    take_bytes_alone,
)

LONGEST_LINE = 1 << 22  # bytes


def apart(
    work: Callable[..., dict], *arguments, hear: Callable[[dict], dict] | None = None
) -> dict:
    """What `work` returns, or {"error", "line"}; {"ended": True} when its process ends by itself.

    hear: answers what `work` asks on the channel that it is given then, as its last argument.
    Whatever it starts is ended; out of CPU time there is out of time here. A probe that calls this
    has `HIDDEN = True`.
    """
    # Neither the memory nor the descriptors of this process are theirs to take. In a sandbox only a
    # probe that is HIDDEN can be so: what an answer forks must not hide itself from its warden.
    if not hides_itself():
        hide_oneself()
    ours, theirs = socket.socketpair()
    take_bytes_alone(ours)
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            show_oneself()
            os.setsid()
            close_all_but(theirs.fileno())
            channel = Channel(theirs.detach())
            channel.ask(answer=_attempted(work, arguments, channel if hear else None))
        os._exit(0)
    theirs.close()
    with ours:
        answer = _answer(ours, hear)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        signal.raise_signal(signal.SIGXCPU)
    return answer if isinstance(answer, dict) else {"ended": True}


def _attempted(work: Callable[..., dict], arguments: tuple, channel: Channel | None) -> dict:
    try:
        return work(*arguments, channel) if channel else work(*arguments)
    except BaseException as error:
        return {"error": f"{type_of(error)}: {text_of(error)}", "line": line_of(error)}


def _answer(line: socket.socket, hear: Callable[[dict], dict] | None):
    """Answer what is asked on the line until the answer comes; None when it closes before that."""
    with line.makefile("rb") as lines, contextlib.suppress(OSError):
        while (text := lines.readline(LONGEST_LINE)).endswith(b"\n"):
            asked = parsed(text).get("ask")
            asked = asked if isinstance(asked, dict) else {}
            reply = hear(asked) if hear and "answer" not in asked else {}
            line.sendall(json.dumps(reply).encode() + b"\n")
            if "answer" in asked:
                return asked["answer"]
    return None
