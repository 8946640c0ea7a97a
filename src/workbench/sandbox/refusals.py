"""The system calls that no answer needs, and that the kernel therefore refuses to it."""

import errno
import socket

from workbench.sandbox.filters import (
    ALLOW,
    ARCHITECTURE,
    AUDIT_ARCH,
    ERROR,
    NUMBER,
    Instruction,
    any_of,
    argument,
    decide,
    equal,
    installed,
    load,
)
from workbench.sandbox.process import SET_DUMPABLE

# Numbers from the kernel's unistd.h; those from 400 on are the same on every machine.
# fmt: off
EVERYWHERE = {
    # Work that the kernel does beside a process, past what is decided here and in `writes`.
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    # Mounts; opening by a description that is in memory, which cannot be looked at here.
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
    "fspick": 433, "mount_setattr": 442, "openat2": 437, "clone3": 435,
    "open_tree_attr": 467, "statmount": 457, "listmount": 458, "quotactl_fd": 443,
    # What MODES has, with arguments in memory.
    "setxattrat": 463, "removexattrat": 466, "file_setattr": 469,
    # Other processes' insides.
    "pidfd_getfd": 438, "process_madvise": 440, "process_mrelease": 448,
    "memfd_secret": 447,
    # Rules of Landlock's, which the kernel keeps in memory that counts for no process.
    "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446,
}
BY_MACHINE = {
    "x86_64": {
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
        "add_key": 248, "request_key": 249, "keyctl": 250,
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "fanotify_init": 300,
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
        "unshare": 272, "setns": 308,
        "name_to_handle_at": 303, "open_by_handle_at": 304,
        "io_setup": 206, "personality": 135, "syslog": 103, "quotactl": 179, "acct": 163,
        "migrate_pages": 256, "move_pages": 279,
        # Where pages lie, which the kernel remembers of each page of a file, and for no process.
        "mbind": 237, "set_mempolicy": 238, "set_mempolicy_home_node": 450,
        # What one account has few of, all its processes together.
        "inotify_init": 253, "inotify_init1": 294,
        # Memory that no process need hold, and that outlives them.
        "memfd_create": 319, "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240,
        "modify_ldt": 154,
        # Pages of memory, or of a file, however large, that a pipe holds for one byte of each.
        "vmsplice": 278, "splice": 275, "tee": 276, "sendfile": 40,
        # Programs as this one: the kernel has little room for them, for all of the machine; and
        # they write into its log.
        "seccomp": 317,
    },
    "aarch64": {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "add_key": 217, "request_key": 218, "keyctl": 219,
        "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "fanotify_init": 262,
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
        "unshare": 97, "setns": 268,
        "name_to_handle_at": 264, "open_by_handle_at": 265,
        "io_setup": 0, "personality": 92, "syslog": 116, "quotactl": 60, "acct": 89,
        "migrate_pages": 238, "move_pages": 239, "inotify_init1": 26,
        "mbind": 235, "set_mempolicy": 237, "set_mempolicy_home_node": 450,
        "memfd_create": 279, "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180,
        "vmsplice": 75, "splice": 76, "tee": 77, "sendfile": 71, "seccomp": 277,
    },
}
# What one account has few of, and servers need; others go without, as `selectors` then does.
WATCHES = {
    "x86_64": {"epoll_create": 213, "epoll_create1": 291},
    "aarch64": {"epoll_create1": 20},
}
# Changes of what a file is, not of what is in it: no rule about paths covers them.
MODES = {
    "x86_64": {
        "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94,
        "fchownat": 260, "fchmodat": 268, "fchmodat2": 452,
        "utime": 132, "utimes": 235, "futimesat": 261, "utimensat": 280,
        "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
        "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
    },
    "aarch64": {
        "fchmod": 52, "fchown": 55, "fchownat": 54, "fchmodat": 53, "fchmodat2": 452,
        "utimensat": 88, "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7,
        "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16,
    },
}
OTHERS = {
    "x86_64": {
        "clone": 56, "socket": 41, "prlimit64": 302, "fcntl": 72, "mmap": 9, "ioctl": 16,
        "socketpair": 53, "setsockopt": 54, "madvise": 28, "prctl": 157,
    },
    "aarch64": {
        "clone": 220, "socket": 198, "prlimit64": 261, "fcntl": 25, "mmap": 222, "ioctl": 29,
        "socketpair": 199, "setsockopt": 208, "madvise": 233, "prctl": 167,
    },
}
# Everybody's disks wait for the first two, which always succeed, and so they do here. The others
# say when, where and how urgently any process of the same user runs, itself among them: no result
# hangs on that.
PRETENDED = {
    "x86_64": {
        "sync": 162, "syncfs": 306,
        "setpriority": 141, "sched_setparam": 142, "sched_setscheduler": 144,
        "sched_setaffinity": 203, "sched_setattr": 314, "ioprio_set": 251,
    },
    "aarch64": {
        "sync": 81, "syncfs": 267,
        "setpriority": 140, "sched_setparam": 118, "sched_setscheduler": 119,
        "sched_setaffinity": 122, "sched_setattr": 274, "ioprio_set": 30,
    },
}
# fmt: on
# Of ioctl, all that libraries ask for: a terminal's ways and size, and whose it is; how much there
# is to read, to wait or not, to close at a program's begin, a file's size; another's content for a
# file, which needs the right to write it; which networks there are. Among the others are orders to
# a file system, for which a file of it that may only be read is enough: to set that one's flags,
# to make a volume, to keep a key.
OF_DEVICES = (0x5401, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x5452, 0x5460)
OF_DEVICES += (0x40049409, 0x4020940D, 0xC0189436, 0x8910, 0x8912, 0x8913, 0x8915, 0x8919, 0x891B)
OF_DEVICES += (0x8921, 0x8927, 0x8933, 0x8946)
# Of fcntl: a lease lets whoever opens the file wait, for most of a minute; a notice is a signal; a
# larger pipe counts for no process; a lock of the open file stays until nobody has that open, and
# at each close by anybody the kernel looks through all of them.
OF_FILES = (1024, 1026, 1031, 37, 38)
# Of prctl, all that libraries ask for: of signals, whether it may be looked at, capabilities, its
# name, its timers, whose children it takes, privileges, its memory's names. Among the others are
# programs as this one, large pages, tables that count for no process, what is new, and that it may
# not be looked at: /proc may then tell nobody that it is there.
OF_PROCESSES = (1, 2, 3, 7, 8, 15, 16, 21, 23, 24, 25, 27, 29, 30, 36, 37, 38, 39, 40, 42, 47)
OF_PROCESSES += (52, 0x53564D41, 0x59616D61)
# Of mmap: memory that processes share without a file, which counts for none that has let go of it.
MAP_SHARED, MAP_ANONYMOUS = 0x1, 0x20
# Of mmap, and of madvise from 20 to 23: all of it is filled at once, or put out, and whoever asks
# how much a process holds has to wait for the end of that. Huge pages count for no process.
HUGE = 0x40000
AT_ONCE, ADVISED_AT_ONCE = 0x8000 | 0x2000, (0x10, 0x4)
# Of setsockopt: whoever lets go of such a socket waits, also the kernel itself; more memory for it,
# which counts for no process; filters, for which the kernel has little room for all of the machine.
OF_SOCKETS = (socket.SO_LINGER, socket.SO_SNDBUF, socket.SO_RCVBUF, 26, 50, 51, 52)
# Of socketpair: in the types, that of datagrams and raw, which can be sent elsewhere all the same.
DATAGRAMS = 0x2
X32 = 0x40000000  # in a number on x86_64: another set of calls, with numbers of their own
NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW… that clone knows
# Of clone: one table of descriptors for several processes, as threads of one have it, which have no
# other.
CLONE_FILES, CLONE_THREAD = 0x400, 0x10000
INTERNET = (socket.AF_INET, socket.AF_INET6)
# Where files of other users' servers are not there to connect to.
LOCAL = (socket.AF_UNIX, socket.AF_NETLINK)
# What networks there are; other protocols tell of others' sockets, or have answers talk together.
NETLINK_ROUTE = 0

