"""Making calls of functions that a submission has decorated."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

from workbench.exercises.problem_5.calls import Call, Trace, traces
from workbench.exercises.problem_5.differences import own_error, unable
from workbench.exercises.problem_5.kinds import ERRORS, LISTED
from workbench.exercises.problem_5.waits import DEFAULTS, alike
from workbench.exercises.problem_5.words import NAMES, REASONS
from workbench.exercises.verdict import Stopped
from workbench.sandbox.job import Job

AT = 2  # the call of a function during which another call of it is made
# What calls that are under way at once are made with: equal arguments, so that nothing kept by them
# is a call's own, and none at all.
AT_ONCE = (("at once",), ())
# What a process has behind it before its next call is looked at: results at once, and calls that
# gave up one after the other, as many as open the usual circuit breakers.
EASY, HOPELESS = 60, 6
ENOUGH = 20  # calls of one function; no test needs more


class Unable(Exception):
    """No call could be made; says why."""


class Trials:
    """Draws calls for one submission, and makes them in its job."""

    def __init__(self, job: Job, seed: int):
        self.job, self.draw = job, random.Random(seed)
        self.listed = LISTED  # what it retries of those, unless told otherwise
        self.later: dict | None = None  # the error that its cell ended with, if any
        self.own = ""  # what to ask about an error of the wrapper's own, of those made last
        self.names: Iterator[str] = iter(self.draw.sample(NAMES, len(NAMES)) * 9)

    def call(
        self, *outcomes: str | None, like: Call | None = None, decorator: str = "", **fields
    ) -> Call:
        """A call of a new function, or once more of the one in `like`."""
        name = like.function if like else next(self.names)
        parameters = {"initial_delay": 0.01, **fields.pop("parameters", {})}
        texts = fields.pop("texts", None) or tuple(self.draw.sample(REASONS, ENOUGH))
        doc = like.doc if like else f"Try it while {texts[-1]}."
        decorator = like.decorator if like else decorator or name
        return Call(name, decorator, doc, texts, outcomes, parameters, **fields)

    def with_defaults(self, *outcomes: str | None) -> Call:
        return replace(self.call(*outcomes), parameters={})

    def make(self, stage: str, *calls: Call, real: bool = False, anew: bool = False) -> list[Trace]:
        """Let the calls happen in a fresh process; raise Stopped or Unable when cut short.

        anew: whether that is to load the answer itself.
        """
        counts = [0] * len(calls)

        def serve(question: dict) -> dict:
            number = question["number"]
            call, count = calls[number], counts[number]
            counts[number] += 1
            return {"enough": True} if count >= ENOUGH else call.reply(count)

        told = [call.told for call in calls]
        given = {"kept": not anew, "real": real, "calls": told}
        observed = self.job.step(stage, given, serve, kept=not anew)
        if observed.stopped:
            raise Stopped
        if wrong := unable(observed, calls):
            raise Unable(wrong)
        self.later = self.later or observed.first("later")
        seen = traces(observed, calls)
        self.own = next(filter(None, map(own_error, seen)), "")
        return seen

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
        calls += self.giving_up(len(calls), like, threaded=False)[:2]
        return calls, alone, paired

    def giving_up(self, number: int, like: dict, *, threaded: bool = True) -> list[Call]:
        """A call of this number, and two that begin while it is under way and when its last failure
        has been logged; all of them give up."""
        like = like | {"arguments": AT_ONCE[0]}
        moments = (number, AT), (number, DEFAULTS["max_retries"] + 1, "logged")
        inner = [self.call(self.listed[0], **like, during=at, threaded=threaded) for at in moments]
        return [self.call(self.listed[0], **like), *inner]

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

    def wrong_by_itself(self, stage: str, wrong: Callable[[Trace], str], *calls: Call) -> str:
        """What is wrong with the first of these calls that is, each in a process of its own, so
        that none bears on another; one process for all tells whether there is any."""
        if not any(map(wrong, self.make(stage, *calls))):
            return ""
        alone = (wrong(trace) for call in calls for trace in self.make(stage, call))
        return next(filter(None, alone), "")
