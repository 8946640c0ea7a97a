"""What each criterion asks for of a decorator, and what is wrong with what comes."""

from collections.abc import Sequence
from dataclasses import replace

from workbench.exercises.problem_5.calls import Trace
from workbench.exercises.problem_5.differences import (
    HANGS,
    dependent,
    ends_early,
    falls_short,
    is_stuck,
    looks_different,
    mixed_up,
    passes_others,
)
from workbench.exercises.problem_5.draws import AT, EASY
from workbench.exercises.problem_5.kinds import KEPT, TABLE, USUAL, short
from workbench.exercises.problem_5.logs import lacking, untrue
from workbench.exercises.problem_5.trials import Trial, Trials
from workbench.exercises.problem_5.waits import (
    DEFAULTS,
    alike,
    differs,
    draws,
    expected_waits,
    longer,
    really_waited,
    too_late,
    too_soon,
    waits_differ,
)
from workbench.exercises.problem_5.words import EMPTY, HELPERS, ODD_DOCS, REASONS, THINGS, odd_texts
from workbench.wording import counted

RESULTS = "Which results does your wrapper take for a failure, or change?"
RETURNS = "What does it go on with that it does not retry when it is called alone?"
NO_WAIT = 0.005  # seconds
REPEATS = 3


class Examination(Trials):
    """One submission: the method of a criterion makes calls in its job and says what is wrong."""

    fine: Trace | None = None  # a call without a failure
    once: Trace | None = None  # one that is not to be retried
    retried: Sequence[Trace] = ()  # calls that succeeded after a few
    others: Sequence[Trace] = ()  # calls that gave up, the last of each criterion
    hangs = ""  # what to say of one that never goes on
    really = False  # whether waits are such that no virtual clock can shorten them

    def retries_until_success(self) -> Trial:
        wrong = self.unsuccessful((yield self.failing_more_and_more()))
        if wrong and not self.own and (retried := self.only_one("retries_until_success")):
            # The others ask about those that it retries; that it lets one pass, `selective` tells.
            self.listed = retried
            calls = self.failing_more_and_more()
            wrong = self.unsuccessful(self.make("retries_until_success", *calls))
        return wrong

    def unsuccessful(self, traces: Sequence[Trace]) -> str:
        self.fine, *self.retried, _ = traces
        return next(filter(None, map(falls_short, traces)), "")

    def gives_up(self) -> Trial:
        never = {"max_retries": 0, "initial_delay": 0.05}
        settings = ({}, {"max_retries": self.draw.randrange(1, 7)}, never)
        calls = [
            self.call(*self.failures(9), parameters=more, cause=cause, texts=odd_texts(self.draw))
            for more, cause in zip(settings, (None, None, USUAL[0]), strict=True)
        ]
        calls.append(self.of_others(9, max_retries=self.draw.randint(2, 5)))

        def wrong(trace: Trace) -> str:
            expected = 1 + trace.call.parameters.get("max_retries", 3)
            if (trace.calls == expected or ends_early(trace)) and trace.ends_right():
                return ""
            last = f"the exception of the last one itself ({trace.call.failure(expected)})"
            return f"{trace}; expected {counted(expected, 'call')}, then {last}."

        seen = yield calls
        self.once, self.others = seen[2], seen[-1:]
        return self.wrong_by_itself("gives_up", wrong, seen)

    def backoff(self) -> Trial:
        short = {"initial_delay": round(self.draw.uniform(0.04, 0.05), 4), "max_retries": 2}
        calls = [self.call(self.listed[0], parameters=short)]
        calls.append(self.call(None, parameters=short | {"initial_delay": 1}))
        calls.append(self.call(self.listed[0], None, parameters=short))
        tried, *succeeded = yield calls
        expected = expected_waits(short)
        if sum(tried.waits) < 0.03 or longer(tried, expected) or any(map(too_late, succeeded)):
            tried, *succeeded = self.make("backoff", *calls)
        self.really = not 0.03 < sum(tried.waits) < 0.2 and sum(tried.elapsed[1:-1]) > 0.11
        if late := next(filter(None, map(too_late, succeeded)), ""):
            return late
        if self.really:
            return self._real_backoff()
        # Who cuts waits at a minute may, what is below that was asked for.
        others = self.growing(self.draw.uniform(35, 50), (2.2, 2.9), 4)
        less = self.growing(self.draw.uniform(10, 15), (1.3, 1.9), self.draw.randint(6, 8))
        quick = {"max_retries": 2, "initial_delay": round(self.draw.uniform(0.025, 0.04), 4)}
        failures = self.failures(9)
        failures[2:4] = map(self.below, self.listed)
        plans = *([self.listed[:1]] * REPEATS), failures
        calls = [self.call(*plan, parameters=others, again=not n) for n, plan in enumerate(plans)]
        calls[-1] = replace(calls[-1], **self.given(), texts=odd_texts(self.draw))
        # Who never comes to an end is seen by the first, and not waited for in the second.
        really = self.call(self.listed[0], parameters=quick, real=True)
        calls.append(self.of_others(9, **less))
        begun, trace, *traces = yield [self.with_defaults(self.listed[0]), really, *calls]
        self.others = [*self.others, traces[-1]]
        if wrong := self.wrong_by_itself("backoff", differs, [begun, *traces]):
            return wrong
        if not any(map(differs, traces)) and (wrong := draws(traces[:REPEATS])):
            return wrong
        if longer(tried, expected):
            return waits_differ(tried, tried.waits, expected)
        if self.once and self.once.end and (late := too_late(self.once)):
            return late
        return self.wrong_by_itself("backoff", too_soon, [trace])

    def _real_backoff(self) -> str:
        """For waits that no virtual clock can shorten: the least of a few, as noise only adds."""
        for given in (
            {"initial_delay": round(self.draw.uniform(0.04, 0.05), 4), "backoff_factor": 2.0},
            {"initial_delay": round(self.draw.uniform(0.025, 0.035), 4), "backoff_factor": 3.0},
        ):
            tries, expected = [], expected_waits(given)
            for _ in range(4):
                call = self.call(self.listed[0], parameters=given)
                tries += self.make("backoff", call, real=True)
                elapsed = zip(*(trace.elapsed for trace in tries), strict=False)
                least = [min(waits) for waits in elapsed]
                if really_waited(least, expected):
                    break
            else:
                return waits_differ(tries[0], least, expected)
        twice = self.with_defaults(*self.listed[:1] * 2, None)
        (trace,) = self.make("backoff", twice, real=True)
        *_, first, second, _ = [0.0, 0.0, 0.0, *trace.elapsed]
        if first >= 0.95 and second >= 1.9 and sum(trace.elapsed) <= 5:
            return ""
        return waits_differ(trace, trace.elapsed, [0.0, 1.0, 2.0, 0.0])

    def selective(self) -> Trial:
        for trace in (yield self.of_all_kinds()):
            expected = len(trace.call.outcomes)
            if trace.calls != expected or not trace.ends_right():
                end = short(trace.call.outcomes[-1] or "'done'")
                return f"{trace}; expected {counted(expected, 'call')}, then {end}."
            if trace.call.outcomes[-1] and any(wait > NO_WAIT for wait in trace.waits[-1:]):
                late = f"but only after a wait of {trace.waits[-1]:.2g} s; expected it at once"
                return f"{trace}, {late}. What comes first, the wait or the look at the exception?"
        others = [] if self.missed("gives_up") else self.others
        return self.wrong_by_itself("selective", ends_early, others)

    def logs_history(self) -> Trial:
        # No text twice: what warns by `warnings` says the same text only once.
        reasons = self.draw.sample(REASONS, len(REASONS))
        # Signs of which a format makes more.
        reasons[self.draw.choice((0, 4, 8))] += ", 100% of {it}, or $it"
        first = self.call(*self.failures(8), texts=tuple(reasons[::4]))
        if not self.really:
            first = replace(first, parameters={})
        slow = {"initial_delay": round(self.draw.uniform(0.01, 0.05 if self.really else 4), 2)}
        same = {"parameters": first.parameters, "arguments": (self.anything(),)}
        again = {"decorator": first.decorator, "parameters": first.parameters}
        slow |= {"max_retries": 1}
        others = ({"like": first} | same, again, self.given() | {"parameters": slow})
        later = [
            self.call(*self.failures(8), texts=tuple(reasons[start::4]), **given)
            for start, given in enumerate(others, 1)
        ]
        later.append(self.of_others(8, max_retries=self.draw.choice((4, 6))))
        nothing = (self.call(None, value=value) for value in (None, self.draw.choice(EMPTY[1:])))
        begun, *later, none, empty = yield [first, *later, *nothing]
        if not begun.has_history:
            return f"{begun}; there was no history of retries and a last failure to log."
        # That it is called again for what is returned, `transparent` tells.
        fine = [trace for trace in (self.fine, none, empty) if trace and trace.calls == 1]
        return lacking(fine, begun, later, self.retried)

    def transparent(self) -> Trial:
        number = self.draw.randint(1, 99) / 8
        table = {self.draw.choice(THINGS): number}
        anything = (self.anything() for _ in range(self.draw.randint(3, 5)))
        arguments = [TABLE, [self.anything()], *anything]
        arguments = tuple(self.draw.sample(arguments, len(arguments)))
        named = {name: self.anything() for name in self.draw.sample(THINGS, 3)}
        # A wrapper may have such names, too.
        named |= HELPERS | DEFAULTS
        calls = [self.call(None, value=value) for value in (*EMPTY, number, KEPT)]
        calls += [self.call(self.listed[0], None, value=value) for value in (*EMPTY, table)]
        calls.append(self.call(*self.failures(2), None, arguments=arguments, named=named))
        calls[-1] = replace(calls[-1], value=TABLE)
        for number, doc in zip(self.draw.sample(range(len(calls)), 2), ODD_DOCS, strict=True):
            calls[number] = replace(calls[number], doc=doc)
        for trace in (yield calls):
            if wrong := looks_different(trace) or passes_others(trace):
                return wrong
            early = trace.calls < len(trace.call.outcomes) and trace.ends_right()
            if early and self.missed("retries_until_success"):
                continue  # that it is not called again has been told
            if wrong := falls_short(trace):
                return wrong if self.own else f"{wrong} {RESULTS}"
        return ""

    def independent_calls(self) -> str:
        for _ in range(REPEATS if self.really else 1):
            wrong, noisy = self.dependence()
            if not noisy:
                break
        return wrong

    def dependence(self) -> tuple[str, bool]:
        """Where a call's retries depend on those of another, before it or under way with it.

        Also whether that is seen only by its waits: where these are real, they have their noise.
        """
        calls, alone, paired = self.around(self.really)
        traced = self.make("independent_calls", *calls, real=self.really)
        (begun, sister, _, *between), overlapping = traced[:alone], traced[paired:-2]
        *_, passing, later = between
        if begun.calls < 2 or not begun.end:
            return f"{begun}; so there were no retries to be independent.", False
        # Whoever does not come back from one of those never gets to the later ones.
        late = next(filter(None, map(too_late, between[:EASY])), "")
        if late and not self.missed("backoff"):
            return late, False
        for trace in (sister, later):
            if (trace.asked or passing.end) and not self.same(begun, trace):
                return dependent(begun, trace, self.really), trace.calls == begun.calls
        if odd := next((one for one in between if one.end and not one.ends_right()), None):
            (fresh,) = self.make("independent_calls", odd.call, real=self.really)
            if fresh.ends_right():
                return f"A later call did not end with what came of it: {odd}.", False
        succeeded = later.failures < later.calls and not self.missed("logs_history")
        if succeeded and (wrong := untrue(later)):
            return wrong, False
        if not passing.end:
            told = self.missed("gives_up") or self.missed("selective")
            return "" if told else f"{passing}. {RETURNS}", False
        given_up, hopeless = [*traced[alone:paired], *traced[-2:]], between[EASY]
        mixed = mixed_up(hopeless, given_up)
        if mixed and not given_up[0].end:
            return mixed, False  # the process has ended with it
        wrong = self.together(begun, overlapping)
        return wrong if wrong[0] else (mixed, False)

    def together(self, begun: Trace, overlapping: Sequence[Trace]) -> tuple[str, bool]:
        """The same of calls that are under way at once, two and two."""
        # The inner call is made while the outer one's function is about to fail: the outer one's
        # wait after that, and the inner one's before its first call, may hold those of the other.
        for outer, inner in zip(overlapping[::2], overlapping[1::2], strict=True):
            if is_stuck(inner):
                self.hangs = HANGS
                break  # the process has ended with it
            if inner.doubtful or inner.is_refused:
                continue
            for trace, but in ((outer, AT), (inner, 0)):
                if not self.same(begun, trace, but, waits=not inner.between):
                    inside = not inner.call.threaded
                    one = outer.call.function == inner.call.function
                    wrong = dependent(begun, trace, self.really, but, inside=inside, one=one)
                    return wrong, trace.calls == begun.calls
        return "", False

    def same(self, begun: Trace, trace: Trace, but: int = -1, *, waits: bool = True) -> bool:
        """Whether a call went as the first one did; but: a wait that is not compared; waits:
        whether any is, as where each of two calls waits in turn, so that its waits hold the
        other's."""
        same_end = ("raised" in (trace.end or {})) == ("raised" in begun.end)
        same_calls = trace.calls == begun.calls and same_end
        seen = (one.waits_in(self.really) for one in (begun, trace))
        if not (same_calls and waits):
            return same_calls
        return alike(*seen, but) or (not self.really and self.draws_waits(begun))
