"""Problem 5, `retry_with_backoff`: functions fail as often as decided here; calls, waits and logs are compared."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workbench.exercises.report import CRITERIA, THOUGHTS, Verdict
from workbench.sandbox.job import Job, Limits, Observations

PROBE = "workbench.exercises.problem_5.probe"
PRELOAD = ("tenacity", PROBE)
LIMITS = Limits(wall=10, cpu=5, memory=512)
NAMES = [
    f"{verb}_{noun}"
    for verb in ("fetch", "load", "read", "query")
    for noun in ("prices", "orders", "sensor", "feed")
]
REASONS = ("line is busy", "gate is closed", "answer was garbled", "queue is full", "token is stale", "peer went away",
           "disk is slow", "cache is cold", "route is gone", "mirror is late", "clock is off", "page torn")  # fmt: skip
ENOUGH = 12  # calls of one function; no test needs more
TOLD = (
    "function",
    "decorator",
    "doc",
    "parameters",
    "arguments",
    "named",
)  # of a Call; the rest stays with the judge
ORDINALS = {"first": " 1 ", "second": " 2 ", "third": " 3 ", "fourth": " 4 "}


@dataclass(frozen=True)
class Call:
    """One call of a decorated function, as planned. outcomes: exception names, None for success; the last holds on."""

    function: str
    decorator: str
    doc: str
    texts: tuple[str, ...]
    outcomes: tuple[str | None, ...]
    parameters: dict
    value: object = "done"
    arguments: tuple = ()
    named: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """What was seen of a call: its questions, the log after each of them, times (virtual, real), and how it ended."""

    call: Call
    asked: tuple[dict, ...]
    logs: tuple[str, ...]
    times: tuple[
        tuple[float, float], ...
    ]  # at its beginning, at each call of the function, at its end
    end: dict | None

    @property
    def waits(self) -> list[float]:
        """Virtual seconds before the first call, between the calls, after the last."""
        return [
            later[0] - earlier[0]
            for earlier, later in zip(self.times, self.times[1:], strict=False)
        ]

    @property
    def elapsed(self) -> list[float]:
        return [
            later[1] - earlier[1]
            for earlier, later in zip(self.times, self.times[1:], strict=False)
        ]

    @property
    def calls(self) -> int:
        return len(self.asked)

    def ends_right(self) -> bool:
        """Whether it gave the very value, or raised the very exception, of the function's last call."""
        if not self.end or not self.end.get("same") or not self.asked:
            return False
        outcome = self.call.outcomes[min(self.calls, len(self.call.outcomes)) - 1]
        return (
            self.end.get("raised") == outcome
            if outcome
            else self.end.get("value") == repr(self.call.value)
        )

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.call.parameters.items())
        failures = " then ".join(outcome or "success" for outcome in self.call.outcomes)
        if self.end is None:
            end = "it did not come to an end"
        elif "raised" in self.end:
            end = f"it raised {self.end['raised']}({self.end.get('text')!r})"
        else:
            end = f"it returned {self.end.get('value')}"
        return f"@retry_with_backoff({given}) on a function with {failures}: called {self.calls} times, and {end}"


