"""A call of a decorated function, as it was planned, and what was seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.sandbox.job import Observations

LONGEST = 1e9  # seconds; a clock that an answer has moved further tells nothing


@dataclass(frozen=True)
class Call:
    """One call of a decorated function, as planned.

    outcomes: exception names, None for success, one for each call of the function; the last holds
    on. texts: what those exceptions say.
    """

    function: str
    decorator: str
    doc: str
    texts: tuple[str, ...]
    outcomes: tuple[str | None, ...]
    parameters: dict
    value: object = "done"
    arguments: tuple = ()
    named: dict = field(default_factory=dict)

    @property
    def told(self) -> dict:
        """What the worker is told of it; the rest stays with the judge."""
        names = ("function", "decorator", "doc", "parameters", "arguments", "named")
        return {name: getattr(self, name) for name in names}

    def reply(self, count: int) -> dict:
        """What the function does when it is called after `count` other calls."""
        outcome = self.outcomes[min(count, len(self.outcomes) - 1)]
        return {"raise": outcome, "text": self.texts[count]} if outcome else {"value": self.value}


@dataclass(frozen=True)
class Trace:
    """What was seen of a call.

    asked: the calls of the function; logs: what was logged before, between and after them; times:
    (virtual, real) at the beginning, at each call of the function, and at the end; end: how it
    ended, None when it did not.
    """

    call: Call
    asked: tuple[dict, ...]
    logs: tuple[str, ...]
    times: tuple[tuple[float, float], ...]
    end: dict | None

    @property
    def waits(self) -> list[float]:
        """Virtual seconds before the first call, between the calls, after the last."""
        return [later - earlier for (earlier, _), (later, _) in pairwise(self.times)]

    @property
    def elapsed(self) -> list[float]:
        """The same in real seconds."""
        return [later - earlier for (_, earlier), (_, later) in pairwise(self.times)]

    @property
    def calls(self) -> int:
        return len(self.asked)

    def ends_right(self) -> bool:
        """Whether it gave the very value, or raised the very exception, of the last call."""
        if not self.end or not self.end.get("same") or not self.asked:
            return False
        outcome = self.call.outcomes[min(self.calls, len(self.call.outcomes)) - 1]
        if outcome:
            return self.end.get("raised") == outcome
        return self.end.get("value") == repr(self.call.value)

    def __str__(self) -> str:
        failures = " then ".join(outcome or "success" for outcome in self.call.outcomes)
        if self.end is None:
            end = "it did not come to an end"
        elif "raised" in self.end:
            end = f"it raised {self.end['raised']}({self.end.get('text')!r})"
        else:
            end = f"it returned {self.end.get('value')}"
        decorated = f"{decorator(self.call.parameters)} on a function with {failures}"
        return f"{decorated}: called {counted(self.calls, 'time')}, and {end}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def decorator(parameters: dict) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in parameters.items())
    return f"@retry_with_backoff({given})"


def traces(observed: Observations, calls: Sequence[Call]) -> list[Trace]:
    """Sort what was told, in order, into the calls it belongs to."""
    told = [[] for _ in calls]
    current = -1
    for value in observed.values:
        if "begin" in value:
            current = min(current + 1, len(calls) - 1)
        told[max(current, 0)].append(value)
    return [_trace(call, values) for call, values in zip(calls, told, strict=True)]


def _trace(call: Call, values: list[dict]) -> Trace:
    asked, logs, times, end = [], [""], [], None
    for value in values:
        if "log" in value:
            logs[-1] += f"{value['log']}\n"
            continue
        if "ask" in value:
            asked.append(value["ask"])
            logs.append("")
        elif "end" in value:
            end = value
        ahead = (value.get("ask") or value).get("ahead")
        if isinstance(ahead, int | float) and 0 <= ahead < LONGEST:
            times.append((ahead, value["at"]))
    return Trace(call, tuple(asked), tuple(logs), tuple(times), end)
