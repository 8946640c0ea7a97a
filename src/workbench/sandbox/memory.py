"""The memory that a job's processes hold in sum; a limit of the kernel's is for each of them."""

import contextlib
from pathlib import Path

from workbench.sandbox import uncounted
from workbench.sandbox.process import descendants, seen, threads, unseen
from workbench.sandbox.stillness import Others

SOCKET = 1 << 19  # bytes: no less than what may wait in one, of two pieces, say


def exceeded(child: int, limit: int, hides: bool) -> bool:
    """Whether what is below this process holds more bytes than this, or what counts for none; what
    several share is counted once. hides: whether the child is one of which /proc may tell nothing.

    What is resident is quick to ask for and counts what is shared for each. Shares are asked for
    only when that is too much, and while none but this child could take more.
    """
    whole = {process: resident(process) for process in descendants()}
    if uncounted.exceeded(whole) or unseen(whole) - ({child} if hides else set()):
        return True
    if sum(whole.values()) <= limit:
        return False
    shares, others = 0, Others(child)
    while shares <= limit < shares + sum(whole.values()):
        others.stop()  # also who is new; of whom it shares with enough is known without asking it
        largest = max(whole, key=whole.get)
        del whole[largest]
        shares += _share(largest)
    if shares <= limit:  # else their end is near
        others.go_on()
    return shares > limit


def resident(process: int | str = "self") -> int:
    """The bytes of a process that are in memory, and those of the tables that say where; 0 when it
    is gone.

    Where its first thread has ended, another one tells them.
    """
    held = sum(_held(process))
    return held or max((sum(_held(thread)) for thread in threads(process)), default=0)


def _held(process: int | str) -> tuple[int, int]:
    """Bytes in memory and bytes of tables, of which there may be far more than of memory."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/status", "rb") as file:
        told = dict(line.split(b":") for line in file if line.startswith((b"VmRSS", b"VmPTE")))
        return _bytes(told.get(b"VmRSS")), _bytes(told.get(b"VmPTE"))
    return 0, 0


def _bytes(told: bytes | None) -> int:
    return int(told.split()[0]) << 10 if told else 0


def in_sockets() -> int:
    """The bytes that may wait in the sockets of this namespace; who has one may have ended."""
    with open("/proc/self/net/sockstat") as file:
        return int(file.readline().split()[2]) * SOCKET


def _share(process: int) -> int:
    """Its own bytes, tables among them, and its part of those that it shares."""
    with contextlib.suppress(OSError):
        told = seen(process, Path(f"/proc/{process}/smaps_rollup").read_text)
        for line in told.splitlines():
            if line.startswith("Pss:"):
                return (int(line.split()[1]) << 10) + _held(process)[1]
    return resident(process)  # one that forbids to be looked at is counted in full
