"""The programs that stop a process at its writes, and that refuse calls, decide as tables say."""

import errno
import socket
import struct

import pytest

from workbench.sandbox import filters, refusals, stillness, writes
from workbench.sandbox.filters import (
    ANY_OF,
    EQUAL,
    LOAD,
    RETURN,
    any_of,
    assembled,
    decide,
    equal,
    load,
)

ALLOW, ASK = filters.ALLOW, filters.ASK_LISTENER


def decision(code, number, *arguments, architecture):
    """What the kernel would do at this call: a step a time, as its own interpreter does."""
    arguments = (*arguments, *[0] * 6)[:6]
    described = struct.pack("iIQ6Q", number, architecture, 0, *arguments)
    steps, place, accumulator = list(struct.iter_unpack("HBBI", code)), 0, 0
    while True:
        instruction, yes, no, value = steps[place]
        place += 1
        if instruction == RETURN:
            return value
        if instruction == LOAD:
            (accumulator,) = struct.unpack_from("I", described, value)
        else:
            holds = {EQUAL: accumulator == value, ANY_OF: bool(accumulator & value)}[instruction]
            place += yes if holds else no


READ_ONLY, CREATE, EMPTY = 0, 0x40, 0x200
SHARED, PRIVATE = 1, 2
DECISIONS = [  # call, its arguments, what is decided
    ("write", (), ASK),
    ("pwritev2", (), ASK),
    ("renameat2", (), ASK),
    ("unlinkat", (), ASK),
    ("ftruncate", (), ASK),
    ("exit_group", (), ASK),
    ("openat", (0, 0, READ_ONLY), ALLOW),
    ("openat", (0, 0, CREATE), ASK),
    ("openat", (0, 0, EMPTY), ASK),
    ("mmap", (0, 4096, 3, SHARED), ASK),
    ("mmap", (0, 4096, 3, PRIVATE), ALLOW),
]


@pytest.mark.parametrize("machine", writes.WRITING)
@pytest.mark.parametrize(("call", "arguments", "expected"), DECISIONS)
def test_a_call_is_asked_about_when_it_can_change_a_file(machine, call, arguments, expected):
    code = assembled(writes.program(machine))
    number = {**writes.WRITING[machine], **writes.OTHERS[machine]}[call]
    architecture = filters.AUDIT_ARCH[machine]
    assert decision(code, number, *arguments, architecture=architecture) == expected


CONT, CHLD, KILL = 18, 17, 9
REFUSED, PRETENDED = filters.ERROR | errno.ENOSYS, filters.ERROR
STAYING = [  # call, its arguments, what is decided
    ("setsid", (), PRETENDED),
    ("setpgid", (0, 0), PRETENDED),
    ("timer_create", (), REFUSED),
    ("fcntl", (3, 10, CONT), REFUSED),
    ("fcntl", (3, 2), ALLOW),
    ("prctl", (1, CONT), REFUSED),
    ("prctl", (1, KILL), ALLOW),
    ("prctl", (4, CONT), ALLOW),
    ("clone", (0x1200000 | CONT,), REFUSED),
    ("clone", (0x1200000 | CHLD,), ALLOW),
    *(("clone", (number,), ALLOW) for number in (0, 2, 16, 19, 26, 82)),
    *((call, (7, CONT), REFUSED) for call in ("kill", "tkill", "rt_sigqueueinfo")),
    *((call, (7, 7, CONT), REFUSED) for call in ("tgkill", "rt_tgsigqueueinfo")),
    ("pidfd_send_signal", (7, CONT), REFUSED),
    *(("kill", (0, number), ALLOW) for number in (0, KILL, 19)),
    ("tgkill", (CONT, CONT, KILL), ALLOW),
]


@pytest.mark.parametrize("machine", stillness.CALLS)
@pytest.mark.parametrize(("call", "arguments", "expected"), STAYING)
def test_what_is_to_be_held_still_stays_in_its_group(machine, call, arguments, expected):
    code, number = assembled(stillness.program(machine)), stillness.CALLS[machine][call]
    architecture = filters.AUDIT_ARCH[machine]
    assert decision(code, number, *arguments, architecture=architecture) == expected


