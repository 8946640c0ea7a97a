"""Seccomp's programs, written with names: an assembler for the few instructions that they need.

The kernel runs such a program at each system call, over the call's description: its number, the
machine's architecture, and its arguments. The instructions are those of classic BPF.
"""

import ctypes
import platform
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from workbench.sandbox.process import kernel

LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS: take 32 bits of the description into the accumulator
EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K: is the accumulator this value?
ANY_OF = 0x45  # BPF_JMP | BPF_JSET | BPF_K: has the accumulator any of these bits?
RETURN = 0x06  # BPF_RET | BPF_K: the decision

# Offsets in the description, struct seccomp_data of linux/seccomp.h.
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16

# Decisions, from linux/seccomp.h; an error's number is added to ERROR.
ALLOW, ASK_LISTENER, ERROR = 0x7FFF0000, 0x7FC00000, 0x00050000
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SECCOMP = {"x86_64": 317, "aarch64": 277}
SET_MODE_FILTER = 1


@dataclass(frozen=True)
class Instruction:
    """One step; jumps name the label of a later step, "" is the next one."""

    code: int
    value: int
    yes: str = ""
    no: str = ""
    label: str = ""


def load(offset: int, label: str = "") -> Instruction:
    return Instruction(LOAD, offset, label=label)


def equal(value: int, yes: str = "", no: str = "", label: str = "") -> Instruction:
    return Instruction(EQUAL, value, yes, no, label)


def any_of(bits: int, yes: str = "", no: str = "", label: str = "") -> Instruction:
    return Instruction(ANY_OF, bits, yes, no, label)


def decide(decision: int, label: str = "") -> Instruction:
    return Instruction(RETURN, decision, label=label)


def argument(number: int) -> int:
    """The offset of the lower half of a call's argument, counted from 0."""
    return ARGUMENTS + 8 * number


def assembled(program: Sequence[Instruction]) -> bytes:
    """The program as the kernel reads it; raise KeyError for a jump to a label that is not there.

    A jump is kept as the number of instructions to leap over, forwards only and at most 255.
    """
    positions = {step.label: position for position, step in enumerate(program) if step.label}
    code = b""
    for position, step in enumerate(program):
        leaps = (positions[label] - position - 1 if label else 0 for label in (step.yes, step.no))
        code += struct.pack("HBBI", step.code, *leaps, step.value)
    return code


@cache
def code_of(program: Callable[..., Sequence[Instruction]], *given: object) -> bytes:
    """What a program for this machine is to the kernel; who is forked afterwards has it made.

    Raise KeyError on a machine whose numbers are not known.
    """
    return assembled(program(platform.machine(), *given))


def installed(program: Callable[..., Sequence[Instruction]], *given: object, flags: int = 0) -> int:
    """Put this process and its children under the program; give what the kernel gives for it.

    Raise OSError where it refuses, KeyError on a machine whose numbers are not known.
    """
    code = code_of(program, *given)
    buffer = ctypes.create_string_buffer(code)
    described = struct.pack("H6xQ", len(code) // 8, ctypes.addressof(buffer))
    return kernel("syscall", SECCOMP[platform.machine()], SET_MODE_FILTER, flags, described)
