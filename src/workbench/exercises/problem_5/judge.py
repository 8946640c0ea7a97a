"""Problem 5, `retry_with_backoff`: functions fail as planned; calls, waits, logs are compared."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

from workbench.exercises.answers import Answer
from workbench.exercises.problem_5.calls import Call, Trace, counted, traces
from workbench.exercises.problem_5.logs import missing
from workbench.exercises.problem_5.waits import (
    alike,
    expected_waits,
    listed,
    really_waited,
    waited,
    waits_differ,
)
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import FAILED, Stopped, Verdict, Verdicts, raised
from workbench.sandbox.job import Job, Observations

VERBS, NOUNS = ("fetch", "load", "read", "query"), ("prices", "orders", "sensor", "feed")
NAMES = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
REASONS = (
    *("line is busy", "gate is closed", "answer was garbled", "queue is full", "token is stale"),
    *("peer went away", "disk is slow", "cache is cold", "route is gone", "mirror is late"),
    *("clock is off", "page torn"),
)
ENOUGH = len(REASONS)  # calls of one function; no test needs more
NO_WAIT = 0.005  # seconds


class Unable(Exception):
    """The answer raised where none of its functions was called."""

    def __init__(self, observed: Observations):
        super().__init__(observed.error)
        self.error, self.loaded = observed.error, observed.first("loaded")


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job) -> Mapping[str, Verdict]:
    """Decide every criterion; a stopped answer leaves the later ones out."""
    verdicts, criteria = Verdicts(exercise.thoughts), exercise.of_part("code")
    examination = Examination(job, seed)
    for criterion in criteria:
        try:
            verdicts.decide(criterion, getattr(examination, criterion)())
        except Stopped:
            break
        except Unable as unable:
            using = "Using retry_with_backoff as a decorator"
            doing = using if unable.loaded else "Loading the answer"
            event = f"{doing} raised {raised(unable.error)}."
            thought = "Does the cell define it, and import what it uses itself?"
            verdicts[criterion] = Verdict(FAILED, f"{event} {thought}")
            if not unable.loaded:
                verdicts.fail(criteria)
                break
    return verdicts


class Examination:
    """One submission: the method of a criterion makes calls in its job and says what is wrong."""

    def __init__(self, job: Job, seed: int):
        self.job, self.draw = job, random.Random(seed)
        self.names: Iterator[str] = iter(self.draw.sample(NAMES, len(NAMES)) * 9)
        self.really = False  # whether waits are such that no virtual clock can shorten them

    def call(
        self, *outcomes: str | None, like: Call | None = None, decorator: str = "", **fields
    ) -> Call:
        """A call of a new function, or once more of the one in `like`."""
        name = like.function if like else next(self.names)
        parameters = {"initial_delay": 0.01, **fields.pop("parameters", {})}
        texts = tuple(self.draw.sample(REASONS, len(REASONS)))
        doc = like.doc if like else f"Try it while the {texts[-1]}."
        decorator = like.decorator if like else decorator or name
        return Call(name, decorator, doc, texts, outcomes, parameters, **fields)

    def make(self, stage: str, *calls: Call, real: bool = False) -> list[Trace]:
        """Let the calls happen in a fresh process; raise Stopped or Unable when cut short."""
        counts = [0] * len(calls)

        def serve(question: dict) -> dict:
            number = question["number"]
            call, count = calls[number], counts[number]
            counts[number] += 1
            return {"enough": True} if count >= ENOUGH else call.reply(count)

        told = [call.told for call in calls]
        observed = self.job.step(stage, {"real": real, "calls": told}, serve)
        if observed.stopped:
            raise Stopped
        if observed.error:
            raise Unable(observed)
        return traces(observed, calls)

    def make_each(self, stage: str, *calls: Call) -> Iterator[Trace]:
        """The same, each call in a process of its own."""
        for call in calls:
            yield from self.make(stage, call)

    def retries_until_success(self) -> str:
        plans = [(0, {}), (1, {}), (3, {}), (5, {"max_retries": 5})]
        calls = [self.call(*_failures(count), None, parameters=extra) for count, extra in plans]
        for trace in self.make("retries_until_success", *calls):
            expected = len(trace.call.outcomes)
            if trace.calls != expected or not trace.ends_right():
                return f"{trace}; expected {counted(expected, 'call')}, then 'done'."
        return ""

    def gives_up(self) -> str:
        settings = ({}, {"max_retries": 1}, {"max_retries": 0})
        calls = [self.call(*_failures(6), parameters=extra) for extra in settings]
        for trace in self.make_each("gives_up", *calls):
            expected = 1 + trace.call.parameters.get("max_retries", 3)
            if trace.calls != expected or not trace.ends_right():
                last = "the exception of the last one, itself"
                return f"{trace}; expected {counted(expected, 'call')}, then {last}."
        return ""

    def backoff(self) -> str:
        short = {"initial_delay": 0.04, "max_retries": 2}
        (tried,) = self.make("backoff", self.call("ValueError", parameters=short))
        virtually = 0.03 < sum(tried.waits) < 0.2
        self.really = not virtually and sum(tried.elapsed[1:-1]) > 0.11
        if self.really:
            return self._real_backoff()
        others = {"max_retries": 4, "initial_delay": 0.5, "backoff_factor": 3.0}
        calls = (self._with_defaults("ValueError"), self.call("ValueError", parameters=others))
        for trace in self.make_each("backoff", *calls):
            expected = expected_waits(trace.call.parameters)
            if not waited(trace, expected):
                return waits_differ(trace, trace.waits, expected)
        quick = {"max_retries": 2, "initial_delay": 0.03, "backoff_factor": 2.0}
        (trace,) = self.make("backoff", self.call("ValueError", parameters=quick), real=True)
        expected = expected_waits(quick)
        pairs = zip(trace.elapsed, expected, strict=False)
        if any(real < 0.9 * wait for real, wait in pairs):
            return waits_differ(trace, trace.elapsed, expected)
        return ""

    def _with_defaults(self, *outcomes: str | None) -> Call:
        return replace(self.call(*outcomes), parameters={})

    def _real_backoff(self) -> str:
        """For waits that no virtual clock can shorten: the least of a few, as noise only adds."""
        for given in (
            {"initial_delay": 0.05, "backoff_factor": 2.0},
            {"initial_delay": 0.03, "backoff_factor": 3.0},
        ):
            tries, expected = [], expected_waits(given)
            for _ in range(4):
                tries += self.make("backoff", self.call("ValueError", parameters=given), real=True)
                elapsed = zip(*(trace.elapsed for trace in tries), strict=False)
                least = [min(waits) for waits in elapsed]
                if really_waited(least, expected):
                    break
            else:
                return waits_differ(tries[0], least, expected)
        (trace,) = self.make("backoff", self._with_defaults("ValueError", None), real=True)
        if 0.95 <= sum(trace.elapsed) <= 1.9:
            return ""
        return waits_differ(trace, trace.elapsed, [0.0, 1.0, 0.0])

    def selective(self) -> str:
        listed_only = {"retryable_exceptions": ["KeyError"]}
        everything = {"retryable_exceptions": ["Exception"]}
        others = ("KeyError", "FileNotFoundError", "TypeError", "KeyboardInterrupt")
        subclasses = ("BadRow", "ConnectionResetError", "UnicodeError")
        calls = [
            *(self.call(name) for name in others),
            *(self.call(name, None) for name in subclasses),
            self.call("ValueError", "TypeError"),
            self.call("KeyError", None, parameters=listed_only),
            self.call("ValueError", parameters=listed_only),
            self.call("KeyboardInterrupt", parameters=everything),
        ]
        for trace in self.make("selective", *calls):
            expected = len(trace.call.outcomes)
            if trace.calls != expected or not trace.ends_right():
                end = trace.call.outcomes[-1] or "'done'"
                return f"{trace}; expected {counted(expected, 'call')}, then {end}."
            if trace.waits[-1] > NO_WAIT:
                return f"{trace}, {trace.waits[-1]:.3g} s later; expected no wait."
        return ""

    def logs_history(self) -> str:
        (trace,) = self.make("logs_history", self.call(*_failures(8)))
        if trace.calls < 2 or trace.end is None:
            return f"{trace}; there was no history of retries and a last failure to log."
        *retries, last = trace.logs[1:]
        if not last:
            return f"{trace}. Nothing was logged after the last failure."
        return missing(retries, last, trace)

    def transparent(self) -> str:
        values = [None, 0, "", [], False, {"rows": 3}]
        arguments = (7, "left", [1, 2])
        named = {"rows": 5, "name": "right", "strict": False}
        calls = [self.call(None, value=value) for value in values]
        calls.append(self.call("ValueError", None, arguments=arguments, named=named))
        for trace in self.make("transparent", *calls):
            if wrong := _looks_different(trace) or _passes_others(trace):
                return wrong
            if (trace.call.outcomes == (None,) and trace.calls != 1) or not trace.ends_right():
                return f"{trace}; expected {trace.call.value!r}, which the function returned."
        return ""

    def independent_calls(self) -> str:
        delay = 0.01 if self.really else 1.0  # so long that real time does not matter beside it
        failing = ("ValueError", "ConnectionError", None)
        first = self.call(*failing, parameters={"initial_delay": delay})
        again = self.call(*failing, like=first)
        sister = self.call(*failing, decorator=first.decorator)
        hopeless = self.call("ValueError", like=first)
        later = self.call(*failing, like=first)
        calls = (first, again, sister, hopeless, later)
        begun, *others, lost, last = self.make("independent_calls", *calls, real=self.really)
        if begun.calls < 2 or not begun.end:
            return f"{begun}; so there were no retries to be independent."
        # Whoever does not come back from the hopeless call never gets to the last one.
        for trace in (trace for trace in (*others, last) if trace.asked or lost.end):
            same_waits = alike(begun, trace) or self.draws_waits(begun)
            same_end = ("raised" in (trace.end or {})) == ("raised" in begun.end)
            if trace.calls != begun.calls or not same_waits or not same_end:
                return _dependent(begun, trace)
        return ""

    def draws_waits(self, begun: Trace) -> bool:
        """Whether waits are random: the same call, in a process of its own, waits otherwise."""
        again = (self.make("independent_calls", begun.call)[0] for _ in range(5))
        return not all(alike(begun, trace) for trace in again)


def _failures(count: int) -> list[str]:
    return [("ValueError", "ConnectionError")[number % 2] for number in range(count)]


def _looks_different(trace: Trace) -> str:
    end = trace.end or {}
    for attribute, wanted in (("name", trace.call.function), ("doc", trace.call.doc)):
        if end.get(attribute) != wanted:
            has = f"__{attribute}__ {end.get(attribute)!r}"
            return f"The decorated function has {has}; expected {wanted!r}."
    return ""


def _passes_others(trace: Trace) -> str:
    given = list(trace.call.arguments), trace.call.named
    for asked in trace.asked:
        came = asked.get("arguments"), asked.get("named")
        if came != given:
            received = f"the function received {came[0]} and {came[1]}"
            return f"Called with {given[0]} and {given[1]}, {received}."
    return ""


def _dependent(begun: Trace, trace: Trace) -> str:
    same = trace.call.function == begun.call.function
    whose = "the same function" if same else "another function"
    first = f"The first call made {begun.calls} calls with the waits {listed(begun.waits[1:-1])}"
    later = f"a later one, of {whose}, made {trace.calls}"
    if trace.calls == begun.calls:
        later += f", the waits {listed(trace.waits[1:-1])}"
    return f"{first}; {later}; expected the same."
