"""What the kernel takes away from a process before it runs a learner's code.

In a small root (see `root`) a process sees its own processes, a loopback of its own, and nothing of
the disk but the installation; Landlock then allows reading the Python installation and system
libraries and writing its job's folder, nothing else; privileges, groups and capabilities are
dropped; system calls that no answer needs are refused; rlimits bound the rest. Where a layer is
missing, the others hold alone, and every report says so.

The learner's code shares its process with the probe, so what a probe says is a claim: judges read
files themselves, answer calls from outside, and measure real time outside.
"""

import contextlib
import errno
import os
import resource
import socket
import struct
import threading
from collections.abc import Iterable
from pathlib import Path

from workbench.sandbox import filters, process, refusals, stillness, users, writes
from workbench.sandbox.process import kernel
from workbench.sandbox.root import DEVICES, HOME, SHARED, SYSTEM, prefixes

CAPABILITY_VERSION_3 = 0x20080522
SIGNALS = 1024  # and timers, under way: the kernel counts, and keeps, those of a whole account
STACK = 8 << 20  # bytes of addresses that a thread takes for its stack, and hardly any memory

# Landlock's system calls, the same numbers on every machine, and its rights, from linux/landlock.h.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULESET_VERSION, RULE_PATH_BENEATH = 1, 1
EXECUTE, EXECUTE_READ, LIST = 0x1, 0x5, 0x8
EXECUTE_READ_LIST = EXECUTE_READ | LIST
USE_FILE = 0x4007  # execute, write, read, truncate
REFER = 0x2000  # move a file from one folder into another
EVERY_RIGHT = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}  # by version; more since
EVERY_RIGHT_SINCE = 0xFFFF
LOGS_SINCE, LOG_NOTHING = 7, 1  # what is refused does not stand in the machine's log
SCOPED_SINCE, SCOPED = 6, 3  # no signals and no abstract sockets out of the confined processes
NO_ROOM = (errno.ENOMEM, 524)  # the second, ENOTSUPP, for compiled filters


def prepare(apart: bool) -> None:
    """Have made by now what confining takes each time, also for those that are forked later."""
    threading.stack_size(STACK)  # else it is what the judge's shell allowed, when this began
    with contextlib.suppress(KeyError):  # a machine whose numbers are not known
        for program in (writes.program, stillness.program):
            filters.code_of(program)
        for network in (False, True):
            modes = apart or bool(users.others())
            filters.code_of(refusals.program, _families(apart, network), modes, network)


def confine(
    home: str,
    user: int,
    readable: Iterable[str],
    hidden: Iterable[str],
    limits: dict,
    moved_into: str = "",
    held: bool = False,
    hides: bool = False,
) -> int:
    """Give up, for good, everything a learner's code does not need.

    Give the version of Landlock that holds from here on, 0 for none. Raise OSError where the kernel
    has no room left to refuse calls.

    home: the job's folder; where it is HOME, in a small root, which has nothing that is hidden.
    limits: cpu (seconds), memory (MB beyond what is in use and stacks), files, processes, file_size
    (bytes), network. moved_into: a folder that nothing may be moved into from outside of it; held:
    whether it will be held still; hides: whether it stays one that no other may look into.
    """
    apart, own, granted = home == HOME, user != os.getuid(), limits["processes"]
    if not own and not apart:  # the kernel counts whatever else this user runs
        limits = limits | {"processes": limits["processes"] + process.threads_of(user)}
    _bound(limits, granted)
    read = ["/"] if apart else [*SYSTEM, "/etc", "/proc", *prefixes(), *readable]
    modes, network = apart or own, limits["network"]
    # Made while every folder on the way can still be entered.
    rules, version = _rules(read, [] if apart else hidden, _written(home, modes))
    if own:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    with contextlib.suppress(OSError, AttributeError):
        if not hides:
            process.show_oneself()
        process.take_small_pages()
        kernel("capset", struct.pack("Ii", CAPABILITY_VERSION_3, 0), bytes(24))
        process.gain_nothing()
    if version:
        kernel("syscall", RESTRICT_SELF, rules, LOG_NOTHING if version >= LOGS_SINCE else 0)
        os.close(rules)
    if moved_into:
        _keep_apart(moved_into)
    _refuse(held, _families(apart, network), modes, network)
    return version


def _refuse(held: bool, families: tuple[int, ...], modes: bool, network: bool) -> None:
    """Refuse what no answer needs, where this kernel can and the machine's numbers are known."""
    try:
        if held:
            filters.installed(stillness.program)
        refusals.refuse(families, modes, network)
    except KeyError:
        pass
    except OSError as error:  # one that could, and has no room left, refuses nothing
        if error.errno in NO_ROOM:
            raise


