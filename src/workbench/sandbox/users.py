"""Users that nobody is: root's judge gives each job one of its own, where the kernel lets it.

Root of a container may be root of some thousands of users only, or of itself alone, or lack the
right to become another: its jobs are its own user's then, and the other layers hold alone.
"""

import contextlib
import os
import pwd
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock

from workbench.sandbox.job import WorkerError
from workbench.sandbox.process import threads_of

MOST = range(1_500_000_000, 1_600_000_000)  # so many that no two jobs have the same
SHARE, FEWEST = 16, 256  # where there are fewer: of how many the last is taken, and may be too few
NOT_USERS = 65_534, 65_535  # who stands for those that are not known, and for nobody at all
# chown, dac_override, fowner, kill, setgid, setuid: what it takes to give a job to another user, to
# end it, and to clear up after it.
NEEDED = sum(1 << capability for capability in (0, 1, 3, 5, 6, 7))
TRIES = 1000
LENT: set[int] = set()
LENDING = Lock()


@contextlib.contextmanager
def lent() -> Iterator[int]:
    """A user whom meanwhile no other job is; one's own where no others can be had."""
    with LENDING:
        user = _drawn()
        LENT.add(user)
    try:
        yield user
    finally:
        LENT.discard(user)


def _drawn() -> int:
    """Raise WorkerError where nobody is left."""
    offered, draw = others(), random.SystemRandom()
    if not offered:
        return os.getuid()
    if offered == MOST:
        return draw.choice(offered)
    for _ in range(TRIES):
        user = draw.choice(offered)
        if not (user in NOT_USERS or user in LENT or _is_somebody(user) or threads_of(user)):
            return user
    raise WorkerError("no user is left whom an answer could be; try once more")


@cache
def others() -> range:
    """The users that a job of this process's may be, beside its own; none where it may not."""
    if os.getuid() or not _may_give():
        return range(0)
    every = [
        range(max(one.start, another.start, 1), min(one.stop, another.stop))
        for one in _known("uid")
        for another in _known("gid")
    ]
    if any(MOST[0] in one and MOST[-1] in one for one in every):
        return MOST
    # Above those that are somebody's; of groups there is one for each user.
    highest = max(every, key=lambda one: (one.stop, len(one)), default=range(0))
    offered = highest[len(highest) - len(highest) // SHARE :]
    return offered if len(offered) >= FEWEST else range(0)


def _may_give() -> bool:
    """Whether this process may do with other users what it takes."""
    told = Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0]
    groups = Path("/proc/self/setgroups").read_text().strip()
    return int(told, 16) & NEEDED == NEEDED and groups == "allow"


def _known(kind: str) -> list[range]:
    """The numbers that this namespace has for users, or for groups."""
    lines = Path(f"/proc/self/{kind}_map").read_text().splitlines()
    told = [list(map(int, line.split())) for line in lines]
    return [range(first, first + many) for first, _, many in told]


def _is_somebody(user: int) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwuid(user))
    return False
