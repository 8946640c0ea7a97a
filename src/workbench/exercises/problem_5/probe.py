"""Calls functions decorated with `retry_with_backoff`; what those do is asked of the judge."""

import _thread
import contextlib
import json
import os
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Container, Mapping
from opcode import opmap
from types import ModuleType

from workbench.exercises.problem_5 import clock as clocks
from workbench.exercises.problem_5 import kinds
from workbench.exercises.problem_5.clock import Clock
from workbench.exercises.problem_5.copies import given_to
from workbench.exercises.problem_5.heard import LOGGED, hear_logs, hear_prints, hear_structlog
from workbench.sandbox.channel import ANSWER, Channel, line_of, load, text_of, type_of

CLOCK = Clock()
# Real seconds that a call in which nothing moves gets in another thread, and inside another call;
# between two looks. One that moves gets MOST times as much.
PATIENCE, STUCK, LOOK, MOST = 0.3, 2.0, 0.005, 10
REST = 2  # the call of a function in which an alternating one rests


def warm_up() -> None:
    """Put the clock in place, once for all answers; it tells real time until one is loaded."""
    CLOCK.install()


def observe(source: str, given: dict, channel: Channel) -> None:
    """Load the answer, then make the given calls, one after the other, in a copy of this process.

    given: kept, whether others are to follow; calls, as `Call.told` has them.
    """
    CLOCK.real = False
    CLOCK.callers.begin()
    os.register_at_fork(before=channel.hand_in)
    hear_logs(channel)
    answer = _loaded(source, channel)
    hear_structlog(channel)
    hear_prints(channel)
    CLOCK.callers.end()  # a copy's thread has another number
    for trial in given_to(channel, given):
        CLOCK.callers.begin()
        channel.tell(loaded=True)
        _try(answer, trial, channel, CLOCK)


def _loaded(source: str, channel: Channel) -> ModuleType:
    """The answer; what raises after the definition, as a notebook's cell, has defined it.

    So does a trial that gives up, or looks at a clock that does not agree with the virtual one.
    """
    try:
        return load(source)
    except Exception as error:
        answer = sys.modules["answer"]
        if not callable(getattr(answer, "retry_with_backoff", None)):
            raise
        told = {"type": type_of(error), "text": text_of(error, 200)}
        steps = traceback.extract_tb(error.__traceback__)
        channel.tell(later=told | {"line": next(s.lineno for s in steps if s.filename == ANSWER)})
        return answer


def _try(answer: ModuleType, given: dict, channel: Channel, clock: Clock) -> None:
    decorate = getattr(answer, "retry_with_backoff", None)
    if not callable(decorate):
        own = [name for name, value in vars(answer).items() if _is_own(value)]
        channel.tell(lacking="retry_with_backoff", names=own[:5])
        return
    decorators, functions, stage = {}, {}, None
    for call in given["calls"]:
        call["arguments"] = list(map(kinds.made, call["arguments"]))
    inner = [(other, told) for other, told in enumerate(given["calls"]) if told["during"]]
    for number, call in enumerate(given["calls"]):
        if call["stage"] != stage:
            channel.stage(stage := call["stage"])
        if call["function"] not in functions:
            if call["decorator"] not in decorators:
                channel.tell(decorates=number)
                decorators[call["decorator"]] = decorate(**_parameters(call))
            made = decorators[call["decorator"]]
            original = Function(call, channel, clock)
            decorated = made(original.called) if callable(made) else None
            if not callable(decorated):
                lacking = "decorated" if callable(made) else "decorator"
                made = decorated if callable(made) else made
                channel.tell(lacking=lacking, type=type(made).__name__)
                return
            functions[call["function"]] = Decorated(original, decorated, channel, clock)
        if not call["during"]:
            clock.real = call["real"]
            overlapping = [pair for pair in inner if pair[1]["during"][0] == number]
            functions[call["function"]].call(number, call, overlapping, functions)


