"""Copies of a process that has loaded an answer, one for each trial: to load it may take long."""

import contextlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator

from workbench.sandbox.channel import Channel
from workbench.sandbox.process import begin_anew


def given_to(channel: Channel, given: dict) -> Iterator[dict]:
    """What is to be tried: one value in each copy of this process, and no value in this one.

    Threads are not copied, nor do children know their copied parent: where there are any, it is
    this process that tries, and another one loads the answer for what comes next.
    """
    while given is not None:
        if not given["kept"] or threading.active_count() > 1 or _has_children():
            yield given
            return
        if (copy := _copied()) == 0:
            yield given
            return
        _end_with(copy)
        given = channel.rest()


def _has_children() -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return True
    return False


def _copied() -> int:
    """The number of a copy of this process, 0 in that one, which leads a session of its own."""
    with contextlib.suppress(Exception):  # an answer may have put anything in its place
        sys.stdout.flush()
    with warnings.catch_warnings(action="ignore"):  # of a library's threads, since Python 3.12
        copy = os.fork()
    if copy == 0:
        os.setsid()
        begin_anew()
    return copy


def _end_with(copy: int) -> None:
    """Wait until a copy has ended, and end what it has started; if the kernel ended it, end so."""
    os.waitid(os.P_PID, copy, os.WEXITED | os.WNOWAIT)
    with contextlib.suppress(OSError):
        os.killpg(copy, signal.SIGKILL)
    _, status = os.waitpid(copy, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