def _keep_apart(folder: str) -> None:
    """Refuse, from here on, to move a file into this folder from outside of it, as if it lay on
    another file system: then it is copied. Without Landlock it can be moved."""
    with contextlib.suppress(OSError):
        described = struct.pack("Q", REFER)
        rules = kernel("syscall", CREATE_RULESET, described, len(described), 0)
        _allow(rules, folder, REFER)
        kernel("syscall", RESTRICT_SELF, rules, 0)
        os.close(rules)


def _families(apart: bool, network: bool) -> tuple[int, ...]:
    """The sockets there may be: those that reach nothing but the job itself, or are needed."""
    if apart or network:
        return *refusals.LOCAL, *refusals.INTERNET
    return (socket.AF_NETLINK,)


def _bound(limits: dict, granted: int) -> None:
    with open("/proc/self/statm") as file:
        in_use = int(file.read().split()[0]) * resource.getpagesize()
    # Memory in sum is looked at elsewhere: that an answer has threads is not to cost it any.
    addresses = in_use + (limits["memory"] << 20) + granted * STACK
    # After the soft limit of CPU comes SIGXCPU, which tells; a second later SIGKILL. One byte is
    # the size of a core at which also a program that takes cores gets none.
    bounds = {
        resource.RLIMIT_CORE: (1, 1),
        resource.RLIMIT_CPU: (limits["cpu"], limits["cpu"] + 1),
        resource.RLIMIT_AS: (addresses,) * 2,
        resource.RLIMIT_STACK: (STACK, STACK),
        resource.RLIMIT_SIGPENDING: (SIGNALS, SIGNALS),
        resource.RLIMIT_MEMLOCK: (0, 0),
        resource.RLIMIT_NOFILE: (limits["files"],) * 2,
        resource.RLIMIT_NPROC: (limits["processes"],) * 2,
        resource.RLIMIT_FSIZE: (limits["file_size"],) * 2,
    }
    for name, limits_given in bounds.items():
        allowed = resource.getrlimit(name)[1]  # an account may have less than is granted here
        least = (
            int(limit) if allowed == resource.RLIM_INFINITY else min(int(limit), allowed)
            for limit in limits_given
        )
        resource.setrlimit(name, tuple(least))


def _rules(read: list[str], hidden: Iterable[str], written: dict[str, int]) -> tuple[int, int]:
    """Landlock's rules, by their descriptor, and its version; 0 where there is none."""
    try:
        version = kernel("syscall", CREATE_RULESET, None, 0, RULESET_VERSION)
    except OSError:
        return 0, 0
    every = EVERY_RIGHT.get(version, EVERY_RIGHT_SINCE)
    described = struct.pack("QQQ", every, 0, SCOPED if version >= SCOPED_SINCE else 0)
    rules = kernel("syscall", CREATE_RULESET, described, len(described), 0)
    rights = {
        **_of_readers(read, hidden),
        **dict.fromkeys(DEVICES, USE_FILE),
        **written,
    }
    for path, allowed in rights.items():
        with contextlib.suppress(OSError):  # one that is not there needs no rule
            _allow(rules, path, allowed & every)
    return rules, version


def _written(home: str, runs: bool) -> dict[str, int]:
    """The rights to what may be written: a lock that processes share is a file in SHARED.

    runs: whether programs may be run that lie there. One that nobody may read hides who runs it;
    where modes cannot be changed, hardly any of an answer's own could be run anyway.
    """
    every = EVERY_RIGHT_SINCE if runs else EVERY_RIGHT_SINCE & ~EXECUTE
    return dict.fromkeys((home, SHARED), every)


def _of_readers(read: list[str], hidden: Iterable[str]) -> dict[str, int]:
    """The rights to what may be read, by path.

    A right cannot be taken away below: of folders on the way to a hidden one only names are told,
    and what else lies in them has rights of its own.
    """
    rights: dict[str, int] = {}
    if not (folders := list(filter(os.path.isdir, hidden))):
        return {path: _of_reader(path) for path in read}
    pending = [Path(path).resolve() for path in read]
    kept = [Path(path).resolve() for path in folders]
    while pending:
        path = pending.pop()
        if any(path.is_relative_to(folder) for folder in kept):
            continue
        rights[str(path)] = _of_reader(str(path))
        if any(folder.is_relative_to(path) for folder in kept):
            rights[str(path)] = LIST
            with contextlib.suppress(OSError):  # one that cannot be listed
                pending += [
                    Path(inner.path) for inner in os.scandir(path) if not inner.is_symlink()
                ]
    return rights


def _of_reader(path: str) -> int:
    return EXECUTE_READ_LIST if os.path.isdir(path) else EXECUTE_READ


def _allow(rules: int, path: str, rights: int) -> None:
    """Add a rule to those of this descriptor: what may be done below a path."""
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, descriptor)
    kernel("syscall", ADD_RULE, rules, RULE_PATH_BENEATH, rule, 0)
    os.close(descriptor)