def _is_own(value) -> bool:
    return callable(value) and getattr(value, "__module__", "") == "answer"


def _parameters(call: dict) -> dict:
    """The decorator's parameters, with the exceptions that their names stand for."""
    parameters = dict(call["parameters"])
    if "retryable_exceptions" in parameters:
        names = parameters["retryable_exceptions"]
        parameters["retryable_exceptions"] = tuple(map(kinds.named, names))
    return parameters


def _told(value):
    """A value as the judge gets to see it: what is no JSON of any, in words."""
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return f"<{type(value).__name__[:200]} object>"
    return value


def _is_meant(error: BaseException) -> bool:
    """Whether a line of the answer has raised it by `raise` and what it made, instead of Python, or
    a library, by what that line does."""
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    code, at = last.tb_frame.f_code, last.tb_lasti
    raising, made = code.co_code[at : at + 2] if code.co_filename == ANSWER else (0, 0)
    return raising == opmap["RAISE_VARARGS"] and made > 0


class Function:
    """A function that fails or succeeds as the judge says, and remembers what came of each call.

    Of calls that are under way at once, each is known by the very object that it hands on first,
    equal as those may be: in which thread an answer calls the function is its own business. Where
    it hands on nothing, all that comes while the inner one is under way is that one's.
    numbers: theirs, by that object's identity; number: that of any other call, and of one that
    hands on a copy; told_apart: those that have been known by it. came: what it gave or raised
    last, by number.
    """

    def __init__(self, call: dict, channel: Channel, clock: Clock):
        self._channel, self._clock, self._lock = channel, clock, threading.Lock()
        self.number, self.numbers, self.came = 0, {}, {}
        self.told_apart: set[int | None] = set()
        self.asked: Counter[int] = Counter()
        self.meanwhile: Callable[[int, int], None] = lambda *moment: None

        def called(*arguments, **named):
            return self._act(arguments, named)

        called.__name__, called.__qualname__ = call["function"], f"Jobs.{call['function']}"
        called.__doc__ = call["doc"]
        self.called = called

    def _act(self, arguments: tuple, named: dict):
        known = self.numbers.get(id(arguments[0])) if arguments else None
        number = self.number if known is None else known
        self.told_apart.add(known)
        told = {
            "arguments": [_told(value) for value in arguments],
            "named": {name: _told(value) for name, value in named.items()},
        }
        with self._lock:
            self._clock.callers.asking = True
            reply = self._channel.ask(number=number, **told, ahead=self._clock.ahead)
            self._clock.callers.asking = False
        if reply.get("enough"):
            self._channel.done()
            os._exit(0)
        self.asked[number] += 1
        self.meanwhile(number, self.asked[number])
        if "raise" in reply:
            kind, before = kinds.named(reply["raise"]), self.came.get(number)
            again = reply["again"] and type(before) is kind
            error = self.came[number] = before if again else kind(*reply["arguments"])
            if reply["cause"]:
                error.__cause__ = kinds.named(reply["cause"])(reply["text"])
                error.__context__ = error.__cause__
            raise self.came[number]
        value = self.came[number] = kinds.made(reply["value"])
        return value

    def progress(self) -> tuple[float, int]:
        """What moves as long as calls go on."""
        return self._clock.ahead, self.asked.total()


def _let_go(lock: _thread.LockType) -> None:
    with contextlib.suppress(RuntimeError):  # it is not held
        lock.release()


