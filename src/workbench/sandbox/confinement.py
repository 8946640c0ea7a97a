"""What the kernel takes away from a process before it runs a learner's code. A layer that is missing is left out.

Namespaces (processes, mounts, network, IPC; as an ordinary user through a user namespace) show a process only its
own processes, a loopback of its own and its job's folder as `/tmp`; Landlock then allows reading the Python
installation and system libraries and writing that folder, nothing else; privileges, groups and capabilities are
dropped; rlimits bound the rest.

Residual risk: memory is bounded per process, not per job; a kernel with neither Landlock nor user namespaces leaves
an ordinary user's files readable (as root the worker is still an unprivileged user); a job can fill the disk of the
temporary folder until its time is up; and the learner's code shares its process with the probe, so what a probe says
is a claim: judges read files themselves, answer calls from outside, and measure real time outside.
"""

import contextlib
import ctypes
import fcntl
import os
import platform
import resource
import socket
import struct
import sys
from pathlib import Path

NEWNS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
READ, FILE, EVERYTHING = 0xD, 0x4007, {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc",
    "/proc",
    "/sys/fs/cgroup",
    "/sys/devices/system",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# System calls that can change a file, and the last one of a process: at each the file is looked at, see `watched`.
WRITING = {
    "x86_64": (1, 18, 20, 40, 74, 75, 76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 231, 258, 263, 264, 265, 266, 268,
               275, 285, 296, 316, 326, 328),
    "aarch64": (34, 35, 36, 37, 38, 45, 46, 47, 52, 53, 64, 66, 68, 70, 71, 76, 82, 83, 94, 276, 285, 287),
}  # fmt: skip
MAPPING = {
    "x86_64": 9,
    "aarch64": 222,
}  # mmap: of interest where what is written to memory goes to a file
OPENING = {
    "x86_64": 257,
    "aarch64": 56,
}  # openat: of interest where it may create (0x40) or empty (0x200) a file
ARCHITECTURE = {"x86_64": (0xC000003E, 317), "aarch64": (0xC00000B7, 277)}


def _call(name, *arguments) -> int:
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    result = function(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{name} is refused")
    return result


def separate() -> None:
    """Move into new namespaces (the process namespace begins with the next fork)."""
    uid, gid, wanted = os.getuid(), os.getgid(), NEWNS | NEWIPC | NEWPID | NEWNET
    with contextlib.suppress(OSError):
        _call("unshare", wanted if uid == 0 else wanted | NEWUSER)
        if uid:
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{uid} {uid} 1"),
                ("gid_map", f"{gid} {gid} 1"),
            ):
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(text)
        with socket.socket() as loopback:
            fcntl.ioctl(
                loopback, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40)
            )  # SIOCSIFFLAGS: up, running


def mount(folder: str, hidden: list[str], readable: list[str]) -> str:
    """Show `folder` as /tmp, hide what is not a learner's business; give the path under which the folder is seen."""
    reachable = {
        path: os.open(path, os.O_PATH) for path in (sys.prefix, sys.base_prefix, *readable)
    }
    barriers = {
        place for path in reachable for place in [_barrier(path)] if place
    }  # before /tmp hides a project in it
    try:
        _call(
            "mount", b"none", b"/", None, 0x4000 | 0x40000, None
        )  # recursive, private: nothing leaks outside
        _call("mount", folder.encode(), b"/tmp", None, 0x1000, None)  # bind
    except OSError:
        return folder
    fresh = [
        ("proc", "/proc"),
        ("tmpfs", "/dev/shm"),
        *(("tmpfs", path) for path in (*barriers, *hidden)),
    ]
    for kind, target in fresh:
        with contextlib.suppress(OSError):
            _call(
                "mount",
                kind.encode(),
                target.encode(),
                kind.encode(),
                0,
                b"mode=0755" if target in barriers else None,
            )
    for path, place in reachable.items():
        if not os.path.exists(path):  # behind one of the new mounts
            os.makedirs(path)
            _call("mount", f"/proc/self/fd/{place}".encode(), path.encode(), None, 0x1000, None)
        os.close(place)
    return "/tmp"