class Examination:
    """One submission: makes calls in its job and turns what was seen into verdicts."""

    def __init__(self, job: Job, seed: int):
        self.job, self.verdicts, self.really = job, {}, False
        self.draw = random.Random(seed)
        self.names: Iterator[str] = iter(self.draw.sample(NAMES, len(NAMES)) * 9)

    def call(
        self, *outcomes: str | None, like: Call | None = None, decorator: str = "", **fields
    ) -> Call:
        """A call of a new function, or once more of the one in `like`."""
        name = like.function if like else next(self.names)
        parameters = {"initial_delay": 0.01, **fields.pop("parameters", {})}
        texts = tuple(self.draw.sample(REASONS, len(REASONS)))
        doc = like.doc if like else f"Try it while the {texts[-1]}."
        return Call(
            name,
            like.decorator if like else decorator or name,
            doc,
            texts,
            outcomes,
            parameters,
            **fields,
        )

    def make(self, stage: str, *calls: Call, real: bool = False) -> list[Trace]:
        """Let the calls happen in a fresh process; Stopped or Unable when that was cut short."""
        counts = [0] * len(calls)

        def serve(question: dict) -> dict:
            call, count = calls[question["number"]], counts[question["number"]]
            counts[question["number"]] += 1
            outcome = call.outcomes[min(count, len(call.outcomes) - 1)]
            if count >= ENOUGH:
                return {"enough": True}
            return (
                {"raise": outcome, "text": call.texts[count]} if outcome else {"value": call.value}
            )

        told = [{name: getattr(call, name) for name in TOLD} for call in calls]
        seen = self.job.step(stage, {"real": real, "calls": told}, serve)
        if seen.stopped:
            raise Stopped
        if seen.error:
            raise Unable(seen)
        return _traces(seen, calls)

    def decide(self, criterion: str, wrong: str) -> None:
        said = f"{wrong} {THOUGHTS['problem_5'][criterion]}"
        self.verdicts[criterion] = Verdict("failed", said) if wrong else Verdict("passed")

    def retries_until_success(self) -> str:
        plans = [(0, {}), (1, {}), (3, {}), (5, {"max_retries": 5})]
        calls = [self.call(*_failures(count), None, parameters=extra) for count, extra in plans]
        for trace in self.make("retries_until_success", *calls):
            expected = len(trace.call.outcomes)
            if trace.calls != expected or not trace.ends_right():
                return f"{trace}; expected {expected} calls, then 'done'."
        return ""

    def gives_up(self) -> str:
        calls = [
            self.call(*_failures(6), parameters=extra)
            for extra in ({}, {"max_retries": 1}, {"max_retries": 0})
        ]
        for trace in (trace for call in calls for trace in self.make("gives_up", call)):
            expected = 1 + trace.call.parameters.get("max_retries", 3)
            if trace.calls != expected or not trace.ends_right():
                return f"{trace}; expected {expected} calls, then the exception of the last one, itself."
        return ""

    def backoff(self) -> str:
        tried = self.make(
            "backoff", self.call("ValueError", parameters={"initial_delay": 0.04, "max_retries": 2})
        )[0]
        self.really = (
            not 0.03 < sum(tried.waits) < 0.2 and sum(tried.elapsed[1:-1]) > 0.11
        )  # time did pass
        if self.really:
            return self._real_backoff()
        defaults = {"initial_delay": 1.0, "backoff_factor": 2.0}
        others = {"max_retries": 4, "initial_delay": 0.5, "backoff_factor": 3.0}
        tests = (
            replace(self.call("ValueError"), parameters={}),
            self.call("ValueError", parameters=others),
        )
        for trace in (trace for call in tests for trace in self.make("backoff", call)):
            expected = _expected(defaults | {"max_retries": 3} | trace.call.parameters)
            if len(trace.waits) != len(expected) or not all(
                map(_waited, trace.waits, trace.elapsed, expected)
            ):
                return _waits_differ(trace, trace.waits, expected)
        quick = {"max_retries": 2, "initial_delay": 0.03, "backoff_factor": 2.0}
        trace = self.make("backoff", self.call("ValueError", parameters=quick), real=True)[0]
        if any(
            real < 0.9 * wait for real, wait in zip(trace.elapsed, _expected(quick), strict=False)
        ):
            return _waits_differ(trace, trace.elapsed, _expected(quick))
        return ""

    def _real_backoff(self) -> str:
        """For waits that no virtual clock can shorten: short ones, and the least of a few, as noise only adds."""
        for given in (
            {"initial_delay": 0.05, "backoff_factor": 2.0},
            {"initial_delay": 0.03, "backoff_factor": 3.0},
        ):
            traces, expected = [], _expected({"max_retries": 3} | given)
            for _ in range(4):
                traces += self.make("backoff", self.call("ValueError", parameters=given), real=True)
                least = [
                    min(waits) for waits in zip(*(trace.elapsed for trace in traces), strict=False)
                ]
                if len(least) == len(expected) and all(map(_close, least, expected)):
                    break
            else:
                return _waits_differ(traces[0], least, expected)
        trace = self.make(
            "backoff", replace(self.call("ValueError", None), parameters={}), real=True
        )[0]
        return (
            ""
            if 0.95 <= sum(trace.elapsed) <= 1.9
            else _waits_differ(trace, trace.elapsed, [0.0, 1.0, 0.0])
        )

    def selective(self) -> str:
        listed, everything = (
            {"retryable_exceptions": ["KeyError"]},
            {"retryable_exceptions": ["Exception"]},
        )
        calls = [
            self.call(name)
            for name in ("KeyError", "FileNotFoundError", "TypeError", "KeyboardInterrupt")
        ]
        calls += [
            self.call(name, None) for name in ("BadRow", "ConnectionResetError", "UnicodeError")
        ]
        calls += [
            self.call("ValueError", "TypeError"),
            self.call("KeyError", None, parameters=listed),
        ]
        calls += [
            self.call("ValueError", parameters=listed),
            self.call("KeyboardInterrupt", parameters=everything),
        ]
        for trace in self.make("selective", *calls):
            expected = len(trace.call.outcomes)
            if trace.calls != expected or not trace.ends_right():
                end = trace.call.outcomes[-1] or "'done'"
                return f"{trace}; expected {expected} call{'s' * (expected > 1)}, then {end}."
            if trace.waits[-1] > 0.005:
                return f"{trace}, {trace.waits[-1]:.3g} s later; expected no wait."
        return ""

    def logs_history(self) -> str:
        trace = self.make("logs_history", self.call(*_failures(8)))[0]
        if trace.calls < 2 or trace.end is None:
            return f"{trace}; there was no history of retries and a last failure to log."
        kinds = list(trace.call.outcomes)
        *retries, last = trace.logs[1:]
        named = [
            text in log or kind in log
            for log, text, kind in zip(retries, trace.call.texts, kinds, strict=False)
        ]
        numbers = [_numbers(log) for log in retries]
        counted = any(
            all(place + shift in found for place, found in enumerate(numbers))
            for shift in (0, 1, 2)
        )
        every = all(text in last for text in trace.call.texts[: trace.calls])
        summed_up = every and _numbers(last) >= set(range(1, trace.calls))
        if not last:
            return f"{trace}. Nothing was logged after the last failure."
        if summed_up or (all(named) and counted):
            return ""
        place = named.index(False) if not all(named) else 0
        said = retries[place].strip() or "nothing"
        exception = f"{kinds[place]}({trace.call.texts[place]!r})"
        missing = "the number of the attempt" if all(named) else f"the exception, {exception},"
        return f"After failure {place + 1} the log (module logging) said: {said}. Expected {missing} as well."

    def draws_waits(self, begun: Trace) -> bool:
        """Whether the waits are drawn at random: the same call, first in a process of its own, waits otherwise."""
        return not all(
            _alike(begun, self.make("independent_calls", begun.call)[0]) for _ in range(5)
        )

    def transparent(self) -> str:
        values = [None, 0, "", [], False, {"rows": 3}]
        given = {
            "arguments": (7, "left", [1, 2]),
            "named": {"rows": 5, "name": "right", "strict": False},
        }
        calls = [self.call(None, value=value) for value in values] + [
            self.call("ValueError", None, **given)
        ]
        for trace in self.make("transparent", *calls):
            call, end = trace.call, trace.end or {}
            for what in ("name", "doc"):
                wanted = call.function if what == "name" else call.doc
                if end.get(what) != wanted:
                    return f"The decorated function has __{what}__ {end.get(what)!r}; expected {wanted!r}."
            for asked in trace.asked:
                if (asked.get("arguments"), asked.get("named")) != (
                    list(call.arguments),
                    call.named,
                ):
                    came = f"{asked.get('arguments')} and {asked.get('named')}"
                    return f"Called with {list(call.arguments)} and {call.named}, the function received {came}."
            if (call.outcomes == (None,) and trace.calls != 1) or not trace.ends_right():
                return f"{trace}; expected {call.value!r}, which the function returned."
        return ""

    def independent_calls(self) -> str:
        delay = 0.01 if self.really else 1.0  # so long that real time does not matter beside it
        first = self.call(
            "ValueError", "ConnectionError", None, parameters={"initial_delay": delay}
        )
        again = [
            self.call(*first.outcomes, like=first),
            self.call(*first.outcomes, decorator=first.decorator),
        ]
        hopeless = self.call("ValueError", like=first)
        later = self.call(*first.outcomes, like=first)
        begun, *others = self.make(
            "independent_calls", first, *again, hopeless, later, real=self.really
        )
        if begun.calls < 2 or not begun.end:
            return f"{begun}; so there were no retries to be independent."
        for trace in (
            each for each in others if each.call is not hopeless and (each.asked or others[2].end)
        ):
            same_waits = _alike(begun, trace) or self.draws_waits(begun)
            same_end = ("raised" in (trace.end or {})) == ("raised" in begun.end)
            if trace.calls != begun.calls or not same_waits or not same_end:
                whose = (
                    "the same function"
                    if trace.call.function == first.function
                    else "another function"
                )
                waits = (
                    ""
                    if trace.calls != begun.calls
                    else f", the waits {_seconds(trace.waits[1:-1])}"
                )
                return (
                    f"The first call made {begun.calls} calls with the waits {_seconds(begun.waits[1:-1])}; "
                    f"a later one, of {whose}, made {trace.calls}{waits}; expected the same."
                )
        return ""


