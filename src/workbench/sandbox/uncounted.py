"""What the kernel keeps for a job that counts for no process's memory: locks on files, pipes, and
what files of /proc tell.

Of either, no answer needs so many. Locks fill the memory of the machine, as does what an open file
of /proc has told of them. Of pipes, the kernel grants an ordinary user's account so many, and makes
those beyond too small for other answers.
"""

import contextlib
import os
import stat
from collections.abc import Collection
from functools import partial

from workbench.sandbox.process import seen, threads

LOCKS, PIPES = 1024, 256
EVERYBODYS = 1 << 20  # bytes that are read where the locks of the whole machine are told
PIECE = 1 << 16


def exceeded(processes: Collection[int]) -> bool:
    """Whether these processes hold too many locks, pipes or files of /proc."""
    return _locks(processes) > LOCKS or _pipes(processes) > PIPES


def _locks(processes: Collection[int]) -> int:
    """Their locks, also those that are waited for; the rest is not read where they are too many."""
    count, read, owners = 0, 0, {b"%d" % process for process in processes}
    # A reader of lines would look up more than is told, ten times a second.
    with contextlib.suppress(OSError), open("/proc/locks", "rb", buffering=0) as file:
        while count <= LOCKS and read < EVERYBODYS and (piece := file.read(PIECE)):
            read += len(piece)
            # After who holds it come the file, and its first and last byte. Lines are told whole.
            count += sum(line.split()[-4] in owners for line in piece.splitlines())
    return count


def _pipes(processes: Collection[int]) -> int:
    """Their pipes, those with names among them, and files of /proc; all that is open where that is
    not too much."""
    if len(processes) < 2:
        return 0  # who is alone can open no more
    tables = list(map(_table, processes))
    count = sum(size for _, size in tables)
    if count <= PIPES:
        return count
    pipes, unseen = set(), 0
    for path, size in tables:
        process = os.path.dirname(path)
        try:
            pipes |= seen(process.removeprefix("/proc/"), partial(_pipes_of, path))
        except OSError:  # it is gone, about to end, or forbids to be looked at
            unseen += size if _has_memory(process) else 0
        if len(pipes) + unseen > PIPES:
            break
    return len(pipes) + unseen


def _pipes_of(path: str) -> set[tuple]:
    """The pipes among a process's descriptors, and each that is of a file of /proc; not many more
    than are too many."""
    pipes, told_by = set(), os.stat(path).st_dev
    for name in os.listdir(path):
        with contextlib.suppress(FileNotFoundError):
            told = os.stat(f"{path}/{name}")
            if stat.S_ISFIFO(told.st_mode):
                pipes.add((told.st_dev, told.st_ino))
            elif told.st_dev == told_by:
                pipes.add((path, name))
        if len(pipes) > PIPES:
            break
    return pipes


def _table(process: int) -> tuple[str, int]:
    """Where a process's descriptors stand, and how many they are; where its first thread has ended,
    those of another one."""
    if size := _size(process):
        return f"/proc/{process}/fd", size
    every = ((f"/proc/{thread}/fd", _size(thread)) for thread in threads(process))
    return next(filter(lambda table: table[1], every), ("", 0))


def _size(process: int | str) -> int:
    """How many descriptors a process has; before Linux 6.2, how many it has room for."""
    with contextlib.suppress(OSError):
        return os.stat(f"/proc/{process}/fd").st_size or int(_told(f"/proc/{process}", b"FDSize"))
    return 0


def _has_memory(path: str) -> bool:
    """Whether a process is not about to end: what it has open it gives up after its memory."""
    with contextlib.suppress(OSError):
        return _told(path, b"VmRSS") != b"0"
    return False


def _told(path: str, name: bytes) -> bytes:
    """What the kernel tells of a process under this name; 0 where it does not."""
    with open(f"{path}/status", "rb") as file:
        return next((line.split()[1] for line in file if line.startswith(name)), b"0")
