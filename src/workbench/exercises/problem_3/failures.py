"""What a kill, or an error in the middle of the work, leaves and says."""

import errno
from collections.abc import Sequence

from workbench.exercises.problem_3 import tables
from workbench.exercises.problem_3.calls import DAMAGED, Call
from workbench.exercises.problem_3.crashes import Crashes
from workbench.exercises.problem_3.looks import Looks
from workbench.exercises.verdict import raised
from workbench.sandbox.job import Observations
from workbench.sandbox.message import error_of
from workbench.sandbox.moments import digest

GO_ON = "What does your code do with something that is there already, and half done?"
ELSEWHERE = "The folder of the output may be another file system: where has a new file to lie?"
UNHEARD = "Expected an error: how would somebody notice? An exit with 0 is none."
UNFINISHED = "What becomes of an unfinished file when an error comes before its end?"


def half_done(
    call: Call, before: bytes | None, complete: bytes | None, states: Sequence[str | None]
) -> str:
    """What a kill at one of the moments that were watched would have left."""
    if digest(before) in states:  # what an answer did while it was loaded is no call
        states = states[states.index(digest(before)) :]
    if {digest(before), digest(complete)}.issuperset(states):
        return ""
    left = "no output" if before and None in states else "part of an output"
    expected = "the older one, complete" if before else "none, as before, or all of it"
    return f"killed while it was writing, {call} would have left {left}; expected {expected}."


def until(state: str | None, states: Sequence[str | None]) -> Sequence[str | None]:
    """The states up to the first that is this one."""
    return states[: states.index(state) + 1] if state in states else states


def until_it_is_emptied(state: str | None, states: Sequence[str | None]) -> Sequence[str | None]:
    """The states of a file that the judge empties after a call which has left this state: up to the
    first empty one after that; where nothing was written until then, that is the last."""
    empty = digest(b"")
    begin = states.index(state) if state in states else len(states) - 1
    return states[: states.index(empty, begin)] if empty in states[begin:] else states


def is_elsewhere(error: dict) -> bool:
    """Whether it is that of a file that should move to another file system."""
    return str(error.get("text")).startswith(f"[Errno {errno.EXDEV}]")


def did_raise(call: Call, error: dict) -> str:
    said = f"raised {raised(error)}" if error else "raised an error"
    wrong = f"{call.given}, {call} {said}; expected its output."
    return f"{wrong} {ELSEWHERE}" if is_elsewhere(error) else wrong


def after_a_kill(remains: Sequence[str], wrong: str) -> str:
    """What was wrong with a call that has found this, which one that was killed had left."""
    if not remains or not wrong:
        return wrong
    return f"where a killed run had left {remains[0]!r}, {wrong} {GO_ON}"


def left_by_failures(
    failures: list[tuple[str, Call]],
    outputs: list[bytes | None],
    complete: Sequence[tuple[bytes | None, ...]],
    right: bool,
) -> str:
    """What an error in the middle of the work leaves in place of a complete output, of which each
    has these; right: whether the answer doubles what is not damaged, over whatever is there."""
    for (how, call), output, whole in zip(failures, outputs, complete, strict=False):
        if output in whole:
            continue
        if tables.number_of_lines(output or b"") < len(call.table) - 1:
            left = "no output" if output is None else "part of an output"
            return f"{how}, {call} left {left}; expected the older one, complete. {UNFINISHED}"
        # One whose write failed once may have tried it again.
        look = tables.beside_the_damage if call.source == DAMAGED else tables.difference
        if right and (wrong := look(output, call.table)):
            return f"{how}, {call} {wrong}, or an error. How would somebody notice?"
    return ""


def unheard(plan: Crashes, looks: Looks, replaces: bool) -> str:
    """Which error in the middle of the work nobody hears of; replaces: whether the answer does.

    Who gives way to what a killed run has left, as the first call did, or to what that has made,
    has had none.
    """
    outcomes = zip(plan.failures, looks.outputs[2:], looks.returned[2:], strict=False)
    for (how, call), output, returned in outcomes:
        gives_way = call.names == plan.fresh.names and (looks.output(0) is None or not replaces)
        if returned and output == plan.older(call) and not gives_way:
            return f"{how}, {call} returned and left the older output. {UNHEARD}"
    return ""


def raised_by(observed: Observations, looks: Looks) -> list[dict | None]:
    """What each call of a step raised, None where it returned."""
    told = (error_of(value["failed"]) for value in observed.values if "failed" in value)
    return [None if returned else next(told, {}) for returned in looks.returned]


def torn_by_a_kill(call: Call, output: bytes | None) -> str:
    """What is wrong with the output, of which there was none, of a call that was killed."""
    if output is None or not tables.difference(output, call.table):
        return ""
    left = "left part of an output; expected none, as before, or all of it."
    return f"killed when most of a file was written, {call} {left}"