class Decorated:
    """A function as the answer has decorated it."""

    def __init__(self, original: Function, decorated: Callable, channel: Channel, clock: Clock):
        self._original, self._decorated = original, decorated
        self._channel, self._clock = channel, clock
        self._ended, self._resting = set(), set()  # numbers of calls
        # Held, in real time, until one of those begins to be so, or the outer call goes on.
        self._moved, self._goes_on = clocks.really_lock(), clocks.really_lock()

    def call(
        self,
        number: int,
        call: dict,
        overlapping: list[tuple[int, dict]],
        functions: Mapping[str, "Decorated"],
    ) -> None:
        """Make a call, and others while it is under way; tell how it ended."""
        original, begun = self._original, set()

        def meanwhile(*moment) -> None:
            for inner, told in overlapping:
                rests = told["alternating"] and inner in original.told_apart
                if rests and moment == (inner, REST):
                    self._resting.add(inner)
                    _let_go(self._moved)
                    self._goes_on.acquire(True, PATIENCE)
                if told["alternating"] and moment == (number, told["during"][1] + 1):
                    _let_go(self._goes_on)
                    self._wait_for(inner)
                if tuple(told["during"]) == moment and inner not in begun:
                    begun.add(inner)
                    other = functions[told["function"]]
                    other._original.number = inner
                    other._begin(inner, told)
                    original.number = number
                    if inner not in other._ended:
                        known = told["arguments"] or other is not self
                        doubt = "between" if known else "doubtful"
                        self._channel.tell(number=inner, **{doubt: True})

        for one, told in [(number, call), *overlapping]:
            if overlapping and told["arguments"]:
                original.numbers[id(told["arguments"][0])] = one
        original.number, original.meanwhile = number, meanwhile
        self._goes_on.acquire(False)
        LOGGED.append(lambda: meanwhile(number, original.asked[number], "logged"))
        self._made(number, call)
        LOGGED.pop()
        for inner, told in overlapping:
            if inner in begun:
                functions[told["function"]]._wait_for(inner)

    def _begin(self, number: int, call: dict) -> None:
        """Make a call while another one is under way, in this thread or in one of its own."""
        if call["threaded"]:
            threading.Thread(target=self._made, args=(number, call), daemon=True).start()
            self._wait_for(number, also=self._resting)
            return
        # Of no kind that `threading` knows: a lock would be waited for as if it could help.
        _thread.start_new_thread(self._end_when_stuck, (number,))
        self._made(number, call)

    def _end_when_stuck(self, number: int) -> None:
        """End the process where a call waits for the one that it is made in."""
        self._wait_for(number, STUCK)
        if number not in self._ended:
            self._channel.tell(end=True, number=number, stuck=True)
            self._channel.done()
            os._exit(0)

    def _wait_for(self, number: int, patience: float = PATIENCE, also: Container = ()) -> None:
        """Wait until a call has ended, or is also one of those, as long as something moves."""
        seen, looks = self._original.progress(), 0
        for _ in range(round(MOST * patience / LOOK)):
            if number in self._ended or number in also or looks > patience / LOOK:
                return
            self._moved.acquire(True, LOOK)
            before, seen = seen, self._original.progress()
            looks = looks + 1 if seen == before else 0

    def _made(self, number: int, call: dict) -> None:
        came = self._original.came
        name, doc = (getattr(self._decorated, f"__{told}__", None) for told in ("name", "doc"))
        looks = {"name": str(name), "doc": doc if doc is None else str(doc)}
        self._channel.tell(begin=True, number=number, ahead=self._clock.ahead)
        self._clock.callers.begin()
        try:
            value = self._decorated(*call["arguments"], **call["named"])
            ended = {"same": value is came.get(number, came), "value": repr(value)[:200]}
        except BaseException as error:
            ended = {"same": error is came.get(number), "raised": type_of(error)}
            line = None if ended["same"] else line_of(error)  # which costs
            slip = not ended["same"] and not _is_meant(error)
            ended |= {"text": text_of(error, 200), "line": line, "slip": slip}
        finally:
            self._clock.callers.end()
        ended |= {"number": number, "ahead": self._clock.ahead}
        tell = self._channel.tell if call["during"] else self._channel.note  # what follows is near
        tell(end=True, **ended, **looks)
        self._ended.add(number)
        _let_go(self._moved)
