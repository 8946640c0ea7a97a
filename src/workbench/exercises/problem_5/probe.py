"""Calls functions decorated with `retry_with_backoff`; what those do is asked of the judge."""

import builtins
import logging
import os
import sys
import threading
from collections.abc import Callable

from workbench.exercises.problem_5 import clock as clocks
from workbench.exercises.problem_5.clock import Clock
from workbench.sandbox.channel import Channel, load

CLOCK = Clock()
PATIENCE, LOOK = 0.3, 0.005  # real seconds that a call in another thread gets; between two looks
PRINTERS = ("PrintLogger", "WriteLogger")  # of structlog, and what they are called for
PRINTED = (
    *("msg", "log", "debug", "info", "warn", "warning", "err", "error", "fatal", "failure"),
    *("critical", "exception"),
)


def warm_up() -> None:
    """Put the clock in place, once for all answers; it tells real time until one is loaded."""
    CLOCK.install()


def observe(source: str, given: dict, channel: Channel) -> None:
    """Load the answer under the virtual clock, then make the given calls, one after the other.

    given: real, whether time is to pass while they are made; calls, as `Call.told` has them.
    """
    clock = CLOCK
    clock.real = False
    _hear_logs(channel)
    answer = load(source)
    _hear_structlog(channel)
    channel.tell(loaded=True)
    decorate = getattr(answer, "retry_with_backoff", None)
    if not callable(decorate):
        own = [name for name, value in vars(answer).items() if _is_own(value)]
        channel.tell(lacking="retry_with_backoff", names=own[:5])
        return
    clock.real = given["real"]
    decorators, functions = {}, {}
    for number, call in enumerate(given["calls"]):
        if call["function"] not in functions:
            if call["decorator"] not in decorators:
                decorators[call["decorator"]] = decorate(**_parameters(call))
            made = decorators[call["decorator"]]
            original = Function(call, channel, clock)
            decorated = made(original.called) if callable(made) else None
            if not callable(decorated):
                lacking = "decorated" if callable(made) else "decorator"
                made = decorated if callable(made) else made
                channel.tell(lacking=lacking, number=number, type=type(made).__name__)
                return
            functions[call["function"]] = Decorated(original, decorated, channel, clock)
        if not call["during"]:
            inner = [(other, told) for other, told in enumerate(given["calls"]) if told["during"]]
            overlapping = [pair for pair in inner if pair[1]["during"][0] == number]
            functions[call["function"]].call(number, call, overlapping)


def _is_own(value) -> bool:
    return callable(value) and getattr(value, "__module__", "") == "answer"


def _parameters(call: dict) -> dict:
    """The decorator's parameters, with the exceptions that their names stand for."""
    parameters = dict(call["parameters"])
    if "retryable_exceptions" in parameters:
        names = parameters["retryable_exceptions"]
        parameters["retryable_exceptions"] = tuple(map(_exception, names))
    return parameters


class Function:
    """A function that fails or succeeds as the judge says, and remembers what it did last.

    number: of the call under way, as far as no thread has one of its own.
    """

    def __init__(self, call: dict, channel: Channel, clock: Clock):
        self._channel, self._clock = channel, clock
        self.number, self.of_thread, self._lock = 0, {}, threading.Lock()
        self.value, self.raised, self.asked = object(), None, 0
        self.meanwhile: Callable[[int], None] | None = None

        def called(*arguments, **named):
            return self._act(arguments, named)

        called.__name__ = called.__qualname__ = call["function"]
        called.__doc__ = call["doc"]
        self.called = called

    def _act(self, arguments: tuple, named: dict):
        number = self.of_thread.get(threading.get_ident(), self.number)
        with self._lock:
            reply = self._channel.ask(
                number=number, arguments=list(arguments), named=named, ahead=self._clock.ahead
            )
        if reply.get("enough"):
            self._channel.done()
            os._exit(0)
        if self.meanwhile and number not in self.of_thread.values():
            self.asked += 1
            self.meanwhile(self.asked)
        if "raise" in reply:
            self.raised = _exception(reply["raise"])(reply["text"])
            raise self.raised
        self.value = reply["value"]
        return self.value


class Decorated:
    """A function as the answer has decorated it."""

    def __init__(self, original: Function, decorated: Callable, channel: Channel, clock: Clock):
        self._original, self._decorated = original, decorated
        self._channel, self._clock = channel, clock

    def call(self, number: int, call: dict, overlapping: list[tuple[int, dict]]) -> None:
        """Make a call, and others while it is under way; tell how it ended."""
        original, threads = self._original, []

        def meanwhile(asked: int) -> None:
            for inner, told in overlapping:
                if told["during"][1] == asked:
                    threads.append(self._start(inner, told))
                    original.number = inner
                    _wait_for(threads[-1])
                    original.number = number

        original.number, original.asked = number, 0
        original.meanwhile = meanwhile if overlapping else None
        self._made(number, call)
        for thread in threads:
            _wait_for(thread)

    def _start(self, number: int, call: dict) -> threading.Thread:
        def run() -> None:
            self._original.of_thread[threading.get_ident()] = number
            self._made(number, call)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def _made(self, number: int, call: dict) -> None:
        original = self._original
        self._channel.tell(begin=True, number=number, ahead=self._clock.ahead)
        original.raised = None
        try:
            value = self._decorated(*call["arguments"], **call["named"])
            ended = {"same": value is original.value, "value": repr(value)[:200]}
        except BaseException as error:
            ended = {"same": error is original.raised, "raised": type(error).__name__}
            ended["text"] = str(error)[:200]
        name = str(getattr(self._decorated, "__name__", None))
        doc = str(getattr(self._decorated, "__doc__", None))
        ended |= {"number": number, "ahead": self._clock.ahead}
        self._channel.tell(end=True, **ended, name=name, doc=doc)


def _wait_for(thread: threading.Thread) -> None:
    """Give the thread its time; one that waits for a lock of the caller's will not end in it."""
    for _ in range(round(PATIENCE / LOOK)):
        if not thread.is_alive():
            return
        clocks.really_sleep(LOOK)


def _exception(name: str) -> type[BaseException]:
    """An exception by its name; `BadRow` is a ValueError that the answer cannot know."""
    return type("BadRow", (ValueError,), {}) if name == "BadRow" else getattr(builtins, name)


def _hear_logs(channel: Channel) -> None:
    """Report each record that reaches the handlers of any logger, whatever they do with it.

    `callHandlers` is where every logger ends, with or without handlers; should a Python call
    something else there, nothing would be heard and every answer would fail `logs_history`.
    """
    usual = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
    formatter, handle = logging.Formatter("%(message)s"), logging.Logger.callHandlers

    def heard(logger, record):
        extra = [f"{key}={value}" for key, value in vars(record).items() if key not in usual]
        channel.tell(
            log=" ".join([record.levelname, formatter.format(record), *extra])[:4000],
            level=record.levelno,
        )
        handle(logger, record)

    logging.Logger.callHandlers = heard
    logging.root.setLevel(logging.DEBUG)


def _hear_structlog(channel: Channel) -> None:
    """The same of structlog, as it comes, where the answer has imported it: it prints."""

    def printed(_, message):
        channel.tell(log=str(message)[:4000])

    for printer in PRINTERS if "structlog" in sys.modules else ():
        for name in PRINTED:
            setattr(getattr(sys.modules["structlog"], printer), name, printed)
