"""Calls functions decorated with `retry_with_backoff`; what those do is asked of the judge."""

import builtins
import logging
import os

from workbench.exercises.problem_5.clock import Clock
from workbench.sandbox.channel import Channel, load

CLOCK = Clock()


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
    decorate = load(source).retry_with_backoff
    channel.tell(loaded=True)
    clock.real = given["real"]
    decorators, functions = {}, {}
    for number, call in enumerate(given["calls"]):
        if call["function"] not in functions:
            if call["decorator"] not in decorators:
                decorators[call["decorator"]] = decorate(**_parameters(call))
            original = _function(call, channel, clock)
            functions[call["function"]] = original, decorators[call["decorator"]](original)
        original, decorated = functions[call["function"]]
        original.number = number
        _call(call, original, decorated, channel, clock)


def _parameters(call: dict) -> dict:
    """The decorator's parameters, with the exceptions that their names stand for."""
    parameters = dict(call["parameters"])
    if "retryable_exceptions" in parameters:
        names = parameters["retryable_exceptions"]
        parameters["retryable_exceptions"] = tuple(map(_exception, names))
    return parameters


def _function(call: dict, channel: Channel, clock: Clock):
    """A function that fails or succeeds as the judge says, and remembers what it raised last."""

    def original(*arguments, **named):
        reply = channel.ask(
            number=original.number, arguments=list(arguments), named=named, ahead=clock.ahead
        )
        if reply.get("enough"):
            channel.done()
            os._exit(0)
        if "raise" in reply:
            original.raised = _exception(reply["raise"])(reply["text"])
            raise original.raised
        original.value = reply["value"]
        return original.value

    original.__name__ = original.__qualname__ = call["function"]
    original.__doc__ = call["doc"]
    return original


def _call(call: dict, original, decorated, channel: Channel, clock: Clock) -> None:
    channel.tell(begin=True, ahead=clock.ahead)
    original.raised = None
    try:
        value = decorated(*call["arguments"], **call["named"])
        ended = {"same": value is original.value, "value": repr(value)[:200]}
    except BaseException as error:
        ended = {"same": error is original.raised, "raised": type(error).__name__}
        ended["text"] = str(error)[:200]
    name = str(getattr(decorated, "__name__", None))
    doc = str(getattr(decorated, "__doc__", None))
    channel.tell(end=True, ahead=clock.ahead, **ended, name=name, doc=doc)


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
