"""Whether a log tells the history of a call: each attempt, by its number, and its exception.

A record counts by what it says, in any language; the final one also by its level, ERROR.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from workbench.exercises.problem_5.calls import Trace
from workbench.exercises.problem_5.kinds import LISTED, short
from workbench.exercises.problem_5.waits import DEFAULTS

# The first numbers in the languages of the course.
WORDS = {
    1: "one|first|eins|erste[rsn]?|uno|primer[oa]?",
    2: "two|second|zwei|zweite[rsn]?|dos|segund[oa]",
    3: "three|third|drei|dritte[rsn]?|tres|tercer[oa]?",
    4: "four|fourth|vier|vierte[rsn]?|cuatro|cuart[oa]",
    5: "five|fifth|fünf|fünfte[rsn]?|cinco|quint[oa]",
    6: "six|sixth|sechs|sechste[rsn]?|seis|sext[oa]",
}
OF_TIME = re.compile(
    r"(?<![\d.,])\d++(?:[.,]\d++)*+ ?(?:m?s(?:ecs?)?|(?:milli)?sec(?:ond)?s?"
    r"|(?:mili)?seg(?:undo)?s?|(?:milli)?sek(?:unden?)?)\b(?!=)",
    re.IGNORECASE,
)
# As the probe, or structlog, puts a record's level before it; one that says nothing is none.
GRAVE = re.compile(r"(?m)(?:^(?:ERROR|CRITICAL) |\[(?:error|critical) *\])\W*(?:\w\w|\d)")
LOUD = re.compile(r"^(?:WARNING|ERROR|CRITICAL) |\[(?:warning|error|critical) *\]")
GIVEN_UP = re.compile(
    r"(?:exhausted|abort(?:ed|ing)|g[ai]v(?:e|ing) up|failed for good|aufgegeben)", re.IGNORECASE
)
FAILED = re.compile(
    # In front of a noun it says which are meant, unless it says how many.
    r"\b(?:(?<=\d )failed|failed(?! (?:attempts?|calls?|tries|runs?|connections?)\b)|gescheitert"
    rf"|fehlgeschlagen|{GIVEN_UP.pattern})\b",
    re.IGNORECASE,
)
SUCCEEDED = r"\b(?:recovered|succeed(?:s|ed)|success(?:ful(?:ly)?)?|erfolgreich|gelungen)\b"
# As not successful, or success=False.
DENIED = re.compile(
    r"(?:\b(?:not?|none|never|without|nor|nicht|keine?r?|ohne)|n't)"
    rf"(?:\W+\w+){{0,2}}?\W+{SUCCEEDED}|{SUCCEEDED}\W{{1,4}}(?:false|no|none|0)\b",
    re.IGNORECASE,
)
# What is denied, announced or a condition is not said to be so.
UNSAID = re.compile(
    rf"(?:\b(?:not|no|none|nothing|never|without|nicht|nichts|keine?r?|wird|will|would|may|might"
    rf"|to|zero|before|instead of|rather than|avoid)|n't|'ll)(?: \w+){{0,2}} (?:{FAILED.pattern})"
    rf"(?: after \d{{1,9}} failed)?"
    rf"|\b(?:if|unless|in case|falls|wenn)\b[^.;:!\n]{{0,200}}(?:{FAILED.pattern})"
    rf"|(?:{FAILED.pattern})(?: so far| before)?\W{{1,4}}(?:false|no|none|null|nein|0)\b"
    rf"|(?:{FAILED.pattern})(?:\W{{1,4}}(?:\[\]|\(\)|\{{\}}|-(?!\w))| after that\b)",
    re.IGNORECASE,
)
# How many of the attempts failed, in front of the word or behind it.
OF_ATTEMPTS = r"(?:attempts?|calls?|tries|retries|times|of (?:them|these|which)|have|had|has)"
FAILURES = re.compile(
    r"(?<!attempt )(?<!try )(?<!call )(?<!versuch )(?<!all )(?<!of )(?<![#=/\d])(\d{1,9})"
    rf"(?: of \d+)?(?: {OF_ATTEMPTS}){{0,3}} (?:failed|fehlgeschlagen)\b"
    rf"|\bfailed(?:[ _]{OF_ATTEMPTS}| so far| before)?\W{{1,4}}(\d{{1,9}})\b",
    re.IGNORECASE,
)
ENDING = re.compile(
    r"fail|giv(e|es|ing) up|gave up|given up|exhaust|abort|exceed|no more|\blast\b|\bfinal"
    r"|out of (re)?(tries|attempts)|used up|stop\w{0,8} (re)?try|no further"
    r"|auf(gegeben|gebraucht)|g[ei]be?t? auf|gescheitert|endg|\bletzte"
    r"|agot(a|ó)|me rindo|se rinde|no quedan?|último|definitiv"
    # Each line is gone through once, from its begin.
    r"|reached|re-?rais|^(?>.*?\b(no|none|0)\b).*?\b(left|remaining)\b|^(?>.*?\bkeine?\b).*?\bmehr",
    re.IGNORECASE | re.MULTILINE,
)

LATER, RETRIED = "a later one", "one that succeeds after retries"
STARTS = range(3)  # what the first attempt, or the one that follows it, may have for a number
PRINTED = "What is printed is not in the log: which function of the module logging puts it there?"
KEPT = "What does your wrapper keep from call to call?"
UNTRUE = "Which line of yours logs that, and has anything failed by then?"


def lacking(
    fine: Sequence[Trace], begun: Trace, later: Sequence[Trace], retried: Sequence[Trace]
) -> str:
    """What the logs of calls lack, or tell that is not so, in a sentence; empty when nothing.

    fine: a call without a failure; begun: the first that gives up; later: others that do; retried:
    calls that succeed after failures.
    """
    if wrong := missing(begun):
        return wrong
    # Whoever calls otherwise later is told so by `independent_calls`.
    usual = begun.calls - DEFAULTS["max_retries"]
    likewise = (
        trace
        for trace in later
        if trace.calls == usual + (DEFAULTS | trace.call.parameters)["max_retries"]
        and trace.has_history
    )
    if wrong := next(filter(None, (foreign(begun, trace) for trace in later)), ""):
        return wrong
    retried = [trace for trace in retried if 0 < trace.failures < trace.calls]
    for another, traces in ((LATER, likewise), (RETRIED, retried)):
        if wrong := next(filter(None, map(missing, traces)), ""):
            return f"The first call is logged well, {another} is not. {wrong}"
    return next(filter(None, map(untrue, [*fine, *retried])), "")


def missing(trace: Trace) -> str:
    """What the logs after each failure lack, in a sentence; empty when nothing.

    The log after the last call may also sum everything up; that of a call which succeeded need not
    say so.
    """
    *retries, last = trace.logs[1:]
    succeeded = trace.failures < trace.calls
    summed_up = all(trace.call.text(number) in last for number in range(trace.failures))
    if summed_up and set(_numbers(last)).issuperset(range(1, trace.calls)):
        return ""
    named = [_names(log, number, trace) for number, log in enumerate(retries)]
    if not (all(named) and _counts(retries)):
        call, failure = trace.call, 0 if all(named) else named.index(False)
        lacking = f"the exception, {short(call.outcome(failure))}({call.text(failure)!r})"
        if all(named):
            lacking = "the number of the attempt, in digits, counting up from one retry to the next"
        log = retries[failure].strip() or "nothing"
        lacks = f"After failure {failure + 1} the log said: {log}. Missing is {lacking}."
        return lacks + _printed(trace, failure)
    if succeeded or _names(last, len(retries), trace) or GRAVE.search(last) or ENDING.search(last):
        return ""
    log = f"the log said only: {last.strip()}" if last else "nothing was logged"
    lacking = "the exception, or that it was given up"
    lacks = f"After the last failure, number {trace.calls}, {log}. Missing is {lacking}."
    return lacks + _printed(trace, len(retries))


def foreign(begun: Trace, later: Trace) -> str:
    """The failure of an earlier call that a later one's log tells of, in a sentence."""
    own = (later.call.doc or "", *map(later.call.text, range(later.calls)))
    texts = map(begun.call.text, range(begun.calls))
    told = "".join(later.logs)
    text = next((text for text in texts if text in told and not any(text in t for t in own)), "")
    return text and f"{later}, and its log tells of {text!r}, which an earlier call raised. {KEPT}"


