"""In what a call differs from what it should be, each in a sentence."""

import builtins
from collections.abc import Mapping, Sequence

from workbench.exercises.problem_5.calls import Call, Trace, decorator
from workbench.exercises.problem_5.waits import DEFAULTS, listed
from workbench.exercises.verdict import from_elsewhere, in_line, raised
from workbench.sandbox.job import Observations
from workbench.wording import counted

OVERLAPPING = "one of two that were under way at once, in two threads"
INSIDE = "one of two of which one was made inside the other"
LATER = (
    "Judged is what the cell had defined when it raised {}. What tries out retry_with_backoff "
    "belongs into a cell of its own."
)
SHORTER = (
    "Are the counter and the delay made anew for each call, and does a wait begin only when its "
    "attempt has failed?"
)
HANGS = (
    "A call that was made inside another one, as by a function that calls itself, did not go on, "
    "which costs no point here. What does it wait for that the outer call holds?"
)
# What a wrapper raises by mistake, not to say something.
OWN = (
    "UnboundLocalError",
    "TypeError",
    "AttributeError",
    "IndexError",
    "KeyError",
    "AssertionError",
)
UNREACHED = (
    "came before any line of your wrapper ran: what is it that your decorator puts in the "
    "function's place, and what does that take when it is called?"
)
NO_PYTHON = ("SyntaxError", "IndentationError", "TabError")
SPELT = "Which sign is missing, or too much, in that line or in the one before it?"
SIGNATURE = "Which parameters does the exercise name, and what are they where none is given?"
TRIAL = "Try it in a cell below, on a function of yours: does it raise the same?"


def unable(observed: Observations, calls: Sequence[Call]) -> str:
    """Why no call could be made; empty when nothing kept them from being made."""
    lacking = observed.first("lacking")
    told = [value["decorates"] for value in observed.values if "decorates" in value][-1:]
    told = [number for number in told if isinstance(number, int) and 0 <= number < len(calls)]
    call = calls[told[0] if told else 0]
    made = decorator(call.parameters)
    if lacking == "retry_with_backoff":
        names = ", ".join(observed.texts("names"))
        others = f"; it defines {names}" if names else ""
        return f"The answer cell does not define retry_with_backoff{others}."
    kind = str(observed.first("type")).replace("NoneType", "None")
    if lacking == "decorator":
        wanted = "expected a decorator, a function that takes the function"
        return f"{made[1:]} returned {kind}; {wanted}. Which line returns the inner function?"
    if lacking:
        wanted = "expected a function that is called in its place"
        return f"{made} made {kind} of a function; {wanted}. Which line returns the wrapper?"
    if not observed.error:
        return ""
    calling = f"Calling a function that has {made}"
    loading = calling if observed.first("loaded") else "Loading the answer"
    event = f"{loading} raised {raised(observed.error)}."
    thought = SPELT if observed.error.get("type") in NO_PYTHON else TRIAL
    if str(observed.error.get("text")).startswith("retry_with_backoff() "):
        thought = SIGNATURE
    return f"{event} {from_elsewhere(event) or thought}"


def plainly(error: Mapping) -> str:
    """An error as the sandbox observed it, with its line."""
    said = f"{error.get('type')}: {error.get('text')}".rstrip(": .")
    return f"{said}{in_line(error.get('line'))}"


def own_error(trace: Trace) -> str:
    """What to ask about an error that the wrapper has made itself; nothing where it has not."""
    end = trace.end or {}
    kind, line, text = (end.get(name) for name in ("raised", "line", "text"))
    known = getattr(builtins, str(kind), None)
    slip = end.get("slip") and isinstance(known, type) and issubclass(known, Exception)
    if not (kind in OWN or slip) or end.get("same"):
        return ""
    given = (
        part for said in trace.call.texts for part in (said if isinstance(said, tuple) else [said])
    )
    if any(part in str(text) for part in given if isinstance(part, str)):
        return ""
    if line:
        whose = f"The {kind} is your wrapper's own, not the function's"
        return f"{whose}: what goes wrong{in_line(line)}?"
    return "" if trace.asked else f"The {kind} {UNREACHED}"