class Stopped(Exception):
    """The worker ended the answer; the job knows why."""


class Unable(Exception):
    """The answer raised where none of its functions was called."""


def judge(job: Job, seed: int) -> dict[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out."""
    examination = Examination(job, seed)
    for criterion, *_ in CRITERIA["problem_5"]:
        try:
            examination.decide(criterion, getattr(examination, criterion)())
        except Stopped:
            break
        except Unable as error:
            seen: Observations = error.args[0]
            what = (
                "using retry_with_backoff as a decorator"
                if seen.first("loaded")
                else "loading the answer"
            )
            line = f" in line {seen.error['line']}" if seen.error.get("line") else ""
            said = f"{what.capitalize()} raised {seen.error.get('type')}: {seen.error.get('text')}{line}."
            said += " Does the cell define it, and import what it uses itself?"
            examination.verdicts[criterion] = Verdict("failed", said)
            if not seen.first("loaded"):
                rest = (
                    name for name, *_ in CRITERIA["problem_5"] if name not in examination.verdicts
                )
                return examination.verdicts | dict.fromkeys(
                    rest, Verdict("failed", "It could not be tried.")
                )
    return examination.verdicts


def _failures(count: int) -> list[str]:
    return [("ValueError", "ConnectionError")[place % 2] for place in range(count)]


def _traces(seen: Observations, calls: tuple[Call, ...]) -> list[Trace]:
    """Sort what was told, in order, into the calls it belongs to."""
    found, place = [{"asked": [], "logs": [""], "times": [], "end": None} for _ in calls], -1
    for value in seen.values:
        place = min(place + ("begin" in value), len(calls) - 1)
        trace = found[max(place, 0)]
        if "log" in value:
            trace["logs"][-1] += f"{value['log']}\n"
            continue
        if "ask" in value:
            trace["asked"].append(value["ask"])
            trace["logs"].append("")
        elif "end" in value:
            trace["end"] = value
        ahead = (value.get("ask") or value).get("ahead")
        if isinstance(ahead, int | float) and 0 <= ahead < 1e9:
            trace["times"].append((ahead, value["at"]))
    return [
        Trace(call, tuple(each["asked"]), tuple(each["logs"]), tuple(each["times"]), each["end"])
        for call, each in zip(calls, found, strict=True)
    ]


def _expected(parameters: dict) -> list[float]:
    """No wait before the first call, the growing ones, none after the last failure."""
    delay, factor = parameters["initial_delay"], parameters["backoff_factor"]
    return [0.0, *(delay * factor**retry for retry in range(parameters["max_retries"])), 0.0]


def _waited(virtual: float, real: float, expected: float) -> bool:
    """Real time is noise on top of virtual time, and counts where a loop watched a clock."""
    return virtual <= 1.05 * expected + 0.02 and virtual + real >= 0.97 * expected


def _close(real: float, expected: float) -> bool:
    return 0.95 * expected <= real <= 1.5 * expected + 0.05


def _alike(one: Trace, other: Trace) -> bool:
    """Whether two calls waited alike, as far as noise lets that be seen."""
    return all(abs(a - b) <= 0.2 * a + 0.1 for a, b in zip(one.waits, other.waits, strict=False))


def _waits_differ(trace: Trace, waits: list[float], expected: list[float]) -> str:
    between = f"before the {trace.calls} calls it waited {_seconds(waits[: trace.calls])} s"
    after = (
        f" and {waits[-1]:.3g} s after the last"
        if len(waits) > trace.calls and waits[-1] > 0.02
        else ""
    )
    given = ", ".join(f"{name}={value!r}" for name, value in trace.call.parameters.items())
    wanted = f"{_seconds(expected[:-1])} s and none after the last"
    return f"@retry_with_backoff({given}): {between}{after}; expected {wanted}."


def _seconds(waits: list[float]) -> str:
    return ", ".join(f"{round(wait, 2):g}" for wait in waits)


def _numbers(log: str) -> set[int]:
    """The whole numbers that a log names, and the ordinals."""
    for word, number in ORDINALS.items():
        log = re.sub(rf"\b{word}\b", number, log, flags=re.IGNORECASE)
    return {int(number) for number in re.findall(r"(?<![\d.])\d{1,6}(?!\d|\.\d)", log)}