@pytest.mark.parametrize("machine", writes.WRITING)
def test_every_call_that_is_listed_is_asked_about_and_no_other(machine):
    code, architecture = assembled(writes.program(machine)), filters.AUDIT_ARCH[machine]
    asked = {
        number for number in range(500) if decision(code, number, architecture=architecture) == ASK
    }
    assert asked == set(writes.WRITING[machine].values())


def test_a_call_of_another_architecture_is_let_through():
    code = assembled(writes.program("x86_64"))
    number = writes.WRITING["x86_64"]["write"]
    assert decision(code, number, architecture=0x40000003) == ALLOW


REFUSE, PRETEND = filters.ERROR | errno.ENOSYS, filters.ERROR
UNKNOWN = filters.ERROR | errno.ENOTTY
UNIX, INTERNET, NETLINK, VSOCK, PACKET, TIPC = 1, 2, 16, 40, 17, 30
THREAD = 0x3D0F00  # the flags that the C library gives to clone for a thread
REFUSALS = [  # call, arguments → decided in a small root, and among a user's files
    ("ptrace", (), REFUSE, REFUSE),
    ("io_uring_setup", (), REFUSE, REFUSE),
    ("pidfd_getfd", (), REFUSE, REFUSE),
    ("process_vm_writev", (), REFUSE, REFUSE),
    ("keyctl", (), REFUSE, REFUSE),
    ("openat2", (), REFUSE, REFUSE),
    ("clone3", (), REFUSE, REFUSE),
    ("clone", (THREAD,), ALLOW, ALLOW),
    ("clone", (17,), ALLOW, ALLOW),  # as fork does: SIGCHLD
    ("clone", (THREAD & ~0x400,), REFUSE, REFUSE),  # descriptors that are its own
    ("clone", (0x10000000 | 17,), REFUSE, REFUSE),
    ("clone", (0x20000,), REFUSE, REFUSE),
    ("prlimit64", (0,), ALLOW, ALLOW),  # its own
    ("prlimit64", (4711,), REFUSE, REFUSE),
    ("setpriority", (), PRETEND, PRETEND),
    ("sched_setaffinity", (), PRETEND, PRETEND),
    ("socket", (UNIX,), ALLOW, REFUSE),
    ("socket", (INTERNET,), ALLOW, REFUSE),
    ("socket", (VSOCK,), REFUSE, REFUSE),
    ("socket", (PACKET,), REFUSE, REFUSE),
    *(("socket", (NETLINK, 3, protocol), REFUSE, REFUSE) for protocol in (2, 4, 9, 15, 16)),
    ("socket", (NETLINK, 3, 0), ALLOW, ALLOW),
    # Both ends of a pair of streams or of packets are connected, for good.
    *(("socketpair", (UNIX, kind | 0x80000), ALLOW, ALLOW) for kind in (1, 5)),
    *(("socketpair", (UNIX, kind | 0x80000), ALLOW, REFUSE) for kind in (2, 3)),
    *(("socketpair", (family, 1), REFUSE, REFUSE) for family in (INTERNET, TIPC)),
    # How long it lingers, how much may be under way; that an address is used again, a protocol.
    *(("setsockopt", (3, 1, option), PRETEND, PRETEND) for option in (7, 8, 13)),
    ("setsockopt", (3, 1, 2), ALLOW, ALLOW),
    ("setsockopt", (3, 6, 13), ALLOW, ALLOW),
    *(
        (call, (), REFUSE, REFUSE)
        for call in ("setxattrat", "removexattrat", "file_setattr", "quotactl_fd", "listmount")
    ),
    # Flags, version, project and seal of a file; a volume, its flags, a migration, a key.
    *(("ioctl", (3, order), UNKNOWN, UNKNOWN) for order in (0x40086602, 0x40046602, 0x40087602)),
    *(("ioctl", (3, order), UNKNOWN, UNKNOWN) for order in (0x401C5820, 0x40806685, 0x5000940E)),
    *(("ioctl", (3, order), UNKNOWN, UNKNOWN) for order in (0x4008941A, 0x6609, 0xC0506617)),
    *(("fcntl", (3, order), REFUSE, REFUSE) for order in (1024, 1026, 1031)),
    ("fcntl", (3, 2), ALLOW, ALLOW),
    *(("madvise", (0, 0, advice), REFUSE, REFUSE) for advice in (20, 21, 22, 23)),
    *(("madvise", (0, 0, advice), ALLOW, ALLOW) for advice in (4, 8, 14, 16, 18, 25)),
    *(("mmap", (0, 0, 3, 0x22 | flag), REFUSE, REFUSE) for flag in (0x8000, 0x2000, 0x40000)),
    ("mmap", (0, 0, 3, 0x22), ALLOW, ALLOW),
    ("ioctl", (3, 0x541B), ALLOW, ALLOW),  # how much there is to read
    ("sync", (), PRETEND, PRETEND),
    ("syncfs", (3,), PRETEND, PRETEND),
    ("fchmodat", (), ALLOW, PRETEND),
    ("fchownat", (), ALLOW, PRETEND),
    *((call, (), PRETEND, PRETEND) for call in ("setxattr", "fsetxattr", "lremovexattr")),
    *((call, (), REFUSE, REFUSE) for call in ("seccomp", "landlock_add_rule", "vmsplice", "tee")),
    ("epoll_create1", (), ALLOW, REFUSE),  # where there may be servers, and where not
    *((call, (), REFUSE, REFUSE) for call in ("splice", "sendfile")),
    *(("prctl", (order,), REFUSE, REFUSE) for order in (22, 41, 78, 1000)),
    *(("fcntl", (3, order), REFUSE, REFUSE) for order in (37, 38)),
    *(("setsockopt", (3, 1, option), PRETEND, PRETEND) for option in (26, 50, 51, 52)),
    *((call, (), REFUSE, REFUSE) for call in ("mbind", "set_mempolicy")),
    *(("prctl", (order,), ALLOW, ALLOW) for order in (1, 3, 15, 36)),
    ("prctl", (4, 1), ALLOW, ALLOW),  # that it may be looked at; not that nobody may
    *(("prctl", (4, value), REFUSE, REFUSE) for value in (0, 2)),
]


