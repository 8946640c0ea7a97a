"""A small root: a tree of mounts of its own in which there is only what an answer may see.

The interpreter and the system's libraries are there to read, with what those read of `/etc`;
`/tmp` and `/dev/shm` are the job's, of a fixed size, and gone with its last process; `/run`,
`/var`, homes and devices are empty or absent.
"""

import contextlib
import fcntl
import os
import socket
import struct
import sys
from collections.abc import Iterable

from workbench.sandbox import users
from workbench.sandbox.process import kernel

# From sched.h.
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x20000, 0x8000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWUTS = 0x20000000, 0x40000000, 0x4000000
# From sys/mount.h and linux/mount.h.
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x1000, 0x4000, 0x40000
MNT_DETACH, AT_FDCWD, AT_RECURSIVE = 2, -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 0x1, 0x2
MOUNT_SETATTR = 442  # the system call's number, the same on every machine; Linux 5.12
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40

SYSTEM = (
    *("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin"),
    *("/sys/fs/cgroup", "/sys/devices/system"),
    # What libraries read, and nothing that tells of who uses this machine.
    *("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d"),
    *("/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/ca-trust"),
    *("/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/services", "/etc/protocols"),
    *("/etc/os-release", "/etc/fonts"),
)
NAME = "workbench"  # of the machine
MADE_UP = {
    "passwd": "root:x:0:0::/:/bin/sh\n{name}:x:{user}:{group}::{home}:/bin/sh\n",
    "group": "root:x:0:\n{name}:x:{group}:\n",
    "hosts": "127.0.0.1 localhost {name}\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
# Not /dev/zero: what is shared through it is memory that counts for no process.
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
STREAMS = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}  # as shells name them
HOME, SHARED = "/tmp", "/dev/shm"
SKELETON = "mode=0755,size=1m,nr_inodes=4096"  # folders to mount on, and nothing else
INODES = 16384  # of a job
BUFFERS = "4096 65536 65536"  # bytes that wait in an end of a connection: least, at first, most


def separate() -> None:
    """Move into new namespaces; raise OSError where they are refused.

    The namespace of processes begins with the next fork.
    """
    uid, gid, alone = os.getuid(), os.getgid(), not users.others()
    wanted = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS
    kernel("unshare", wanted | CLONE_NEWUSER if alone else wanted)
    if alone:
        # The order is the kernel's: without "deny" who may not map others may map no group.
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    socket.sethostname(NAME)
    with socket.socket() as loopback:
        request = struct.pack("16sh14x", b"lo", IFF_UP | IFF_RUNNING)
        fcntl.ioctl(loopback, SIOCSIFFLAGS, request)


def enter(user: int, disk: int, readable: Iterable[str], hidden: Iterable[str]) -> None:
    """Make the small root and be in it, in its HOME; raise OSError where that is refused.

    user: whose HOME and SHARED are; disk: MB that both may hold; hidden: folders that are empty.
    """
    # Held open from here on: what lies below /tmp can then still be shown after that is covered.
    shown = {path: os.open(path, os.O_PATH) for path in _outermost(readable)}
    _mount("none", "/", MS_REC | MS_PRIVATE)  # nothing that is mounted here is seen outside
    _mount("tmpfs", HOME, MS_NOSUID | MS_NODEV, "tmpfs", SKELETON)
    os.chdir(HOME)
    for path in ("proc", "run", "tmp", "home", "etc", "dev/shm"):
        os.makedirs(path)
    _lend(user, disk)
    for path, descriptor in shown.items():
        _show(path, f"/proc/self/fd/{descriptor}")
        os.close(descriptor)
    for name, number in STREAMS.items():
        os.symlink(f"/proc/self/fd{number}", f"dev/{name}")
    ids = {"user": user, "group": os.getgid() if user == os.getuid() else user}
    for name, text in MADE_UP.items():
        with open(f"etc/{name}", "w") as file:
            file.write(text.format(name=NAME, home=HOME, **ids))
    # Refused to an ordinary user where parts of the old one are covered, as in a container. That
    # one will not do: it tells of all that runs there, by other numbers, and all would be counted.
    _mount("proc", "proc", MS_NOSUID, "proc")
    with contextlib.suppress(OSError):  # where that one may only be read
        for way in ("rmem", "wmem"):  # else the kernel grants each end some MB
            with open(f"proc/sys/net/ipv4/tcp_{way}", "w") as file:
                file.write(BUFFERS)
    for path in hidden:
        if os.path.isdir(f".{path}"):
            _mount("tmpfs", f".{path}", 0, "tmpfs", SKELETON)
    _mark(".", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0)
    for path in (HOME, SHARED):
        _mark(f".{path}", 0, 0, MOUNT_ATTR_RDONLY)
    kernel("pivot_root", b".", b".")  # the old root is now above the new one
    kernel("umount2", b".", MNT_DETACH)
    os.chdir(HOME)


def set_apart(folder: str) -> None:
    """Make `folder` a file system of its own: moving a file into it from outside is a copy."""
    with contextlib.suppress(OSError):
        _mount(folder, folder, MS_BIND)


def prefixes() -> tuple[str, ...]:
    """The folders of this Python: of the environment and of the installation below it."""
    return sys.prefix, sys.base_prefix


def _outermost(readable: Iterable[str]) -> list[str]:
    """What is to be seen; what lies in a folder that is seen is seen with it."""
    paths = dict.fromkeys([*SYSTEM, *DEVICES, *prefixes(), *map(str, readable)])
    folders = tuple(f"{path}/" for path in paths)
    return [path for path in filter(os.path.exists, paths) if not path.startswith(folders)]


def _show(path: str, source: str) -> None:
    target = f".{path}"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path) and path in SYSTEM:  # as /bin to usr/bin
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(source):
        os.makedirs(target)
    else:
        os.close(os.open(target, os.O_CREAT))
    _mount(source, target, MS_BIND | MS_REC)


def _lend(user: int, disk: int) -> None:
    """Mount what the job may write: two folders of one file system."""
    options = f"mode=0711,size={disk}m,nr_inodes={INODES}"
    _mount("tmpfs", "run", MS_NOSUID | MS_NODEV, "tmpfs", options)
    for source, target in (("run/home", f".{HOME}"), ("run/shared", f".{SHARED}")):
        os.mkdir(source, 0o700)
        if user != os.getuid():
            os.chown(source, user, user)
        _mount(source, target, MS_BIND)
    kernel("umount2", b"run", MNT_DETACH)


def _mark(path: str, flags: int, given: int, taken: int) -> None:
    """Give a mount attributes, and take some."""
    attributes = struct.pack("QQQQ", given, taken, 0, 0)
    size = len(attributes)
    kernel("syscall", MOUNT_SETATTR, AT_FDCWD, path.encode(), flags, attributes, size)


def _mount(source: str, target: str, flags: int, kind: str = "", options: str = "") -> None:
    texts = [text.encode() if text else None for text in (source, target, kind, options)]
    kernel("mount", *texts[:3], flags, texts[3])