REFUSED = {machine: EVERYWHERE | calls for machine, calls in BY_MACHINE.items()}
Families = tuple[int, ...]


def refuse(families: Families, modes: bool, servers: bool) -> None:
    """Refuse, for good, what no answer needs, and sockets that are of no such family.

    modes: whether files' modes, owners and times may be changed; where they may not, a change comes
    back as if it were done, as one of attributes always does, whose lists fill the kernel's memory.
    No other program can be added. servers: whether there may be some. Raise OSError where the
    kernel cannot refuse, KeyError on a machine whose numbers are not known.
    """
    installed(program, families, modes, servers)


def program(machine: str, families: Families, modes: bool, servers: bool) -> list[Instruction]:
    """What the kernel decides at each call."""
    calls, watches = OTHERS[machine], {} if servers else WATCHES[machine]
    changes, times = MODES[machine], MODES[machine]["utimensat"]
    pretended = {name: changes[name] for name in changes if not modes or name.endswith("xattr")}
    return [
        load(ARCHITECTURE),
        equal(AUDIT_ARCH[machine], no="refuse"),
        load(NUMBER),
        any_of(X32, yes="refuse"),
        *(equal(number, yes="refuse") for number in (REFUSED[machine] | watches).values()),
        equal(times, yes="times?"),
        *(equal(number, yes="pretend") for number in (pretended | PRETENDED[machine]).values()),
        equal(calls["prlimit64"], yes="limits?", no="clone?"),
        load(argument(2), label="times?"),
        # Who touches a file gives no time, and makes the file where that is an error.
        equal(0, yes="allow" if modes else "refuse", no="allow" if modes else "pretend"),
        load(argument(0), label="limits?"),
        equal(0, yes="allow", no="refuse"),  # of itself; of any process of the same user
        equal(calls["clone"], no="fcntl?", label="clone?"),
        *_of_clone(),
        equal(calls["fcntl"], no="ioctl?", label="fcntl?"),
        *_of_orders(OF_FILES),
        equal(calls["ioctl"], no="prctl?", label="ioctl?"),
        *_of_ioctl(),
        equal(calls["prctl"], no="madvise?", label="prctl?"),
        *_of_prctl(),
        equal(calls["madvise"], no="mmap?", label="madvise?"),
        load(argument(2)),
        any_of(ADVISED_AT_ONCE[0], no="allow"),
        any_of(ADVISED_AT_ONCE[1], yes="refuse", no="allow"),
        equal(calls["mmap"], no="setsockopt?", label="mmap?"),
        *_of_mmap(),
        equal(calls["setsockopt"], no="socketpair?", label="setsockopt?"),
        *_of_setsockopt(),
        equal(calls["socketpair"], no="socket?", label="socketpair?"),
        *_of_socketpair(families),
        equal(calls["socket"], no="allow", label="socket?"),
        *_of_socket(families),
        # As on a kernel that has no such call: libraries then go another way.
        decide(ERROR | errno.ENOSYS, label="refuse"),
        decide(ERROR, label="pretend"),
        decide(ALLOW, label="allow"),
    ]


