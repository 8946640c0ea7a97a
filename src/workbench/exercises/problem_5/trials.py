"""Making calls of functions that a submission has decorated."""

import random
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, product, takewhile

from workbench.exercises.problem_5.calls import Call, Trace, traces
from workbench.exercises.problem_5.differences import own_error, unable
from workbench.exercises.problem_5.kinds import (
    ABOVE_MADE_UP,
    ERRORS,
    LISTED,
    RARE,
    SEVERAL,
    SUBCLASSES,
    UNLISTED,
    WIDER,
)
from workbench.exercises.problem_5.waits import DEFAULTS, alike
from workbench.exercises.problem_5.words import DOCS, MADE_UP, NAMES, REASONS, THINGS
from workbench.exercises.verdict import FAILED, Stopped, Verdicts
from workbench.sandbox.job import Job, Observations

AT = 2  # the call of a function during which another call of it is made
# What calls that are under way at once are made with: equal arguments, so that nothing kept by them
# is a call's own, and none at all.
AT_ONCE = (("at once",), ())
# What a process has behind it before its next call is looked at: results at once, and calls that
# gave up one after the other, as many as open the usual circuit breakers.
EASY, HOPELESS = 20, 6
ENOUGH = 20  # calls of one function; no test needs more
# Criteria whose calls happen in one process, one criterion after the other: where they are as they
# should be, it does not matter what was before, and to have a process takes more than the calls.
TOGETHER = (
    ("retries_until_success", "gives_up", "backoff"),
    ("selective", "logs_history", "transparent"),
)
# What a criterion is tried by: it asks for calls once, and gives what is wrong with them.
Trial = Generator[Sequence[Call], Sequence[Trace], str]


class Unable(Exception):
    """No call could be made; says why."""


