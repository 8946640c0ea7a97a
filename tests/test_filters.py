"""The program that stops a process at its writes decides as its table says, on each machine."""

import struct

import pytest

from workbench.sandbox import writes
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

ALLOW, ASK = writes.ALLOW, writes.ASK_LISTENER


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
    ("seccomp", (), ALLOW),
]


@pytest.mark.parametrize("machine", writes.WRITING)
@pytest.mark.parametrize(("call", "arguments", "expected"), DECISIONS)
def test_a_call_is_asked_about_when_it_can_change_a_file(machine, call, arguments, expected):
    code = assembled(writes.program(machine))
    number = {**writes.WRITING[machine], **writes.OTHERS[machine]}[call]
    architecture = writes.AUDIT_ARCH[machine]
    assert decision(code, number, *arguments, architecture=architecture) == expected


@pytest.mark.parametrize("machine", writes.WRITING)
def test_every_call_that_is_listed_is_asked_about_and_no_other(machine):
    code, architecture = assembled(writes.program(machine)), writes.AUDIT_ARCH[machine]
    asked = {
        number for number in range(500) if decision(code, number, architecture=architecture) == ASK
    }
    assert asked == set(writes.WRITING[machine].values())


def test_a_call_of_another_architecture_is_let_through():
    code = assembled(writes.program("x86_64"))
    number = writes.WRITING["x86_64"]["write"]
    assert decision(code, number, architecture=0x40000003) == ALLOW


def test_labels_become_leaps():
    program = [load(0), equal(7, yes="end"), any_of(1, no="end"), load(4), decide(9, label="end")]
    leaps = [step[1:3] for step in struct.iter_unpack("HBBI", assembled(program))]
    assert leaps == [(0, 0), (2, 0), (0, 1), (0, 0), (0, 0)]


def test_a_leap_to_nowhere_is_refused():
    with pytest.raises(KeyError, match="nowhere"):
        assembled([equal(1, yes="nowhere")])