def _of_orders(orders: tuple[int, ...], at: int = 1) -> list[Instruction]:
    return [load(argument(at)), *(equal(one, yes="refuse") for one in orders), decide(ALLOW)]


def _of_ioctl() -> list[Instruction]:
    known = (equal(order, yes="allow") for order in OF_DEVICES)
    return [load(argument(1)), *known, decide(ERROR | errno.ENOTTY)]


def _of_clone() -> list[Instruction]:
    return [
        load(argument(0)),
        any_of(NEW_NAMESPACE, yes="refuse"),
        any_of(CLONE_FILES, no="of its own?"),
        any_of(CLONE_THREAD, yes="allow", no="refuse"),
        any_of(CLONE_THREAD, yes="refuse", no="allow", label="of its own?"),
    ]


def _of_prctl() -> list[Instruction]:
    known = (equal(option, yes="allow") for option in OF_PROCESSES)
    hiding = [equal(SET_DUMPABLE, no="known?"), load(argument(1)), equal(1, "allow", "refuse")]
    known = [load(argument(0), label="known?"), *known, decide(ERROR | errno.ENOSYS)]
    return [load(argument(0)), *hiding, *known]


def _of_mmap() -> list[Instruction]:
    return [
        load(argument(3)),
        any_of(AT_ONCE | HUGE, yes="refuse"),
        any_of(MAP_SHARED, no="allow"),
        any_of(MAP_ANONYMOUS, yes="refuse", no="allow"),
    ]


def _of_setsockopt() -> list[Instruction]:
    pretended = [equal(option, yes="pretend") for option in OF_SOCKETS]
    level = [load(argument(1)), equal(socket.SOL_SOCKET, no="allow")]
    return [*level, load(argument(2)), *pretended, decide(ALLOW)]


def _of_socketpair(families: Families) -> list[Instruction]:
    return [
        load(argument(0)),
        equal(socket.AF_UNIX, no="refuse"),
        load(argument(1)),
        any_of(DATAGRAMS, yes="allow" if socket.AF_UNIX in families else "refuse", no="allow"),
    ]


def _of_socket(families: Families) -> list[Instruction]:
    others = [family for family in families if family != socket.AF_NETLINK]
    return [
        load(argument(0)),
        *(equal(family, yes="allow") for family in others),
        equal(socket.AF_NETLINK, no="refuse"),
        load(argument(2)),
        equal(NETLINK_ROUTE, yes="allow", no="refuse"),
    ]
