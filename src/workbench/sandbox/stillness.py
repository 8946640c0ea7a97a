"""Holding a job still where its function has come back: what that has left running changes nothing
until the judge has looked.

The process that called the function stops its group, and itself with it, which is one call of the
kernel; none leaves the group, and none has it arranged that it is continued. Its parent sees the
kernel's word of that, lets the judge look meanwhile, and continues the group.
"""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import time
from collections.abc import Callable, Iterable
from functools import partial
from operator import call, itemgetter
from types import NoneType

from workbench.sandbox.filters import (
    ALLOW,
    ERROR,
    NUMBER,
    Instruction,
    any_of,
    argument,
    decide,
    equal,
    load,
)
from workbench.sandbox.moments import Moments
from workbench.sandbox.process import SET_PDEATHSIG, descendants, stopped, working

# Numbers of system calls, from the kernel's unistd.h: by which a process leaves its group, or can
# send a signal, of its choice, or have it sent later.
CALLS = {
    "x86_64": {
        **{"setpgid": 109, "setsid": 112, "timer_create": 222},
        **{"fcntl": 72, "prctl": 157, "clone": 56},
        **{"kill": 62, "tkill": 200, "rt_sigqueueinfo": 129, "pidfd_send_signal": 424},
        **{"tgkill": 234, "rt_tgsigqueueinfo": 297},
    },
    "aarch64": {
        **{"setpgid": 154, "setsid": 157, "timer_create": 107},
        **{"fcntl": 25, "prctl": 167, "clone": 220},
        **{"kill": 129, "tkill": 130, "rt_sigqueueinfo": 138, "pidfd_send_signal": 424},
        **{"tgkill": 131, "rt_tgsigqueueinfo": 240},
    },
}
SENDING = ("kill", "tkill", "rt_sigqueueinfo", "pidfd_send_signal")  # the second is the signal
OF_THREADS = ("tgkill", "rt_tgsigqueueinfo")  # the third one is
# Of fcntl: which signal says that a file is ready. The lowest byte of clone's flags is the signal
# of a child's end; SIGCONT's is these two bits.
SET_SIGNAL, CONTINUE = 10, (16, 2)
QUIET = 0x4000  # MSG_NOSIGNAL of sys/socket.h: who tells what nobody hears is not ended for that
BUSY, WHILE = b'{"busy": true}\n', 1.0  # seconds between two such words
PIECE = 4096  # bytes that are taken at once
STILL = b'{"still": true}\n'
Function = Callable[[], object]


class _Called:
    """Gives for each function what that gives; unlike an iterator, which ends with a StopIteration,
    it hands on whatever the function raises."""

    __getitem__ = call  # a function of C, which is handed the key alone


def stilling(line: int, raised: bytes) -> Callable[..., None]:
    """What calls a function, and holds this process and those below it as soon as it is back; what
    could undo that has been refused by `program`.

    raised: what is sent on the line before that where the function has raised. Where it is called
    as `heard`, a function that ends the process as if all were well has returned: nobody hears it.
    """
    # From the return on, all is calls of C that keep the interpreter's lock, one from within the
    # other: no thread of the answer runs in between, no handler of a signal, no trace; and what the
    # function gave is kept, for that may have a finaliser.
    kernel, every, listed, calls = ctypes.PyDLL(None), map, list, _Called()
    stop = partial(kernel.kill, 0, signal.SIGSTOP)
    tell = partial(kernel.send, line, raised, len(raised), QUIET)

    def called(function: Function, heard: bool = False) -> None:
        come_back, failed = itemgetter(function, stop), every(call, (tell, stop))
        try:
            come_back(calls)
        except BaseException as error:
            if heard and is_silent(error):
                stop()
                return
            listed(failed)
            raise

    return called


def is_silent(error: BaseException) -> bool:
    """Whether it ends a process as if all were well: `sys.exit()`, `sys.exit(0)`."""
    silent = isinstance(error, SystemExit) and type(error.code) in (int, bool, NoneType)
    return silent and not error.code


