"""What an answer logs, and what it prints, told as it comes."""

import logging
import sys
from collections.abc import Callable

from workbench.sandbox.channel import Channel

FORMATTER = logging.Formatter("%(message)s")
# Of the usual levels, by number, whatever an answer calls them.
LEVELS = {level: logging.getLevelName(level) for level in range(10, 60, 10)}
USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}  # of a record
# It names no number, no exception and no end, and so earns nothing.
UNWRITTEN = "--- Logging error --- (arguments that do not fit the message, or cannot be printed)"
# What is done when something has been logged, the latest last.
LOGGED: list[Callable[[], None]] = [lambda: None]
PRINTERS = ("PrintLogger", "WriteLogger")  # of structlog, and what they are called for
PRINTED = (
    *("msg", "log", "debug", "info", "warn", "warning", "err", "error", "fatal", "failure"),
    *("critical", "exception"),
)
MOST_PRINTED = 400  # pieces of what is printed that are told
HANDLING: list[logging.LogRecord] = []  # what is written meanwhile is the log


def hear_logs(channel: Channel) -> None:
    """Report each record that reaches the handlers of any logger, whatever they do with it.

    `callHandlers` is where every logger ends, with or without handlers; should a Python call
    something else there, nothing would be heard and every answer would fail `logs_history`.
    """
    handle = logging.Logger.callHandlers

    def heard(logger, record):
        try:
            HANDLING.append(record)
            handle(logger, record)  # a handler's filter may add to the record
        finally:
            HANDLING.pop()
            channel.note(log=_written(record)[:4000], level=record.levelno)
            LOGGED[-1]()

    logging.Logger.callHandlers = heard
    logging.root.setLevel(logging.DEBUG)


def _written(record: logging.LogRecord) -> str:
    """A record with all that it holds, as one line that a handler could write.

    Where its arguments do not fit it, a handler complains instead, and the program goes on.
    """
    try:
        extra = [f"{key}={value}" for key, value in vars(record).items() if key not in USUAL]
        level = LEVELS.get(record.levelno, record.levelname)
        return " ".join([level, FORMATTER.format(record), *extra])
    except Exception:
        return UNWRITTEN


def hear_structlog(channel: Channel) -> None:
    """The same of structlog, as it comes, where the answer has imported it: it prints."""

    def printed(_, message):
        channel.note(log=str(message)[:4000])

    for printer in PRINTERS if "structlog" in sys.modules else ():
        for name in PRINTED:
            setattr(getattr(sys.modules["structlog"], printer), name, printed)


class Printed:
    """A stream that tells what is written to it, and hands it on."""

    def __init__(self, stream, channel: Channel):
        self._stream, self._channel, self._left = stream, channel, MOST_PRINTED

    def write(self, text: str) -> int:
        if self._left and not HANDLING:
            self._left -= 1
            self._channel.note(printed=str(text)[:200])
        return self._stream.write(text)

    def __getattr__(self, name: str):
        return getattr(self._stream, name)


def hear_prints(channel: Channel) -> None:
    """Report what is printed from now on."""
    sys.stdout, sys.stderr = Printed(sys.stdout, channel), Printed(sys.stderr, channel)
