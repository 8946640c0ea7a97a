"""What a process may ask of the kernel for itself and for those below it, under a name."""

import contextlib
import ctypes
import os
import signal
import time
from itertools import pairwise

# From the kernel's prctl.h.
SET_PDEATHSIG, SET_DUMPABLE, SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS = 1, 4, 36, 38
MOST_DESCRIPTORS = 1 << 16


def kernel(function: str, *arguments: int | bytes | None) -> int:
    """Call a function of the C library that Python does not offer; raise OSError when refused."""
    called = getattr(ctypes.CDLL(None, use_errno=True), function)
    result = called(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{function} is refused")
    return result


def end_with_parent() -> None:
    """Be killed when the thread that forked this process ends."""
    kernel("prctl", SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    kernel("prctl", SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def gain_nothing() -> None:
    """Never get more privileges than now; without this only root may filter system calls."""
    kernel("prctl", SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def own_proc_files() -> None:
    """Keep /proc/self readable for oneself after a change of user, which gives it to root."""
    kernel("prctl", SET_DUMPABLE, 1, 0, 0, 0)


def close_all_but(*kept: int) -> None:
    """Close every descriptor but the standard ones and those `kept`."""
    for low, high in pairwise([2, *sorted(kept), MOST_DESCRIPTORS]):
        os.closerange(low + 1, high)


def end_descendants() -> None:
    """Kill and reap whatever this process still has below it."""
    with contextlib.suppress(ChildProcessError):  # there is nothing left
        while True:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                # The first process of a namespace may kill all the others in it at once.
                for process in [-1] if os.getpid() == 1 else children():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                time.sleep(0.001)


def children() -> list[int]:
    """The direct children of this process, those that it adopted among them."""
    mine = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{process}/stat") as file:
            # The name in parentheses may hold blanks; after it come the state and the parent.
            if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                mine.append(int(process))
    return mine