def _printed(trace: Trace, failure: int) -> str:
    """What to say of what was printed after the failure of this number, from 0, where the log says
    nothing, or not the exception."""
    printed = trace.prints[failure + 1].strip()
    text = trace.call.text(failure)
    if not printed or (trace.logs[failure + 1].strip() and text not in printed):
        return ""
    line = next((line for line in printed.splitlines() if text in line), printed.splitlines()[0])
    return f" It printed {line[:100]!r}. {PRINTED}"


def untrue(trace: Trace) -> str:
    """The failure that was logged of a call after which there was none, in a sentence; empty when
    there is none."""
    last = trace.logs[-1].splitlines()
    lines = "".join(trace.logs).splitlines() if trace.calls == 1 else last

    def lies(line: str) -> bool:
        # Behind retries a WARNING may sum up that they failed.
        words = FAILED if trace.calls == 1 or GRAVE.search(line) else GIVEN_UP
        return bool(LOUD.search(line)) and _claims(line, trace, words)

    told = next(filter(lies, lines), "")
    return told and f"{trace}, but the log said: {told}. {UNTRUE}"


def _claims(line: str, trace: Trace, words: re.Pattern) -> bool:
    """Whether a line says of a call that succeeded, by these words, that it failed."""

    def stays(told: re.Match) -> str:
        return " " if int(told[1] or told[2]) == trace.failures else told[0]

    if re.search(SUCCEEDED, DENIED.sub(" ", line), re.IGNORECASE):
        return False
    return bool(words.search(UNSAID.sub(" ", FAILURES.sub(stays, line))))


