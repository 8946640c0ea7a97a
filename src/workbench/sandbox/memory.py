"""The memory that a job's processes hold in sum; a limit of the kernel's is for each of them."""

import contextlib
import resource

PAGE = resource.getpagesize()
SOCKET = 1 << 18  # bytes: no less than what may wait in one


def exceeded(processes: list[int], limit: int) -> bool:
    """Whether they hold more bytes than this; what several share is counted once.

    What is resident is quick to ask for and counts what is shared for each; shares are asked for
    only when that is too much.
    """
    if sum(map(resident, processes)) <= limit:
        return False
    return sum(map(_share, processes)) > limit


def resident(process: int | str = "self") -> int:
    """The bytes of a process that are in memory; 0 when it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * PAGE
    return 0


def in_sockets() -> int:
    """The bytes that may wait in the sockets of this namespace; who has one may have ended."""
    with open("/proc/self/net/sockstat") as file:
        return int(file.readline().split()[2]) * SOCKET


def _share(process: int) -> int:
    """Its own bytes, and its part of those that it shares."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/smaps_rollup") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return resident(process)  # one that forbids to be looked at is counted in full
