"""How the outputs of calls differ from what they should be."""

from workbench.exercises.problem_3 import tables
from workbench.exercises.problem_3.calls import Call, Older
from workbench.exercises.problem_3.looks import Looks
from workbench.exercises.verdict import raised
from workbench.sandbox.job import Observations

AGAIN = "run again on its own output"


def difference(call: Call, output: bytes | None, blank: str = "") -> str:
    """How the output of a call differs from its input times two; blank: why it may not be there."""
    if output is None:
        return f"{call.given}, {call} left no output{blank}. Where did the result go?"
    wrong = tables.difference(output, call.table)
    return f"{call.given}, {call} {wrong}." if wrong else ""


def broken(number: int, observed: Observations, looks: Looks) -> str:
    """What kept the call of this number from returning, or its output from being there."""
    if not looks.ended(number):
        return f"raised {raised(observed.error or {})}; expected it to return"
    return "left no output" if looks.outputs[number] is None else ""


def not_doubled(planned: list[Call], observed: Observations, looks: Looks) -> str:
    """What is wrong with the outputs of calls on tables of every size."""
    outcomes = zip(planned, looks.returned, looks.outputs, strict=False)
    lost = {" " in one.target for one, back, made in outcomes if back and made is None}
    blank = " (mind the blank in its name)" if lost == {True} else ""
    for number, call in enumerate(planned):
        if not looks.ended(number):
            return f"{call.given}, {call} {broken(number, observed, looks)}."
        output = looks.outputs[number]
        if looks.returned[number] and (wrong := difference(call, output, blank)):
            return wrong
    return ""


def not_the_same(call: Call, first: bytes, observed: Observations, looks: Looks) -> str:
    """What two calls over their own output, the first ones, made of it."""
    for number in (0, 1):
        wrong = broken(number, observed, looks)
        if wrong := wrong or changed(first, looks.outputs[number], first):
            return f"{call}, {AGAIN}, {wrong}."
    return ""


def not_by_another_process(call: Call, first: bytes, made: bytes | None, error: dict | None) -> str:
    """What a call over what another process has made of it made of that, unless it raised this."""
    wrong = "left no output" if made is None else changed(first, made, first)
    if error is not None:
        wrong = f"raised {raised(error)}; expected it to return"
    return wrong and f"{call}, {AGAIN} by another process, {wrong}."


def not_replaced(older: list[Older], observed: Observations, looks: Looks) -> str:
    """What is left of an older output; the outputs are those of the third call and later."""
    for number, (kind, call, first, before) in enumerate(older, 2):
        if looks.ended(number) and not looks.returned[number]:
            continue  # that is an answer, too
        wrong = broken(number, observed, looks)
        if wrong := wrong or changed(first, looks.outputs[number], before):
            return f"over {kind}, {call} {wrong}."
    return ""


def not_by_its_input(call: Call, observed: Observations, looks: Looks, doubles: bool) -> str:
    """What the last of the calls made of an input that has changed; doubles: whether it would."""
    number = len(looks.planned) - 1
    if wrong := broken(number, observed, looks):
        return f"{call.given}, {call} {wrong}."
    return difference(call, looks.outputs[number]) if doubles else ""


def changed(fresh: bytes, after: bytes, before: bytes) -> str:
    """How an output differs from a fresh one; empty when it has the same bytes."""
    if after == fresh:
        return ""
    if after == before:
        return "wrote nothing: the older output is as it was"
    if after.startswith(before) and before:
        return "left the older output and wrote more below it"
    if _with_plain_ends(after) == _with_plain_ends(fresh):
        ends = ["\\r\\n" if b"\r\n" in content else "\\n" for content in (after, fresh)]
        return f"left the same lines with other ends ({ends[0]} for {ends[1]})"
    lines, expected = map(tables.number_of_lines, (after, fresh))
    if lines != expected:
        return f"left {lines} lines; expected {expected}"
    if after.split(b"\n", 1)[0] != fresh.split(b"\n", 1)[0]:
        first = after.split(b"\n", 1)[0][:200].decode(errors="replace").strip()
        expected = fresh.split(b"\n", 1)[0].decode(errors="replace").strip()
        return f"left {first!r} in the first line; expected {expected!r}"
    return "left as many lines as expected, with other bytes"


def _with_plain_ends(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")
