"""Drawing calls of functions that a submission decorates."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, product

from workbench.exercises.problem_5.calls import Call
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
from workbench.exercises.problem_5.waits import DEFAULTS
from workbench.exercises.problem_5.words import DOCS, MADE_UP, NAMES, REASONS, THINGS

AT = 2  # the call of a function during which another call of it is made
# What calls that are under way at once are made with: equal arguments, so that nothing kept by them
# is a call's own, and none at all.
AT_ONCE = (("at once",), ())
# What a process has behind it before its next call is looked at: results at once, and calls that
# gave up one after the other, as many as open the usual circuit breakers.
EASY, HOPELESS = 10, 6
ENOUGH = 20  # calls of one function; no test needs more


class Draws:
    """The calls that one seed draws."""

    def __init__(self, seed: int):
        self.draw = random.Random(seed)
        self.listed = LISTED  # what it retries of those, unless told otherwise
        self.names: Iterator[str] = iter(self.draw.sample(NAMES, len(NAMES)) * 9)
        self.reasons = self.draw.sample(REASONS, len(REASONS)) * 2
        self.first = cycle(self.draw.sample(range(len(REASONS)), len(REASONS)))
        self.made_up = cycle(self.draw.sample(MADE_UP, len(MADE_UP)))
        self.wider = cycle(self.draw.sample(WIDER, len(WIDER)))

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
            inner["alternating"] = threaded and bool(given)
            like["arguments"] = given
            calls += [self.call(*failing, **like), self.call(*failing, **like, **inner)]
            if threaded and given:  # of another function, too
                inner |= {"during": (len(calls), AT), "alternating": False}
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
