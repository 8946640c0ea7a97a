"""What the kernel takes away from a process before it runs a learner's code.

Namespaces (processes, mounts, network, IPC; as an ordinary user through a user namespace) show a
process only its own processes, a loopback of its own and its job's folder as `/tmp`; Landlock then
allows reading the Python installation and system libraries and writing that folder, nothing else;
privileges, groups and capabilities are dropped; rlimits bound the rest. A layer that is missing is
left out.

Residual risk: memory is bounded per process, not per job; a kernel with neither Landlock nor user
namespaces leaves an ordinary user's files readable (as root the worker is still an unprivileged
user); a job can fill the disk of the temporary folder until its time is up; and the learner's code
shares its process with the probe, so what a probe says is a claim: judges read files themselves,
answer calls from outside, and measure real time outside.
"""

import contextlib
import fcntl
import os
import resource
import socket
import struct
import sys
from pathlib import Path

from workbench.sandbox import process
from workbench.sandbox.process import kernel

# From sched.h.
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x20000, 0x8000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
# From sys/mount.h.
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40
CAPABILITY_VERSION_3 = 0x20080522

# Landlock's system calls, the same numbers on every machine, and its rights, from linux/landlock.h.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULESET_VERSION, RULE_PATH_BENEATH = 1, 1
EXECUTE_READ_LIST = 0xD
USE_FILE = 0x4007  # execute, write, read, truncate
EVERY_RIGHT = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}  # by version; more since
EVERY_RIGHT_SINCE = 0xFFFF
SCOPED_SINCE, SCOPED = 6, 3  # no signals and no abstract sockets out of the confined processes

SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc"),
    *("/sys/fs/cgroup", "/sys/devices/system"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def separate() -> None:
    """Move into new namespaces (the process namespace begins with the next fork)."""
    uid, gid = os.getuid(), os.getgid()
    wanted = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
    with contextlib.suppress(OSError):
        kernel("unshare", wanted if uid == 0 else wanted | CLONE_NEWUSER)
        if uid:
            # The order is the kernel's: without "deny" an ordinary user may map no group.
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{uid} {uid} 1")
            _write("/proc/self/gid_map", f"{gid} {gid} 1")
        with socket.socket() as loopback:
            request = struct.pack("16sh14x", b"lo", IFF_UP | IFF_RUNNING)
            fcntl.ioctl(loopback, SIOCSIFFLAGS, request)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def mount(folder: str, hidden: list[str], readable: list[str]) -> str:
    """Show `folder` as /tmp and hide what is not a learner's business.

    Give the path under which the folder is seen then: /tmp, or as before where mounting is refused.
    """
    # Held open from here on: a project below /tmp can then still be shown after /tmp is covered.
    reachable = {
        path: os.open(path, os.O_PATH) for path in (sys.prefix, sys.base_prefix, *readable)
    }
    barriers = {barrier for path in reachable if (barrier := _barrier(path))}
    try:
        _mount(b"none", "/", MS_REC | MS_PRIVATE)  # nothing that is mounted here is seen outside
        _mount(folder.encode(), "/tmp", MS_BIND)
    except OSError:
        return folder
    with contextlib.suppress(OSError):
        _mount(b"proc", "/proc", kind=b"proc")
    for path in ("/dev/shm", *barriers):
        _cover(path, b"mode=0755" if path in barriers else None)
    for path, descriptor in reachable.items():
        if not os.path.exists(path):  # behind one of the new mounts
            os.makedirs(path)
            _mount(f"/proc/self/fd/{descriptor}".encode(), path, MS_BIND)
        os.close(descriptor)
    for path in hidden:
        _cover(path)
    return "/tmp"


def _cover(path: str, options: bytes | None = None) -> None:
    """Mount an empty folder over `path`, if there is one to cover."""
    with contextlib.suppress(OSError):
        _mount(b"tmpfs", path, kind=b"tmpfs", options=options)


def _mount(
    source: bytes,
    target: str,
    flags: int = 0,
    kind: bytes | None = None,
    options: bytes | None = None,
) -> None:
    kernel("mount", source, target.encode(), kind, flags, options)


def _barrier(path: str) -> str | None:
    """The outermost folder on the way to `path` that only its owner may enter, as root's home."""
    outside_in = reversed(Path(path).parents)
    return next((str(parent) for parent in outside_in if not parent.stat().st_mode & 0o1), None)


def set_apart(folder: str) -> None:
    """Make `folder` a file system of its own: moving a file into it from outside is a copy."""
    with contextlib.suppress(OSError):
        _mount(folder.encode(), folder, MS_BIND)


def confine(home: str, uid: int, readable: list[str], limits: dict) -> int:
    """Give up, for good, everything a learner's code does not need.

    Give the version of Landlock that holds from here on, 0 for none.

    limits: cpu (seconds), memory (MB beyond what is in use), files, processes, file_size (bytes).
    """
    _bound(limits)
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    with contextlib.suppress(OSError, AttributeError):
        process.own_proc_files()
        kernel("capset", struct.pack("Ii", CAPABILITY_VERSION_3, 0), bytes(24))
        process.gain_nothing()
        return _landlock(home, readable)
    return 0


def _bound(limits: dict) -> None:
    with open("/proc/self/statm") as file:
        in_use = int(file.read().split()[0]) * resource.getpagesize()
    # After the soft limit of CPU comes SIGXCPU, which tells; a second later SIGKILL.
    bounds = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (limits["cpu"], limits["cpu"] + 1),
        resource.RLIMIT_AS: (in_use + (limits["memory"] << 20),) * 2,
        resource.RLIMIT_NOFILE: (limits["files"],) * 2,
        resource.RLIMIT_NPROC: (limits["processes"],) * 2,
        resource.RLIMIT_FSIZE: (limits["file_size"],) * 2,
    }
    for name, (soft, hard) in bounds.items():
        resource.setrlimit(name, (int(soft), int(hard)))


def _landlock(home: str, readable: list[str]) -> int:
    version = kernel("syscall", CREATE_RULESET, None, 0, RULESET_VERSION)
    every = EVERY_RIGHT.get(version, EVERY_RIGHT_SINCE)
    described = struct.pack("QQQ", every, 0, SCOPED if version >= SCOPED_SINCE else 0)
    rules = kernel("syscall", CREATE_RULESET, described, len(described), 0)
    rights = {
        **dict.fromkeys((*SYSTEM, sys.prefix, sys.base_prefix, *readable), EXECUTE_READ_LIST),
        **dict.fromkeys(DEVICES, USE_FILE),
        **dict.fromkeys((home, "/dev/shm"), every),
    }
    for path, allowed in rights.items():
        with contextlib.suppress(OSError):  # one that is not there needs no rule
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rule = struct.pack("=Qi", allowed & every, descriptor)
            kernel("syscall", ADD_RULE, rules, RULE_PATH_BENEATH, rule, 0)
            os.close(descriptor)
    kernel("syscall", RESTRICT_SELF, rules, 0)
    os.close(rules)
    return version