def _names(log: str, number: int, trace: Trace) -> bool:
    """Whether a log names the exception of the failure of this number, from 0.

    A class in a list of classes is not named by it, unless it comes first, as it cannot each time
    in a list that is always the same, or that is a history of all that was raised by then.
    """
    if trace.call.text(number) in log:
        return True
    if not trace.call.outcome(number):  # that is called again after a success is told elsewhere
        return True
    raised = Counter(filter(None, map(trace.call.outcome, range(number + 1))))
    name = trace.call.outcome(number)
    named, listed = (
        log.count(short(name)),
        trace.call.parameters.get("retryable_exceptions", LISTED),
    )
    if name not in listed:
        return named > 0
    others = {other: log.count(short(other)) for other in {*raised, *listed} - {name}}
    present = (other for other in {name, *others} if short(other) in log)
    first = min(present, key=lambda other: log.find(short(other)), default="")
    if named > max(others.values(), default=0) or first == name:
        return True
    return named >= raised[name] and all(raised[other] == often for other, often in others.items())


def _counts(logs: list[str]) -> bool:
    """Whether each log names the number of the attempt: more often than the log before, or in the
    same place.

    A log may name the next attempt, too, of how many it is one, and how many are left.
    """
    numbers = [[], *map(_numbers, logs)]
    counted = [Counter(named) for named in numbers]
    more = any(
        all(
            named[attempt] > before[attempt]
            for attempt, (before, named) in enumerate(pairwise(counted), start)
        )
        for start in STARTS
    )
    same = min(map(len, numbers[1:]), default=0)
    columns = ([named[place] for named in numbers[1:]] for place in range(-same, same))
    return more or any(
        column == list(range(start, start + len(column))) for column in columns for start in STARTS
    )


def _numbers(log: str) -> list[int]:
    """The whole numbers that a log names, and the first ones as words, in order; none of time."""
    log = OF_TIME.sub(" ", log)
    for number, words in WORDS.items():
        log = re.sub(rf"\b(?:{words})\b", f" {number} ", log, flags=re.IGNORECASE)
    return list(map(int, re.findall(r"(?<!\d)(?<!\d\.)\d{1,6}(?!\d|\.\d)", log)))
