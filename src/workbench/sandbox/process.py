"""What a process may ask of the kernel for itself and for those below it, under a name."""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import cache
from itertools import pairwise
from threading import Thread
from typing import TypeVar

from workbench.sandbox.anchors import anchors

# From the kernel's prctl.h.
SET_PDEATHSIG, GET_DUMPABLE, SET_DUMPABLE = 1, 3, 4
SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS = 36, 38
SET_THP_DISABLE = 41
MOST_DESCRIPTORS = 1 << 16
PASS_RIGHTS = 83  # SO_PASSRIGHTS of sys/socket.h, since Linux 6.16
Seen = TypeVar("Seen")
KEYCTL, JOIN_SESSION_KEYRING = {"x86_64": 250, "aarch64": 219}, 1


def kernel(function: str, *arguments: int | bytes | None) -> int:
    """Call a function of the C library that Python does not offer; raise OSError when refused."""
    called = getattr(_library(), function)
    result = called(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{function} is refused")
    return result


@cache
def _library() -> ctypes.CDLL:
    """Opened once: processes that are forked have it from the one that is warm."""
    return ctypes.CDLL(None, use_errno=True)


def end_with_parent(sent: int = signal.SIGKILL) -> None:
    """Be killed, or sent this, when the thread that forked this process ends; a change of user
    takes it back."""
    kernel("prctl", SET_PDEATHSIG, sent, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    kernel("prctl", SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def gain_nothing() -> None:
    """Never get more privileges than now; without this only root may filter system calls."""
    kernel("prctl", SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def take_small_pages() -> None:
    """Have no large pages of memory: who has a part of one holds the whole, and only that part is
    counted."""
    kernel("prctl", SET_THP_DISABLE, 1, 0, 0, 0)


def show_oneself() -> None:
    """Let /proc/self be one's own again, also after a change of user, which gives it to root."""
    kernel("prctl", SET_DUMPABLE, 1, 0, 0, 0)


def hide_oneself() -> None:
    """Let no process of the same user look into this one, or into those it forks from now on."""
    kernel("prctl", SET_DUMPABLE, 0, 0, 0, 0)


def hides_itself() -> bool:
    """Whether this process does so."""
    return kernel("prctl", GET_DUMPABLE, 0, 0, 0, 0) != 1


def seen(process: int | str, look: Callable[[], Seen]) -> Seen:
    """What a look at a process of /proc gives; where only its owner may look, as root without the
    right to trace may not, in the eyes of that owner.

    In a thread: a change of user takes back what is told of a parent's end.
    """
    try:
        return look()
    except PermissionError:
        owner = os.stat(f"/proc/{process}")
        if owner.st_uid in (0, os.getuid()):  # root's is, too, what forbids to be looked at
            raise
    given = Future()

    def in_its_eyes() -> None:
        try:
            kernel("setfsgid", owner.st_gid)
            kernel("setfsuid", owner.st_uid)
            given.set_result(look())
        except BaseException as error:
            given.set_exception(error)

    thread = Thread(target=in_its_eyes)
    try:
        thread.start()
    except RuntimeError:  # there is no room for one
        raise PermissionError from None
    thread.join()
    hide_oneself()  # which that change has taken back, too, on some machines
    return given.result()


def be_ended_first() -> Callable[[], None]:
    """Be what the kernel ends when the whole machine is out of memory, with all that is forked,
    until what is returned is called."""
    try:
        file = open("/proc/self/oom_score_adj", "r+b", 0)  # noqa: SIM115 - held until then
        before = file.read()
        file.write(b"1000")
    except OSError:
        return lambda: None

    def no_more() -> None:
        with contextlib.suppress(OSError), file:
            file.write(before)

    return no_more


def begin_anew() -> None:
    """Let numpy draw other numbers than the process that forked this one, as Python itself does,
    and forget what the machine was called there."""
    vars(platform)["_uname_cache"] = None  # `invalidate_caches`, from 3.14 on
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(int.from_bytes(os.urandom(4)))


def begin_a_keyring() -> None:
    """Have a session keyring of one's own: what is in the judge's is not a learner's business."""
    with contextlib.suppress(OSError, KeyError):
        kernel("syscall", KEYCTL[platform.machine()], JOIN_SESSION_KEYRING, None)


def take_bytes_alone(line: socket.socket) -> None:
    """Let nobody hand a descriptor over a line to this end, which would have to close it; an older
    kernel cannot refuse that."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, PASS_RIGHTS, 0)


@contextlib.contextmanager
def sending() -> Iterator[None]:
    """Be granted as many descriptors under way as may be meanwhile: they are counted of an account,
    and another answer's may be as many as this process may usually open."""
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))


def close_all_but(*kept: int) -> None:
    """Close every descriptor but the standard ones, those `kept`, and those that imports need."""
    for low, high in pairwise([2, *sorted({*kept, *anchors()}), MOST_DESCRIPTORS]):
        os.closerange(low + 1, high)


def end_descendants() -> None:
    """Kill and reap whatever this process still has below it."""
    with contextlib.suppress(ChildProcessError):  # there is nothing left
        while True:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                # The first process of a namespace may kill all the others in it at once.
                for process in [-1] if os.getpid() == 1 else descendants():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                time.sleep(0.001)


def threads_of(user: int) -> int:
    """How many threads a user has, all in all."""
    count = 0
    for process in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{process}/status", "rb") as file:
            told = dict(line.split(maxsplit=1) for line in file if line[:4] in (b"Uid:", b"Thre"))
            if int(told[b"Uid:"].split()[0]) == user:
                count += int(told[b"Threads:"])
    return count


def working(processes: Iterable[int]) -> bool:
    """Whether a thread of one of these runs, or waits for its turn to, or for a disk."""
    every = (thread for process in processes for thread in threads(process))
    return any(_told(thread)[:1] in ([b"R"], [b"D"]) for thread in every)


def threads(process: int | str) -> list[str]:
    """The names in /proc of a process's threads; none when it is gone."""
    with contextlib.suppress(OSError):
        return [f"{process}/task/{thread}" for thread in os.listdir(f"/proc/{process}/task")]
    return []


def stopped(process: int) -> bool:
    """Whether a signal has stopped it, or will before it does anything."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/status", "rb") as file:
        told = dict(line.split(maxsplit=1) for line in file if line[:3] in (b"Sta", b"Sig", b"Shd"))
        pending = int(told[b"SigPnd:"], 16) | int(told[b"ShdPnd:"], 16)
        return told[b"State:"][:1] == b"T" or bool(pending & 1 << signal.SIGSTOP - 1)
    return False


def descendants() -> list[int]:
    """Every process below this one, those that it adopted among them.

    Where /proc tells nobody of who hides itself (its option `hidepid`), of those only children.
    """
    parents = dict.fromkeys(children(), os.getpid())
    for process in filter(str.isdigit, os.listdir("/proc")):
        if told := _told(process):
            parents[int(process)] = int(told[1])
    below, generation = [], {os.getpid()}
    while generation:
        generation = {process for process, parent in parents.items() if parent in generation}
        below += generation
    return below


def children(process: int | str = "self") -> list[int]:
    """The children of a process, also those of which /proc tells nothing else."""
    forked = []
    for thread in threads(process):
        with contextlib.suppress(OSError), open(f"/proc/{thread}/children", "rb") as file:
            forked += map(int, file.read().split())
    return forked


def unseen(processes: Iterable[int]) -> set[int]:
    """Those of these, and of their children, that are there, and of which /proc tells nothing."""
    if _told(os.getppid() or 1):  # the parent hides itself: /proc tells of everybody
        return set()
    return {one for one in {*processes}.union(*map(children, processes)) if _hidden(one)}


def _hidden(process: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        if not _told(process):
            os.kill(process, 0)
            return True
    return False


def _told(process: int | str) -> list[bytes]:
    """What the kernel tells of it: its state, its parent and so on; nothing when it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/stat", "rb") as file:
        # The name in parentheses may hold any bytes.
        return file.read().rpartition(b")")[2].split()
    return []