class Trials:
    """Draws calls for one submission, and makes them in its job."""

    def __init__(self, job: Job, seed: int, verdicts: Verdicts):
        self.job, self.draw, self.verdicts = job, random.Random(seed), verdicts
        self.listed = LISTED  # what it retries of those, unless told otherwise
        self.later: dict | None = None  # the error that its cell ended with, if any
        self.own = ""  # what to ask about an error of the wrapper's own, of those made last
        self.names: Iterator[str] = iter(self.draw.sample(NAMES, len(NAMES)) * 9)
        self.reasons = self.draw.sample(REASONS, len(REASONS)) * 2
        self.first = cycle(self.draw.sample(range(len(REASONS)), len(REASONS)))
        self.made_up = cycle(self.draw.sample(MADE_UP, len(MADE_UP)))
        self.wider = cycle(self.draw.sample(WIDER, len(WIDER)))
        self.begun: dict[str, tuple[Trial, list[Trace]]] = {}  # by criterion

    def call(
        self, *outcomes: str | None, like: Call | None = None, decorator: str = "", **fields
    ) -> Call:
        """A call of a new function, or once more of the one in `like`."""
        name = like.function if like else next(self.names)
        delay = round(self.draw.uniform(0.005, 0.012), 4)
        parameters = {"initial_delay": delay, **fields.pop("parameters", {})}
        first = next(self.first)
        texts = fields.pop("texts", None) or tuple(self.reasons[first : first + ENOUGH])
        doc = self.draw.choice(DOCS).format(name.replace("_", " "), self.draw.choice(REASONS))
        doc = like.doc if like else doc
        decorator = like.decorator if like else decorator or name
        return Call(name, decorator, doc, texts, outcomes, parameters, **fields)

    def of_others(self, count: int, **parameters) -> Call:
        """A call that fails so often with exceptions that are listed in the place of the usual,
        each of them among the first three, the second time with one below those."""
        others = [self.draw.choice(SEVERAL), next(self.wider)]
        listed = [LISTED[0], *self.draw.sample(others, 2)]
        failures = [listed[1], self.below(LISTED[0]), *listed[:0:-1]]
        failures += self.draw.choices(others, k=count - len(failures))
        return self.call(*failures, parameters=parameters | {"retryable_exceptions": listed})

    def given(self) -> dict:
        """What a function is called with: several arguments, and a named one."""
        named = {self.draw.choice(THINGS): self.anything()}
        return {"arguments": (self.anything(), self.anything()), "named": named}

    def missed(self, criterion: str) -> bool:
        """Whether this criterion has been decided, and missed."""
        return criterion in self.verdicts and self.verdicts[criterion].outcome == FAILED

    def below(self, name: str) -> str:
        """An exception that nobody can know, below the one of this name."""
        return f"{name}.{next(self.made_up)}"

    def growing(self, longest: float, factors: tuple[float, float], retries: int) -> dict:
        """Settings by which waits grow to this one, by a factor between those."""
        factor = round(self.draw.uniform(*factors), 3)
        first = round(longest / factor ** (retries - 1), 3)
        return {"max_retries": retries, "backoff_factor": factor, "initial_delay": first}

    def anything(self) -> object:
        """A number, a text or a list, as one may call a function with."""
        number, text = self.draw.randint(21, 9999), self.draw.choice(REASONS)
        return self.draw.choice((number, number / 8, text, [number, text]))

    def of_all_kinds(self) -> list[Call]:
        """Calls that raise what is listed, what is below that, and what is not."""
        listed_only = {"retryable_exceptions": ["KeyError"]}
        names = [*self.draw.sample(SEVERAL, len(SEVERAL)), self.below("Exception")]
        raised = [self.draw.choice((names[0], self.below(names[1]))), self.below(names[-1])]
        raised = self.draw.sample(raised, 2)
        several = {"retryable_exceptions": self.draw.sample(names, len(names))}
        others = self.below(LISTED[0]), self.below(LISTED[1]), self.below(self.below(LISTED[0]))
        everything = {"retryable_exceptions": ["Exception"]}
        return [
            *(self.call(name) for name in (*UNLISTED, *map(self.below, ABOVE_MADE_UP))),
            *(self.call(name, None) for name in LISTED if name not in self.listed),
            *(self.call(name, cause=LISTED[0]) for name in self.draw.sample(RARE, 4)),
            *(self.call(name, None) for name in (*others, *SUBCLASSES)),
            self.call(self.listed[0], None, cause=UNLISTED[0]),
            *(self.call(self.listed[0], name) for name in ("TypeError", "KeyboardInterrupt")),
            self.call(*raised, None, parameters=several),  # fewer than retries by default
            self.call("ValueError", parameters=listed_only),
            self.call("KeyboardInterrupt", parameters=everything),
        ]

    def with_defaults(self, *outcomes: str | None) -> Call:
        return replace(self.call(*outcomes), parameters={})

    def wrong(self, criterion: str) -> str:
        """What is wrong by this criterion; raise Stopped or Unable."""
        first = [group for group in TOGETHER if group[0] == criterion]
        for group in first:
            self._begin(group)
        if criterion in self.begun:
            trial, traces = self.begun.pop(criterion)
            wrong = self._concluded(trial, traces)
            if first and wrong:
                self.begun.clear()
            if first or not wrong or self.job.stopped:
                return wrong
        trial = getattr(self, criterion)()
        if isinstance(trial, str):
            return trial
        return self._concluded(trial, self.made(criterion, next(trial)))

    def _begin(self, criteria: Sequence[str]) -> None:
        """Make the calls of these criteria in one process, as far as that comes."""
        trials = {criterion: getattr(self, criterion)() for criterion in criteria}
        asked = {criterion: list(next(trial)) for criterion, trial in trials.items()}
        observed, seen = self._seen(asked)
        whole = takewhile(lambda one: not (observed.stopped and one == observed.stage), criteria)
        if not unable(observed, [call for calls in asked.values() for call in calls]):
            traces = iter(seen)
            self.begun = {one: (trials[one], [next(traces) for _ in asked[one]]) for one in whole}

    def _concluded(self, trial: Trial, traces: list[Trace]) -> str:
        self.own = next(filter(None, map(own_error, traces)), "")
        try:
            trial.send(traces)
        except StopIteration as end:
            return end.value
        raise RuntimeError("a trial asks for calls once")

    def made(self, criterion: str, calls: Sequence[Call]) -> Sequence[Trace]:
        """Let the calls happen; those that list other exceptions than the usual where that can be
        said to the decorator: `selective` tells who lacks the parameter."""
        usual = [call for call in calls if call.is_of_the_usual]
        try:
            return self.make(criterion, *calls)
        except Unable:
            if criterion == "selective" or len(usual) == len(calls):
                raise
        return self.make(criterion, *usual)

    def make(self, stage: str, *calls: Call, real: bool = False, anew: bool = False) -> list[Trace]:
        """Let the calls happen in a fresh process; raise Stopped or Unable when cut short.

        anew: whether that is to load the answer itself.
        """
        observed, seen = self._seen({stage: calls}, real, anew)
        if observed.stopped:
            raise Stopped
        if wrong := unable(observed, calls):
            raise Unable(wrong)
        self.own = next(filter(None, map(own_error, seen)), "")
        return seen

    def _seen(
        self, asked: Mapping[str, Sequence[Call]], real: bool = False, anew: bool = False
    ) -> tuple[Observations, list[Trace]]:
        """What is seen of calls, by the criterion that they try."""
        calls = [call for calls in asked.values() for call in calls]
        counts = [0] * len(calls)

        def serve(question: dict) -> dict:
            number = question["number"]
            call, count = calls[number], counts[number]
            counts[number] += 1
            return {"enough": True} if count >= ENOUGH else call.reply(count)

        told = [
            call.told | {"stage": stage, "real": real or call.real}
            for stage, calls in asked.items()
            for call in calls
        ]
        given = {"kept": not anew, "calls": told}
        observed = self.job.step(next(iter(asked)), given, serve, kept=not anew)
        later = observed.first("later")
        self.later = self.later or (later if isinstance(later, dict) else None)
        return observed, traces(observed, calls)

    def draws_waits(self, begun: Trace) -> bool:
        """Whether waits are random: the same call, in a process of its own, waits otherwise."""
        again = (self.make("independent_calls", begun.call, anew=True)[0] for _ in range(5))
        return not all(alike(begun.waits, trace.waits) for trace in again)

    def around(self, really: bool) -> tuple[list[Call], int, int]:
        """A call, and what may bear on one like it: before it, or under way with it.

        Also from which on they give up at once, and from which on they are two and two, the last
        two of which give up, too. really: whether waits are real.
        """
        delay = 0.03 if really else 1.0  # so long that real time does not matter beside it
        failing = (*self.failures(3), None)
        first = self.call(*failing, parameters={"initial_delay": delay})
        like = {"like": first, "parameters": first.parameters}
        later = self.call(*failing, **like)
        sister = self.call(*failing, decorator=first.decorator, parameters=first.parameters)
        easy = [self.call(None, **like)] * EASY
        # One where waits are real, which may grow from call to call.
        often = range(1 if really else HOPELESS)
        hopeless = [self.call(self.listed[0], **like) for _ in often]
        # What is not listed may pass through, and leave undone what an answer does at its end.
        passing = [self.call(self.listed[-1], self.draw.choice(ERRORS), **like) for _ in often]
        others = {"max_retries": 1, "initial_delay": delay / 3}
        others["retryable_exceptions"] = ["KeyError"]
        stranger = self.call("KeyError", None, parameters=others)
        calls = [first, sister, stranger, *easy, *hopeless, *passing, later]
        alone = len(calls)
        calls += [] if really else self.giving_up(alone, like)
        paired = len(calls)
        # Real waits may need the main thread. The call inside another one comes last: it may never
        # come to an end.
        for threaded, given in product([False] if really else [True, False], AT_ONCE):
            inner = {"during": (len(calls), AT), "threaded": threaded}
            like["arguments"] = given
            calls += [self.call(*failing, **like), self.call(*failing, **like, **inner)]
            if threaded and given:  # of another function, too
                inner["during"] = (len(calls), AT)
                others = {"like": sister, "parameters": first.parameters, "arguments": given}
                calls += [self.call(*failing, **like), self.call(*failing, **others, **inner)]
        calls += self.giving_up(len(calls), like, threaded=False)[:2]
        return calls, alone, paired

    def giving_up(self, number: int, like: dict, *, threaded: bool = True) -> list[Call]:
        """A call of this number, and two that begin while it is under way and when its last failure
        has been logged; all of them give up."""
        like = like | {"arguments": AT_ONCE[0]}
        moments = (number, AT), (number, DEFAULTS["max_retries"] + 1, "logged")
        inner = [self.call(self.listed[0], **like, during=at, threaded=threaded) for at in moments]
        return [self.call(self.listed[0], **like), *inner]

    def failing_more_and_more(self) -> list[Call]:
        """Calls that succeed after more and more failures, the first one at once."""
        most = 10  # who retries no more often than that may
        often = {"max_retries": most, "backoff_factor": round(self.draw.uniform(1.05, 1.15), 3)}
        calls = [self.call(*self.failures(count), None) for count in (0, 1, 3)]
        # The same thing may go wrong again and again.
        same = {"parameters": often, "texts": (self.draw.choice(REASONS),) * ENOUGH, "again": True}
        return [*calls, self.call(*self.failures(most), None, **same)]

    def failures(self, count: int) -> list[str]:
        """Names of that many exceptions, both kinds among the first two."""
        both = self.draw.sample(self.listed, len(self.listed))
        return [*both, *(self.draw.choice(self.listed) for _ in range(count))][:count]

    def only_one(self, stage: str) -> tuple[str, ...]:
        """The one of the listed exceptions that is retried, if one is and another is not."""
        trials = self.make(stage, *(self.call(name, None) for name in LISTED))
        retried = [
            name
            for name, trace in zip(LISTED, trials, strict=True)
            if trace.ends_right() and trace.calls == 2
        ]
        return tuple(retried) if len(retried) == 1 else ()

    def wrong_by_itself(
        self, stage: str, wrong: Callable[[Trace], str], traces: Sequence[Trace]
    ) -> str:
        """What is wrong with the first of these calls that is, each in a process of its own, so
        that none bears on another; one process for all has told whether there is any."""
        if not any(map(wrong, traces)):
            return ""
        alone = (wrong(trace) for seen in traces for trace in self.make(stage, seen.call))
        return next(filter(None, alone), "")
