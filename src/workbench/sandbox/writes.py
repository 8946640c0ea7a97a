"""Stopping a process at each system call that can change a file, so that somebody may look."""

import contextlib
import fcntl
import os
import platform
import stat
import struct
from functools import partial
from typing import NamedTuple

from workbench.sandbox.filters import (
    ALLOW,
    ARCHITECTURE,
    ASK_LISTENER,
    AUDIT_ARCH,
    NUMBER,
    Instruction,
    any_of,
    argument,
    decide,
    equal,
    installed,
    load,
)
from workbench.sandbox.process import seen

# Numbers of system calls, from the kernel's unistd.h: those that can change a file, and the last
# one of a process, before which the file is looked at once more.
# fmt: off
WRITING = {
    "x86_64": {
        "write": 1, "pwrite64": 18, "writev": 20, "pwritev": 296, "pwritev2": 328,
        "sendfile": 40, "splice": 275, "copy_file_range": 326,
        "fsync": 74, "fdatasync": 75, "truncate": 76, "ftruncate": 77, "fallocate": 285,
        "rename": 82, "renameat": 264, "renameat2": 316, "creat": 85,
        "link": 86, "linkat": 265, "symlink": 88, "symlinkat": 266,
        "unlink": 87, "unlinkat": 263, "mkdir": 83, "mkdirat": 258, "rmdir": 84,
        "mknod": 133, "mknodat": 259,
        "chmod": 90, "fchmod": 91, "fchmodat": 268, "exit_group": 231,
    },
    "aarch64": {
        "write": 64, "pwrite64": 68, "writev": 66, "pwritev2": 287,
        "pwritev": 70, "sendfile": 71, "splice": 76, "copy_file_range": 285,
        "fsync": 82, "fdatasync": 83, "truncate": 45, "ftruncate": 46, "fallocate": 47,
        "renameat": 38, "renameat2": 276, "linkat": 37, "symlinkat": 36,
        "unlinkat": 35, "mkdirat": 34, "mknodat": 33,
        "fchmod": 52, "fchmodat": 53, "exit_group": 94,
    },
}
NONE = 0xFFFFFFFF  # no call has this number
OTHERS = {
    "x86_64": {"mmap": 9, "openat": 257, "ioctl": 16, "open": 2},
    "aarch64": {"mmap": 222, "openat": 56, "ioctl": 29, "open": NONE},
}
# fmt: on
MAP_SHARED = 0x1  # what is written to such memory goes to the file
O_CREAT, O_TRUNC = 0x40, 0x200
CLONING = 0x40049409, 0x4020940D, 0xC0189436  # of ioctl: one file has another's content

NEW_LISTENER = 8
NOTIFICATION_RECEIVE, NOTIFICATION_SEND = 0xC0502100, 0xC0182101
NOTIFICATION_BYTES = 80
CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE: let the call happen


def report_writes() -> int:
    """Stop this process and its children at each call that can change a file.

    Give the descriptor that hears of it. Raise OSError where the kernel refuses, KeyError on a
    machine whose numbers are not known.
    """
    return installed(program, flags=NEW_LISTENER)


def program(machine: str) -> list[Instruction]:
    """What the kernel decides at each call: allow it, or ask the listener first."""
    calls = OTHERS[machine]
    return [
        load(ARCHITECTURE),
        equal(AUDIT_ARCH[machine], no="allow"),
        load(NUMBER),
        *(equal(number, yes="ask") for number in WRITING[machine].values()),
        equal(calls["mmap"], no="opening?"),
        load(argument(3)),
        any_of(MAP_SHARED, yes="ask", no="allow"),
        equal(calls["openat"], no="cloning?", label="opening?"),
        load(argument(2)),
        any_of(O_CREAT | O_TRUNC, yes="ask", no="allow"),
        equal(calls["ioctl"], no="opened?", label="cloning?"),
        load(argument(1)),
        *(equal(order, yes="ask") for order in CLONING),
        decide(ALLOW),
        equal(calls["open"], no="allow", label="opened?"),
        load(argument(1)),
        any_of(O_CREAT | O_TRUNC, yes="ask", no="allow"),
        decide(ALLOW, label="allow"),
        decide(ASK_LISTENER, label="ask"),
    ]


class Call(NamedTuple):
    """A system call that is held: its id, the thread that makes it, its number and arguments."""

    id: int
    pid: int
    number: int
    arguments: tuple[int, ...]


def next_write(listener: int) -> Call:
    """Wait for the next such call; `proceed` lets it go on.

    Raise FileNotFoundError when the process died meanwhile.
    """
    notification = bytearray(NOTIFICATION_BYTES)
    fcntl.ioctl(listener, NOTIFICATION_RECEIVE, notification, True)
    number, pid, call, *arguments = struct.unpack_from("QI4xi12x6Q", notification)
    return Call(number, pid, call, tuple(arguments))


def mapped(call: Call) -> tuple[int, int] | None:
    """Device and inode of a file that the call makes part of memory, and that can be written so.

    None where it does not. What it allows by now does not count: more can be allowed later, by a
    call that is not held. Raise PermissionError where it could be any file: nobody may look, or
    another thread can have the number stand for another one until the call happens.
    """
    if call.number != OTHERS[platform.machine()]["mmap"]:
        return None
    descriptor = f"/proc/{call.pid}/fd/{call.arguments[4] & 0xFFFFFFFF}"
    if len(os.listdir(f"/proc/{call.pid}/task")) > 1:
        raise PermissionError
    with contextlib.suppress(FileNotFoundError):
        return seen(call.pid, partial(_written, descriptor))
    return None


def _written(descriptor: str) -> tuple[int, int] | None:
    """Device and inode of the file of a descriptor by which it may be written; else None."""
    if not os.lstat(descriptor).st_mode & stat.S_IWUSR:
        return None
    status = os.stat(descriptor)
    return status.st_dev, status.st_ino


def proceed(listener: int, call: Call) -> None:
    """Let the call happen at which the process is held."""
    reply = struct.pack("QqiI", call.id, 0, 0, CONTINUE)
    with contextlib.suppress(FileNotFoundError):  # the process has died meanwhile
        fcntl.ioctl(listener, NOTIFICATION_SEND, reply)
