"""What the waits between calls should be, and whether those that were seen are."""

from collections.abc import Sequence

from workbench.exercises.problem_5.calls import Trace, decorator

LATE = 0.03  # seconds of virtual time
DEFAULTS = {"max_retries": 3, "initial_delay": 1.0, "backoff_factor": 2.0}


def expected_waits(parameters: dict) -> list[float]:
    """No wait before the first call, the growing ones, none after the last failure."""
    given = DEFAULTS | parameters
    delay, factor = given["initial_delay"], given["backoff_factor"]
    return [0.0, *(delay * factor**retry for retry in range(given["max_retries"])), 0.0]


def waited(trace: Trace, expected: list[float]) -> bool:
    """Whether the waits are these.

    Real time is noise on top of virtual time, and counts where a loop watched a clock.
    """
    pairs = zip(trace.waits, trace.elapsed, expected, strict=False)
    return len(trace.waits) == len(expected) and all(
        virtual <= 1.05 * wait + 0.02 and virtual + real >= 0.97 * wait
        for virtual, real, wait in pairs
    )


def differs(trace: Trace) -> str:
    """How the waits of a call that gives up differ from what they should be, in a sentence."""
    expected = expected_waits(trace.call.parameters)
    early = trace.call.again and trace.calls < len(expected) - 1
    if early or (len(trace.call.outcomes) > 1 and trace.calls != len(expected) - 1):
        return ""  # it takes kinds for different, or what comes again, which others tell
    return "" if waited(trace, expected) else waits_differ(trace, trace.waits, expected)


def longer(trace: Trace, expected: list[float]) -> bool:
    """Whether short waits are longer in virtual time than one who looks at a clock at times would
    wait."""
    return any(seen > 1.05 * wait + 0.05 for seen, wait in zip(trace.waits, expected, strict=False))


def too_late(trace: Trace) -> str:
    """After which wait a result came back that was there, in a sentence; empty where at once."""
    if trace.calls > 1:
        seconds, wanted = sum(trace.waits[trace.calls :]), "that it comes back at once"
    else:
        seconds, wanted = sum(trace.waits), "no wait without a retry"
    if seconds <= LATE:
        return ""
    after = "a last wait of " if trace.calls > 1 else ""
    return f"{trace}, after {after}{seconds:.3g} s; expected {wanted}."


def too_soon(trace: Trace) -> str:
    """How a call for which time really passes waits less than it should, in a sentence."""
    expected = expected_waits(trace.call.parameters)
    if any(real < 0.9 * wait for real, wait in zip(trace.elapsed, expected, strict=False)):
        return waits_differ(trace, trace.elapsed, expected)
    return ""


def draws(traces: Sequence[Trace]) -> str:
    """How the same call waits otherwise each time, in a sentence; empty where it does not.

    A wait is what is virtual of it, and at most that and what is real. Who looks at a clock at
    times may come a little late; more than that nothing but a drawn number explains.
    """
    waits = [zip(trace.waits, trace.elapsed, strict=True) for trace in traces]
    for same in list(zip(*waits, strict=False))[1:-1]:
        least, most = min(map(sum, same)), max(virtual for virtual, _ in same)
        if most - least > 0.1 + least / 500:
            several = ", ".join(f"{virtual:.3g}" for virtual, _ in same)
            calls = f"called {len(traces)} times, it waited {several} s before the same retry"
            wanted = "expected the same. What in the wait is drawn?"
            return f"{decorator(traces[0].call.parameters)}: {calls}; {wanted}"
    return ""


def really_waited(seconds: list[float], expected: list[float]) -> bool:
    """Whether real waits, of which noise has made the best of it, are these."""
    return len(seconds) == len(expected) and all(
        0.95 * wait <= real <= 1.5 * wait + 0.05
        for real, wait in zip(seconds, expected, strict=True)
    )


def alike(one: list[float], other: list[float], but: int = -1) -> bool:
    """Whether two calls waited alike, as far as noise lets that be seen; but: a wait left out."""
    pairs = enumerate(zip(one, other, strict=False))
    return all(
        abs(first - second) <= 0.2 * first + 0.1
        for number, (first, second) in pairs
        if number != but
    )


def waits_differ(trace: Trace, waits: list[float], expected: list[float]) -> str:
    """What came and what was expected, in a sentence."""
    if not trace.calls:
        return f"{trace}; expected the waits {listed(expected[:-1])} s."
    calls = "call" if trace.calls == 1 else f"{trace.calls} calls"
    came = f"before the {calls} it waited {listed(waits[: trace.calls])} s"
    late = len(waits) > trace.calls and waits[-1] > 0.02
    if late:
        came += f" and {waits[-1]:.3g} s after the last failure"
    wanted = f"{listed(expected[:-1])} s and none after the last"
    text = f"{decorator(trace.call.parameters)}: {came}; expected {wanted}."
    if late and listed(waits[: trace.calls]) == listed(expected[:-1]):
        return f"{text} What is there to wait for when no call follows?"
    return text


def listed(waits: list[float]) -> str:
    return ", ".join(f"{round(wait, 2):g}" for wait in waits)
