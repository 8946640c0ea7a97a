"""A call of a decorated function, as it was planned, and what was seen of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.exercises.problem_5.kinds import described, short
from workbench.exercises.verdict import in_line
from workbench.sandbox.job import Observations
from workbench.wording import counted

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
ORDINARY = "the function is an ordinary one, so its wrapper should be"
LONGEST = 1e9  # seconds: further than that no clock of an answer goes


@dataclass(frozen=True)
class Call:
    """One call of a decorated function, as planned.

    outcomes: exception names, None for success, one for each call of the function; the last holds
    on. texts: what those exceptions say, or what they are made of; cause: the name of another one
    that they come from; again: whether it is the same object as long as it is of the same kind.
    during: the number of another call, and after which failure of that one this call is made, or
    after what is logged of it; threaded: whether in another thread; alternating: whether it rests
    there in its second call of the function until the other one goes on. real: whether time is to
    pass.
    """

    function: str
    decorator: str
    doc: str | None
    texts: tuple[str | tuple, ...]
    outcomes: tuple[str | None, ...]
    parameters: dict
    value: object = "done"
    arguments: tuple = ()
    named: dict = field(default_factory=dict)
    cause: str | None = None
    again: bool = False
    during: tuple | None = None
    threaded: bool = False
    alternating: bool = False
    real: bool = False

    @property
    def told(self) -> dict:
        """What the worker is told of it; the rest stays with the judge."""
        names = ("function", "decorator", "doc", "parameters", "arguments", "named")
        names += ("during", "threaded", "alternating", "real")
        return {name: getattr(self, name) for name in names}

    def reply(self, count: int) -> dict:
        """What the function does when it is called after `count` other calls."""
        outcome, text = self.outcome(count), self.text(count)
        if not outcome:
            return {"value": self.value}
        told = {"raise": outcome, "text": text, "cause": self.cause, "again": self.again}
        return told | {"arguments": self._of(count)}

    def outcome(self, count: int) -> str | None:
        """What comes of the function after `count` other calls, however many those are."""
        return self.outcomes[min(count, len(self.outcomes) - 1)]

    def text(self, count: int) -> str:
        """What an exception says that it raises then."""
        return str(Exception(*self._of(count)))

    def _of(self, count: int) -> tuple:
        """What an exception is made of that it raises then."""
        text = self.texts[min(count, len(self.texts) - 1)]
        return text if isinstance(text, tuple) else (text,)

    def failure(self, number: int) -> str:
        """What the function raises in the call of this number, from 1."""
        return f"{short(self.outcome(number - 1))}: {self.text(number - 1)}"

    @property
    def is_of_the_usual(self) -> bool:
        """Whether the exceptions that are retried by default are those to be retried here."""
        return "retryable_exceptions" not in self.parameters

    def __str__(self) -> str:
        """The decorator and what its function does, as somebody would say it."""
        kinds = [described(outcome) for outcome in self.outcomes if outcome]
        does = ", then ".join(f"raises {kind}" for kind in kinds)
        if self.cause:
            does += f" from {self.cause}"
        if None in self.outcomes:
            does = f"{does}{', then ' if does else ''}returns {self.value!r}"
        elif len(kinds) > 1:
            does = f"always raises {' or '.join(sorted(set(kinds)))}"
        return f"{decorator(self.parameters)} on a function that {does}"


@dataclass(frozen=True)
class Trace:
    """What was seen of a call.

    asked: the calls of the function; logs: what was logged before, between and after them, and
    prints, what was printed; times: (virtual, real) at the beginning, at each call of the function,
    and at the end; end: how it ended, None when it did not. doubtful: whether what was asked may be
    another call's; between: whether another call has gone on before this one had ended.
    """

    call: Call
    asked: tuple[dict, ...]
    logs: tuple[str, ...]
    times: tuple[tuple[float, float], ...]
    end: dict | None
    doubtful: bool = False
    between: bool = False
    prints: tuple[str, ...] = ()

    @property
    def waits(self) -> list[float]:
        """Virtual seconds before the first call, between the calls, after the last."""
        return [later - earlier for (earlier, _), (later, _) in pairwise(self.times)]

    @property
    def elapsed(self) -> list[float]:
        """The same in real seconds."""
        return [later - earlier for (_, earlier), (_, later) in pairwise(self.times)]

    def waits_in(self, really: bool) -> list[float]:
        """Those in real time, or in virtual time."""
        return self.elapsed if really else self.waits

    @property
    def calls(self) -> int:
        return len(self.asked)

    @property
    def failures(self) -> int:
        """How many of the calls of the function raised something."""
        return sum(self.call.outcome(number) is not None for number in range(self.calls))

    @property
    def has_history(self) -> bool:
        return self.calls > 1 and self.end is not None

    @property
    def is_refused(self) -> bool:
        """Whether it is, where it is made inside another one, before its function is called, as by
        an event loop in a loop, and not by a `raise` of its own; nothing is shared then."""
        refused = not self.call.threaded and "raised" in (self.end or {}) and not self.asked
        return refused and bool(self.end.get("slip"))

    def ends_right(self) -> bool:
        """Whether it gave the very value, or raised the very exception, of the last call."""
        if not self.end or not self.asked:
            return False
        outcome = short(self.call.outcome(self.calls - 1) or "")
        # asyncio makes a TimeoutError anew that comes from another thread.
        if outcome == "TimeoutError" and self.call.text(self.calls - 1) == self.end.get("text"):
            return self.end.get("raised") == outcome
        if outcome:
            return bool(self.end.get("same")) and self.end.get("raised") == outcome
        return bool(self.end.get("same")) and self.end.get("value") == repr(self.call.value)

    def __str__(self) -> str:
        if self.end is None:
            end = "the call did not come to an end"
        elif "raised" in self.end:
            end = f"the call raised {self.end['raised']}: {self.end.get('text') or '(no text)'}"
            end += "" if self.end.get("same") else in_line(self.end.get("line"))
        else:
            end = f"the call returned {ADDRESS.sub('', str(self.end.get('value')))}"
        if "coroutine object" in end:
            end += f", which nobody awaits: {ORDINARY}"
        if "generator object" in end:
            end += f", which nobody goes through: {ORDINARY}, without `yield`"
        return f"{self.call}: the function was called {counted(self.calls, 'time')}, and {end}"


def decorator(parameters: dict) -> str:
    kinds = [short(name) for name in parameters.get("retryable_exceptions", ())]
    shown = parameters | ({"retryable_exceptions": kinds} if kinds else {})
    given = ", ".join(f"{name}={value!r}" for name, value in shown.items())
    return f"@retry_with_backoff({given})"


def traces(observed: Observations, calls: Sequence[Call]) -> list[Trace]:
    """Sort what was told, in order, into the calls it belongs to; a log is the last one's."""
    told = [[] for _ in calls]
    current = 0
    for value in observed.values:
        number = (value.get("ask") or value).get("number")
        if isinstance(number, int) and 0 <= number < len(calls):
            current = number
        told[current].append(value)
    return [_trace(call, values) for call, values in zip(calls, told, strict=True)]


def _trace(call: Call, values: list[dict]) -> Trace:
    asked, logs, prints, times, end = [], [[]], [[]], [], None
    for value in values:
        if "begin" in value:  # what came before that is of no call, as of the answer's own trials
            logs, prints = ([[] for _ in texts] for texts in (logs, prints))
        if "log" in value:
            logs[-1].append(f"{value['log']}\n")
            continue
        if "printed" in value:
            prints[-1].append(str(value["printed"]))
            continue
        if "ask" in value:
            asked.append(value["ask"])
            logs.append([])
            prints.append([])
        elif "end" in value:
            end = value
        ahead = (value.get("ask") or value).get("ahead")
        if isinstance(ahead, int | float):
            times.append((max(0, min(ahead, LONGEST)), value["at"]))
    doubts = (any(doubt in value for value in values) for doubt in ("doubtful", "between"))
    texts = [tuple(map("".join, pieces)) for pieces in (logs, prints)]
    return Trace(call, tuple(asked), texts[0], tuple(times), end, *doubts, texts[1])