@pytest.mark.parametrize("machine", refusals.BY_MACHINE)
@pytest.mark.parametrize(("call", "arguments", "apart", "among_files"), REFUSALS)
def test_a_call_that_no_answer_needs_is_refused(machine, call, arguments, apart, among_files):
    tables = (refusals.EVERYWHERE, refusals.MODES[machine], refusals.OTHERS[machine])
    tables += (refusals.PRETENDED[machine], refusals.WATCHES[machine])
    number = next(table[call] for table in (*tables, refusals.BY_MACHINE[machine]) if call in table)
    architecture = filters.AUDIT_ARCH[machine]
    for families, modes, expected in (
        ((*refusals.LOCAL, *refusals.INTERNET), True, apart),
        ((socket.AF_NETLINK,), False, among_files),
    ):
        code = assembled(refusals.program(machine, families, modes, modes))
        assert decision(code, number, *arguments, architecture=architecture) == expected


@pytest.mark.parametrize("machine", refusals.BY_MACHINE)
def test_every_call_of_the_tables_is_refused_and_no_other(machine):
    code = assembled(refusals.program(machine, refusals.LOCAL, True, True))
    architecture = filters.AUDIT_ARCH[machine]
    refused = {n for n in range(500) if decision(code, n, architecture=architecture) == REFUSE}
    every = {*refusals.EVERYWHERE.values(), *refusals.BY_MACHINE[machine].values()}
    others = {refusals.OTHERS[machine][name] for name in ("socket", "socketpair", "prctl")}
    assert refused == every | others  # those of family 0, and prctl's option 0


@pytest.mark.parametrize("number", [0, 1, 59, 0x40000000 | 425])
def test_calls_of_another_kind_are_refused(number):
    code = assembled(refusals.program("x86_64", refusals.LOCAL, True, True))
    other = filters.AUDIT_ARCH["aarch64"] if number < 500 else filters.AUDIT_ARCH["x86_64"]
    assert decision(code, number, architecture=other) == REFUSE


def test_labels_become_leaps():
    program = [load(0), equal(7, yes="end"), any_of(1, no="end"), load(4), decide(9, label="end")]
    leaps = [step[1:3] for step in struct.iter_unpack("HBBI", assembled(program))]
    assert leaps == [(0, 0), (2, 0), (0, 1), (0, 0), (0, 0)]


def test_a_leap_to_nowhere_is_refused():
    with pytest.raises(KeyError, match="nowhere"):
        assembled([equal(1, yes="nowhere")])
