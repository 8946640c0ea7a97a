"""The judge of problem 5 decides whatever an answer's process has claimed."""

from itertools import count

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from workbench.exercises.answers import Answer
from workbench.exercises.problem_5.kinds import LISTED, named, short
from workbench.exercises.problem_5.waits import DEFAULTS
from workbench.exercises.registry import find
from workbench.sandbox.job import ODD, Observations

LOST = object()  # what is not told at all
CLAIM = st.sampled_from(
    [
        LOST,
        None,
        True,
        0,
        1,
        -1,
        10**17,
        0.0,
        2.5,
        -1e300,
        "",
        "TypeError",
        f"WARNING failed: {'9' * 5_000}",
        [],
        [[0.0]],
        {},
        {"": 1},
    ]
)
NAMES = [
    *("number", "begin", "end", "ahead", "ask", "arguments", "named", "log", "level", "printed"),
    *("same", "value", "raised", "text", "line", "slip", "name", "doc", "doubtful", "between"),
    *("stuck", "decorates", "lacking", "type", "names", "loaded", "later"),
]
# What is told otherwise: at which place in every so many, under which name, and how.
EVERY = 37
CHANGE = st.tuples(st.integers(0, EVERY - 1), st.sampled_from(NAMES), CLAIM)
CHANGES = st.lists(CHANGE, min_size=1, max_size=12)


class Claimed:
    """A job with a process that retries as it should, and tells some of it otherwise.

    really: whether it claims to have really waited, though it need not.
    """

    stopped = None

    def __init__(self, changes, error, really):
        self._changes, self._error, self._always = changes, error, really
        self._places, self._now = count(), 0.0

    def step(self, stage, given, serve, kept):
        self._really, calls = (
            any(call["real"] for call in given["calls"]),
            enumerate(given["calls"]),
        )
        told = (value for number, call in calls for value in self._called(number, call, serve))
        return Observations(stage, tuple(told), self._error)

    def _called(self, number, call, serve):
        given = DEFAULTS | call["parameters"]
        listed = tuple(map(named, given.get("retryable_exceptions", LISTED)))
        self._really = self._always or call["real"]
        yield self._told({"begin": True, "number": number})
        for attempt in range(given["max_retries"] + 1):
            passed = {"arguments": list(call["arguments"]), "named": call["named"]}
            asked = self._told({"number": number, **passed})
            yield {"ask": asked, "at": asked.pop("at")}
            try:
                reply = serve(asked)
            except ODD:  # as the job has it
                reply = {}
            if "raise" not in reply or not issubclass(named(reply["raise"]), listed):
                break
            log = f"ERROR attempt {attempt + 1}: {short(reply['raise'])}({reply['text']!r})"
            yield self._told({"log": log, "number": number})
            if attempt < given["max_retries"]:
                self._now += given["initial_delay"] * given["backoff_factor"] ** attempt
        end = {"end": True, "number": number, "same": True, "name": call["function"]}
        end["doc"] = call["doc"]
        end |= (
            {"raised": short(reply["raise"])}
            if "raise" in reply
            else {"value": repr(reply.get("value"))}
        )
        yield self._told(end)

    def _told(self, told):
        place = next(self._places)
        told |= {name: claim for at, name, claim in self._changes if at == place % EVERY}
        ahead = {} if self._really else {"ahead": self._now}
        told = {name: claim for name, claim in (ahead | told).items() if claim is not LOST}
        told.pop("ask", None)  # as the job has it
        return {**told, "at": self._now if self._really else 0.0}


def judged(job):
    exercise = find("problem_5")
    return exercise.judge(Answer(code="…"), 3, job)


def test_what_should_be_told_passes():
    assert {one.outcome for one in judged(Claimed([], None, False)).values()} == {"passed"}


@settings(max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    CHANGES, st.none() | st.dictionaries(st.sampled_from(["type", "text"]), CLAIM), st.booleans()
)
def test_no_claim_about_calls_makes_the_judge_stumble(changes, error, really):
    for verdict in judged(Claimed(changes, error, really)).values():
        assert isinstance(verdict.feedback, str)