def once_more(wrong: str, own: str, told: set[str]) -> str:
    """What is wrong, with what to ask about an error of the wrapper's own that came then, in short
    where it has been told of that; adds what is told now."""
    kind = own.split(" ")[1]
    if own in told and f"raised {kind}:" in wrong:
        again = f"Here, too, your wrapper raised the {kind} of its own"
        return f"{again}: what remains of this when that is mended?"
    told.add(own)
    return f"{wrong} {own}"


def looks_different(trace: Trace) -> str:
    end = trace.end or {}
    for attribute, wanted in (("name", trace.call.function), ("doc", trace.call.doc)):
        if end.get(attribute) != wanted:
            has = f"__{attribute}__ {end.get(attribute)!r}"
            return f"The decorated function has {has}; expected {wanted!r}."
    return ""


def passes_others(trace: Trace) -> str:
    given = list(trace.call.arguments), trace.call.named
    for number, asked in enumerate(trace.asked, 1):
        came = asked.get("arguments"), asked.get("named")
        if came != given:
            received = f"in call {number} the function received {came[0]} and {came[1]}"
            thought = "How does your wrapper hand on what it was called with?"
            return f"Called with {given[0]} and {given[1]}: {received}. {thought}"
    return ""


def falls_short(trace: Trace) -> str:
    """How a call that succeeds in the end went otherwise, in a sentence; empty where it did not."""
    expected = len(trace.call.outcomes)
    if trace.calls == expected and trace.ends_right():
        return ""
    return f"{trace}; expected {counted(expected, 'call')}, then {trace.call.value!r}."


def ends_early(trace: Trace) -> str:
    """That a call has fewer retries than were asked for where others are listed than the usual
    exceptions, in a sentence; empty where it has not."""
    expected = 1 + (DEFAULTS | trace.call.parameters)["max_retries"]
    if trace.call.is_of_the_usual or trace.calls >= expected:
        return ""
    return f"{trace}; expected {counted(expected, 'call')}."


def is_stuck(trace: Trace) -> bool:
    """Whether this call waits for ever for the one that it is made in."""
    return bool((trace.end or {}).get("stuck"))


def mixed_up(alone: Trace, traces: Sequence[Trace]) -> str:
    """How one of several calls at once, all of which give up, ended otherwise than one alone."""
    if not alone.ends_right():
        return ""
    for trace in sorted(traces, key=lambda trace: -trace.calls):
        if trace.is_refused or is_stuck(trace):
            continue
        ended = trace.end and trace.asked
        wrong = trace.calls > alone.calls or (ended and trace.calls < alone.calls)
        if wrong or (ended and not trace.ends_right()):
            last = f"the exception of its own last call ({trace.call.failure(alone.calls)})"
            wanted = f"expected {counted(alone.calls, 'call')}, then {last}"
            return f"Calls that give up were under way at once. {trace}; {wanted}."
    return ""


def dependent(
    begun: Trace,
    trace: Trace,
    really: bool,
    but: int = -1,
    *,
    inside: bool = False,
    one: bool = True,
) -> str:
    """How a later call went otherwise than the first.

    really: whether real waits are meant; but: the wait that is not compared, where the call
    overlapped with another; inside: whether one of the two was made inside the other; one:
    whether both were of one function.
    """
    same = trace.call.function == begun.call.function
    whose = "the same function" if same else "another function"
    whose = whose if one else "two functions of one decorator"
    waits = listed(begun.waits_in(really)[1:-1])
    first = f"The first call made {begun.calls} calls with the waits {waits}"
    given = "with equal arguments" if trace.call.arguments else "without arguments"
    together = f"{INSIDE if inside else OVERLAPPING}, {given}"
    later = together if but >= 0 else "a later one"
    later = f"{later}, of {whose}, made {trace.calls}"
    thought = ""
    if trace.calls == begun.calls:
        seen = trace.waits_in(really)
        pairs = zip(seen, begun.waits_in(really), strict=False)
        if all(at == but or one < other + 0.1 for at, (one, other) in enumerate(pairs)):
            thought = f" {SHORTER}"
        waits = ["…" if at == but else listed([wait]) for at, wait in enumerate(seen)]
        later += f", the waits {', '.join(waits[1:-1])}"
    return f"{first}; {later}; expected the same.{thought}"