def _barrier(path: str) -> str | None:
    """The outermost folder on the way to `path` that only its owner may enter, as root's home is."""
    return next(
        (str(place) for place in reversed(Path(path).parents) if not place.stat().st_mode & 0o1),
        None,
    )


def set_apart(folder: str) -> None:
    """Make `folder` a file system of its own as far as renaming goes: moving into it from outside is a copy."""
    with contextlib.suppress(OSError):
        _call("mount", folder.encode(), folder.encode(), None, 0x1000, None)


def confine(home: str, uid: int, readable: list[str], limits: dict) -> None:
    """Give up, for good, everything a learner's code does not need."""
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    megabyte = 1 << 20
    bounds = {"CORE": 0, "CPU": limits["cpu"], "AS": used + limits["memory"] * megabyte, "NOFILE": limits["files"],
              "NPROC": limits["processes"], "FSIZE": limits["file_size"]}  # fmt: skip
    for name, bound in bounds.items():
        resource.setrlimit(
            getattr(resource, f"RLIMIT_{name}"), (int(bound), int(bound) + (name == "CPU"))
        )
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    with contextlib.suppress(OSError, AttributeError):
        header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
        _call("prctl", 4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: its own /proc/self stays its own
        _call("capset", header, nothing)
        _call("prctl", 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        _landlock(home, readable)


def _landlock(home: str, readable: list[str]) -> None:
    abi = _call("syscall", 444, None, 0, 1)
    handled = EVERYTHING.get(abi, 0xFFFF)
    rules = _call("syscall", 444, struct.pack("QQQ", handled, 0, 3 if abi >= 6 else 0), 24, 0)
    grants = [(home, handled), ("/dev/shm", handled), *((path, FILE) for path in DEVICES)]
    for path, allowed in grants + [
        (path, READ) for path in (*SYSTEM, sys.prefix, sys.base_prefix, *readable)
    ]:
        with contextlib.suppress(OSError):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            _call("syscall", 445, rules, 1, struct.pack("=Qi", allowed & handled, place), 0)
            os.close(place)
    _call("syscall", 446, rules, 0)
    os.close(rules)


def report_writes() -> int:
    """Stop this process and its children at each call that can change a file; give the descriptor that hears of it."""
    machine = platform.machine()
    architecture, seccomp = ARCHITECTURE[machine]
    numbers = WRITING[machine]
    lines = [(0x20, 0, 0, 4), (0x15, 0, len(numbers) + 7, architecture), (0x20, 0, 0, 0)]
    lines += [(0x15, len(numbers) + 6 - place, 0, number) for place, number in enumerate(numbers)]
    lines += [
        (0x15, 0, 2, MAPPING[machine]),
        (0x20, 0, 0, 40),
        (0x45, 4, 3, 1),
    ]  # is it MAP_SHARED?
    lines += [
        (0x15, 0, 2, OPENING[machine]),
        (0x20, 0, 0, 32),
        (0x45, 1, 0, 0x240),
    ]  # may it create or empty?
    lines += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x7FC00000)]  # allow; ask the listener
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    packed = struct.pack("H6xQ", len(lines), ctypes.addressof(program))
    return _call("syscall", seccomp, 1, 8, packed)  # filter, with a new listener


def next_write(listener: int) -> int:
    """Wait for the next such call and give its id; `proceed` lets it go on."""
    notice = bytearray(80)
    fcntl.ioctl(listener, 0xC0502100, notice, True)
    return struct.unpack_from("Q", notice)[0]


def proceed(listener: int, notice: int) -> None:
    with contextlib.suppress(FileNotFoundError):  # the process has died meanwhile
        fcntl.ioctl(listener, 0xC0182101, struct.pack("QqiI", notice, 0, 0, 1))
