"""Runs a command as on a machine that grants less: `lowered.py LEVEL COMMAND…`.

LEVEL: words joined by `-`. `user`: as an ordinary user; `nons`: unshare and mount are refused, as
by Docker's profile; `nolock`: Landlock is, too, as on an old kernel; `nofilter`: a filter of calls
is, as on a kernel without seccomp; `home`: only root may enter the folder that this project lies
in, as where it stands in root's home; `covered`: in a container of its own, a part of whose /proc
is covered, as by Docker; `hidepid`: in one whose /proc tells nobody of others' processes;
`docker`: root keeps the capabilities that Docker gives, `bare`: none; `rootless`: it is root of a
namespace of 65,536 users, `alone`: of itself. `root` changes nothing.
"""

import contextlib
import errno
import os
import struct
import sys
from pathlib import Path

from workbench.sandbox import confinement, filters, process, root
from workbench.sandbox.refusals import BY_MACHINE

USER = 54_321  # nobody's, made for the tests
REFUSED = {"nons": ("unshare", "mount"), "nofilter": ("seccomp",)}
LANDLOCK = (444, 445, 446)
CONTAINERS = {"covered": None, "hidepid": b"hidepid=2"}  # options of /proc
# Of capabilities, in the kernel's order: chown, dac_override, fowner, fsetid, kill, setgid, setuid,
# setpcap, net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap.
DOCKERS = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
DROP_FROM_BOUND = 24  # of prctl
LEVELS = (
    *("root", "user", "root-nons", "user-nolock", "user-nons", "user-nons-nolock"),
    *("docker-nons", "rootless"),
)


def refuse(words):
    machine = os.uname().machine
    numbers = [BY_MACHINE[machine][name] for word in words for name in REFUSED.get(word, ())]
    numbers += LANDLOCK if "nolock" in words else ()
    program = [
        filters.load(filters.NUMBER),
        *(filters.equal(number, yes="refuse") for number in numbers),
        filters.decide(filters.ALLOW),
        filters.decide(filters.ERROR | errno.EPERM, label="refuse"),
    ]
    if numbers:
        filters.installed(lambda machine: program)


def enter_a_container(options):
    """Be below the first process of a new namespace, as below the one that a container runs."""
    process.kernel("unshare", root.CLONE_NEWNS | root.CLONE_NEWPID)
    _go_on_below()
    process.kernel("mount", b"none", b"/", None, root.MS_REC | root.MS_PRIVATE, None)
    process.kernel("mount", b"proc", b"/proc", b"proc", 0, options)
    if not options:
        process.kernel("mount", b"/dev/null", b"/proc/timer_list", None, root.MS_BIND, None)
    _go_on_below()


def _go_on_below():
    if child := os.fork():
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
    process.end_with_parent()


def keep(capabilities):
    """Have these capabilities, and never another."""
    for capability in range(64):
        if capability not in capabilities:
            with contextlib.suppress(OSError):  # there is no such one
                process.kernel("prctl", DROP_FROM_BOUND, capability, 0, 0, 0)
    low = sum(1 << capability for capability in capabilities)
    header = struct.pack("Ii", confinement.CAPABILITY_VERSION_3, 0)
    process.kernel("capset", header, struct.pack("6I", low, low, 0, 0, 0, 0))


def become_root_of(*ranges):
    """Be root of a new namespace of users, of which there are these (first, first outside, how
    many)."""
    parent, (ready, go), (written, mapped) = os.getpid(), os.pipe(), os.pipe()
    if not os.fork():
        os.read(ready, 1)
        for kind in ("uid", "gid"):
            lines = "\n".join(" ".join(map(str, one)) for one in ranges)
            Path(f"/proc/{parent}/{kind}_map").write_text(lines)
        os.write(mapped, b"!")
        os._exit(0)
    process.kernel("unshare", root.CLONE_NEWUSER)
    os.write(go, b"!")
    os.read(written, 1)
    os.wait()


def become_a_user():
    """Be an ordinary user, who may enter what is on the way to this Python."""
    process.kernel("unshare", root.CLONE_NEWNS)
    process.kernel("mount", b"none", b"/", None, root.MS_REC | root.MS_PRIVATE, None)
    for prefix in root.prefixes():
        parents = reversed(Path(prefix).parents)
        closed = next((path for path in parents if not path.stat().st_mode & 0o1), None)
        if closed:
            held = os.open(prefix, os.O_PATH)
            process.kernel("mount", b"tmpfs", os.fsencode(closed), b"tmpfs", 0, b"mode=0755")
            os.makedirs(prefix)
            source = f"/proc/self/fd/{held}".encode()
            process.kernel("mount", source, os.fsencode(prefix), None, root.MS_BIND, None)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)


def close_the_way():
    """Let only root enter the folder that this project, and its Python with it, lies in."""
    project = Path(sys.prefix).parent
    process.kernel("unshare", root.CLONE_NEWNS)
    process.kernel("mount", b"none", b"/", None, root.MS_REC | root.MS_PRIVATE, None)
    held = os.open(project, os.O_PATH)
    closed = os.fsencode(project.parent)
    process.kernel("mount", b"tmpfs", closed, b"tmpfs", 0, b"mode=0700")
    project.mkdir()
    source = f"/proc/self/fd/{held}".encode()
    process.kernel("mount", source, os.fsencode(project), None, root.MS_BIND, None)


if __name__ == "__main__":
    words = sys.argv[1].split("-")
    for word in CONTAINERS.keys() & words:
        enter_a_container(CONTAINERS[word])
    if "user" in words:
        become_a_user()
    if "home" in words:
        close_the_way()
    if "rootless" in words:
        become_root_of((0, 0, 1), (1, 1_000_001, 65_535))
    if "alone" in words:
        become_root_of((0, 0, 1))
    if "docker" in words:
        keep(DOCKERS)
    if "bare" in words:
        keep(())
    process.gain_nothing()
    refuse(words)
    os.execvp(sys.argv[2], sys.argv[2:])
