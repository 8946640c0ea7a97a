"""Making calls of functions that a submission has decorated."""

from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import takewhile

from workbench.exercises.problem_5.calls import Call, Trace, traces
from workbench.exercises.problem_5.differences import own_error, unable
from workbench.exercises.problem_5.draws import ENOUGH, Draws
from workbench.exercises.problem_5.kinds import LISTED
from workbench.exercises.problem_5.waits import alike
from workbench.exercises.verdict import FAILED, Stopped, Verdicts
from workbench.sandbox.job import Job, Observations

# Criteria whose calls happen in one process, one criterion after the other: where they are as they
# should be, it does not matter what was before, and to have a process takes more than the calls.
TOGETHER = (
    ("retries_until_success", "gives_up", "backoff"),
    ("selective", "logs_history", "transparent"),
)
# What one asks for that has seen its first calls is made with those of the next.
AFTER = {TOGETHER[0][-1]: TOGETHER[1]}
# What a criterion is tried by: it asks for calls, once or twice, and gives what is wrong with them.
Trial = Generator[Sequence[Call], Sequence[Trace], str]


class Unable(Exception):
    """No call could be made; says why."""


class Trials(Draws):
    """Draws calls for one submission, and makes them in its job."""

    def __init__(self, job: Job, seed: int, verdicts: Verdicts):
        super().__init__(seed)
        self.job, self.verdicts = job, verdicts
        self.later: dict | None = None  # the error that its cell ended with, if any
        self.own = ""  # what to ask about an error of the wrapper's own, of those made last
        self.begun: dict[str, tuple[Trial, list[Trace]]] = {}  # by criterion

    def missed(self, criterion: str) -> bool:
        """Whether this criterion has been decided, and missed."""
        return criterion in self.verdicts and self.verdicts[criterion].outcome == FAILED

    def wrong(self, criterion: str) -> str:
        """What is wrong by this criterion; raise Stopped or Unable."""
        group = next((group for group in TOGETHER if group[0] == criterion), ())
        if first := criterion not in self.begun:
            self._begin({one: self._trial(one) for one in group})
        if criterion in self.begun:
            trial, traces = self.begun.pop(criterion)
            if not (wrong := self._concluded(criterion, trial, traces, AFTER.get(criterion, ()))):
                return wrong
            self.begun.clear()
            if first or self.job.stopped:
                return wrong
        trial = getattr(self, criterion)()
        if isinstance(trial, str):
            return trial
        return self._concluded(criterion, trial, self.made(criterion, next(trial)))

    def _trial(self, criterion: str) -> tuple[Trial, Sequence[Call]]:
        trial = getattr(self, criterion)()
        return trial, next(trial)

    def _begin(self, begun: Mapping[str, tuple[Trial, Sequence[Call]]]) -> None:
        """Make the calls that these trials, by criterion, have asked for, in one process, as far as
        that comes."""
        asked = {criterion: calls for criterion, (_, calls) in begun.items()}
        if not asked:
            return
        observed, seen = self._seen(asked)
        whole = takewhile(lambda one: not (observed.stopped and one == observed.stage), asked)
        if not unable(observed, [call for calls in asked.values() for call in calls]):
            traces = iter(seen)
            self.begun = {one: (begun[one][0], [next(traces) for _ in asked[one]]) for one in whole}

    def _concluded(
        self, criterion: str, trial: Trial, traces: list[Trace], others: Sequence[str] = ()
    ) -> str:
        """What a trial says of its traces, and of those that it asks for then.

        others: criteria whose calls are made with those.
        """
        self.own = next(filter(None, map(own_error, traces)), "")
        try:
            asked = trial.send(traces)
        except StopIteration as end:
            return end.value
        if others:
            self._begin({criterion: (trial, asked)} | {one: self._trial(one) for one in others})
        _, traces = self.begun.pop(criterion, None) or (trial, self.made(criterion, asked))
        return self._concluded(criterion, trial, traces)

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
