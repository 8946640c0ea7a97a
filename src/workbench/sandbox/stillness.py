"""Holding a job still where its function has come back: what that has left running changes nothing
until the judge has looked.

The process that called the function stops its group, and itself with it, which is one call of the
kernel; none leaves the group. Its parent sees the kernel's word of that, lets the judge look, and
continues the group.
"""

import contextlib
import ctypes
import os
import platform
import signal
from collections.abc import Callable
from functools import partial
from operator import call

from workbench.sandbox.filters import (
    ALLOW,
    ERROR,
    NUMBER,
    Instruction,
    decide,
    equal,
    installed,
    load,
)

# Numbers of the system calls by which a process leaves its group, from the kernel's unistd.h.
LEAVING = {
    "x86_64": {"setpgid": 109, "setsid": 112},
    "aarch64": {"setpgid": 154, "setsid": 157},
}
QUIET = 0x4000  # MSG_NOSIGNAL of sys/socket.h: who tells what nobody hears is not ended for that
PIECE = 4096  # bytes that are taken at once
Function = Callable[[], object]


def stilling(line: int, raised: bytes) -> Callable[[Function], None]:
    """What calls a function, and holds this process and those below it as soon as it is back.

    raised: what is sent on the line before that where the function has raised.
    """
    with contextlib.suppress(OSError, KeyError):
        installed(program(platform.machine()))
    # From the return on, all is calls of C that keep the interpreter's lock, one from within the
    # other: no thread of the answer runs in between, no handler of a signal, no trace; and what the
    # function gave is kept, for that may have a finaliser.
    kernel, every, listed = ctypes.PyDLL(None), map, list
    stop = partial(kernel.kill, 0, signal.SIGSTOP)
    tell = partial(kernel.send, line, raised, len(raised), QUIET)

    def called(function: Function) -> None:
        come_back, failed = every(call, (function, stop)), every(call, (tell, stop))
        try:
            listed(come_back)
        except BaseException:
            listed(failed)
            raise

    return called


def program(machine: str) -> list[Instruction]:
    """What the kernel decides at each call: of one by which a process leaves its group, that is
    said to be done."""
    return [
        load(NUMBER),
        *(equal(number, yes="pretend") for number in LEAVING[machine].values()),
        decide(ALLOW),
        decide(ERROR, label="pretend"),
    ]


class Watch:
    """Sees whether a child of this process is held still, lets somebody `look`, and continues it.

    news: a descriptor that has something to read when a child has stopped or ended.
    """

    def __init__(self, look: Callable[[], None]):
        self._look = look
        self.news, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    @staticmethod
    def end() -> None:
        """Hear no more of children, as in a child that was forked."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def see(self, child: int) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self.news, PIECE)
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            if os.waitid(os.P_PID, child, os.WSTOPPED | os.WNOHANG):
                self._look()
                os.killpg(child, signal.SIGCONT)
