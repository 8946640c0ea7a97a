"""Whether a log tells the history of a call: each attempt, by its number, and its exception."""

import re

from workbench.exercises.problem_5.calls import Trace

ORDINALS = {"first": " 1 ", "second": " 2 ", "third": " 3 ", "fourth": " 4 "}


def missing(retries: list[str], last: str, trace: Trace) -> str:
    """What the logs after each failure lack, in a sentence; empty when nothing.

    The log after the last failure may also sum everything up.
    """
    texts, kinds = trace.call.texts, trace.call.outcomes
    summed_up = all(text in last for text in texts[: trace.calls])
    if summed_up and _numbers(last) >= set(range(1, trace.calls)):
        return ""
    named = [
        text in log or kind in log for log, text, kind in zip(retries, texts, kinds, strict=False)
    ]
    if all(named) and _counts(retries):
        return ""
    failure = 0 if all(named) else named.index(False)
    log = retries[failure].strip() or "nothing"
    lacking = f"the exception, {kinds[failure]}({texts[failure]!r}),"
    if all(named):
        lacking = "the number of the attempt"
    after = f"After failure {failure + 1} the log (module logging) said: {log}."
    return f"{after} Expected {lacking} as well."


def _counts(logs: list[str]) -> bool:
    """Whether the logs name the number of the attempt, counted from 0, 1 or 2."""
    numbers = [_numbers(log) for log in logs]
    return any(
        all(attempt + start in named for attempt, named in enumerate(numbers))
        for start in (0, 1, 2)
    )


def _numbers(log: str) -> set[int]:
    """The whole numbers that a log names, and the ordinals."""
    for word, number in ORDINALS.items():
        log = re.sub(rf"\b{word}\b", number, log, flags=re.IGNORECASE)
    return {int(number) for number in re.findall(r"(?<![\d.])\d{1,6}(?!\d|\.\d)", log)}