def program(machine: str) -> list[Instruction]:
    """What the kernel decides at each call: leaving the group is said to be done, and no SIGCONT
    can be sent, or had for later, by a timer, a file, the end of the parent or of a child."""
    calls = CALLS[machine]
    return [
        load(NUMBER),
        *(equal(calls[call], yes="signal") for call in SENDING),
        *(equal(calls[call], yes="signal of thread") for call in OF_THREADS),
        equal(calls["setpgid"], yes="pretend"),
        equal(calls["setsid"], yes="pretend"),
        equal(calls["timer_create"], yes="refuse"),
        equal(calls["fcntl"], no="prctl?"),
        load(argument(1)),
        equal(SET_SIGNAL, yes="refuse", no="allow"),
        equal(calls["prctl"], no="clone?", label="prctl?"),
        load(argument(0)),
        equal(SET_PDEATHSIG, no="allow"),
        load(argument(1)),
        equal(signal.SIGCONT, yes="refuse", no="allow"),
        equal(calls["clone"], no="allow", label="clone?"),
        load(argument(0)),
        any_of(0xFF - sum(CONTINUE), yes="allow"),
        *(any_of(bit, no="allow") for bit in CONTINUE),
        decide(ERROR | errno.ENOSYS),
        load(argument(1), label="signal"),
        equal(signal.SIGCONT, yes="refuse", no="allow"),
        load(argument(2), label="signal of thread"),
        equal(signal.SIGCONT, yes="refuse", no="allow"),
        decide(ERROR | errno.ENOSYS, label="refuse"),
        decide(ERROR, label="pretend"),
        decide(ALLOW, label="allow"),
    ]


class Others:
    """All below this process but one child, who may be about to stop them itself."""

    def __init__(self, child: int):
        self._child, self._known = child, {child}

    def stop(self) -> None:
        """Stop those of them who are new since the last time."""
        new = set(descendants()) - self._known
        self._known |= new
        _send(signal.SIGSTOP, new)

    def go_on(self) -> None:
        """Let them go on, unless the child has stopped, and them with it, also just now."""
        for stop, sent in ((False, signal.SIGCONT), (True, signal.SIGSTOP)):
            if stopped(self._child) == stop:
                _send(sent, self._known - {self._child})


def _send(sent: int, processes: Iterable[int]) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, sent)


class Watch:
    """Tells the judge when a child of this process has stopped; continues it when it has answered.

    news: a descriptor that has something to read when a child has stopped or ended; orders: what
    comes from the judge.
    """

    def __init__(self, judge: socket.socket):
        self.orders = judge.makefile("rb")
        self._tell, self._told = judge.sendall, 0  # of which child
        self._worked = 0.0  # when that was told last
        self.news, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    @staticmethod
    def end() -> None:
        """Hear no more of children, as in a child that was forked."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def tell_of_work(self) -> None:
        """Tell, once in a while, that a process below this one does not just wait."""
        if time.monotonic() - self._worked > WHILE and working(descendants()):
            self._worked = time.monotonic()
            with contextlib.suppress(OSError):  # a judge that hears nothing more ends it all
                self._tell(BUSY)

    def see(self, child: int, answered: bool, moments: Moments) -> None:
        """Never wait for the judge, who may look for long, while others of the job run on.

        moments: what is told where the judge begins to look, and when that is over. A child that
        was continued by others, and has stopped again, is to be looked at again.
        """
        with contextlib.suppress(BlockingIOError):
            os.read(self.news, PIECE)
        if answered:
            self.orders.readline()
            self._told = 0
        if self._told == child:
            return
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            if os.waitid(os.P_PID, child, os.WSTOPPED | os.WNOHANG):
                self._told = child
                moments.stop()
                self._tell(STILL)
            elif answered:
                moments.go_on()
                os.killpg(child, signal.SIGCONT)
