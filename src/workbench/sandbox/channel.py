"""How a probe, in the confined process, loads an answer and speaks to the judge."""

import contextlib
import json
import linecache
import os
import socket
import sys
import traceback
from collections import deque
from collections.abc import Callable
from types import ModuleType

from workbench.sandbox import notebook
from workbench.sandbox.stillness import stilling

ANSWER = "answer.py"  # the file that an answer believes to stand in
PICKLERS = {"cloudpickle", "joblib.externals.cloudpickle"}  # they take a notebook's functions along
MOST_NOTED = 50  # observations that wait for the next one
LONGEST_TEXT = 500  # characters of an error's message
LONGEST_NAME = 100  # of its class, which the answer may have named


class Channel:
    """JSON lines to the judge; one direction, unless the probe asks."""

    # An answer that finds it can then cover no method of it with one of its own.
    __slots__ = ("_decode", "_encode", "_lines", "_noted", "_socket")

    def __init__(self, descriptor: int):
        self._socket = socket.socket(fileno=descriptor)
        self._lines = self._socket.makefile("rb")
        self._noted: deque[bytes] = deque()  # lines that go with the next one
        # Bound before an answer runs, which may replace json's own functions.
        self._encode, self._decode = json.JSONEncoder().encode, json.JSONDecoder().decode

    def tell(self, **values) -> None:
        """Report an observation: plain JSON values under their names."""
        self._send("tell", values)

    def note(self, **values) -> None:
        """Report an observation together with the next one, which wakes the judge once, not twice:
        for what need not be told at its time, and may be lost where the process is ended."""
        self._noted.append(self._line("tell", values))
        if len(self._noted) >= MOST_NOTED:
            self.hand_in()

    def ask(self, **values) -> dict:
        """Report an observation and wait for what the judge answers."""
        self._send("ask", values)
        return self._decode(self._lines.readline().decode())

    def rest(self) -> dict | None:
        """Say that what was to be tried is over; wait for what comes next, None when nothing does.

        What others that have ended meanwhile were told, unheard, is passed over.
        """
        self._send("rest", None)
        while "next" not in (told := self._decode(self._lines.readline().decode())):
            pass
        return told["next"]

    def stage(self, criterion: str) -> None:
        """Say which criterion is being tried, so that a stopped answer is told."""
        self._send("stage", criterion)

    def done(self, error: BaseException | None = None) -> None:
        """Say that the probe has come to its end, or what was raised before that."""
        if error is None:
            self._send("done", None)
            return
        stopped = {MemoryError: "memory", SystemExit: "exit"}.get(type(error))
        self._send("done", described(error) | {"stopped": stopped})

    def stilling(self) -> Callable[..., None]:
        """What calls a function and, as soon as that is back, holds everything of the job still
        until the judge has looked; where it has raised, {"raised": True} is told before.

        Make it before an answer runs, which could replace what it is made of.
        """
        return stilling(self._socket.fileno(), self._line("tell", {"raised": True}))

    def ending(self) -> Callable[[], None]:
        """What says that the probe has come to its end and ends the process.

        Made before an answer runs, as above.
        """
        flush, done, leave = sys.stdout.flush, self._line("done", None), os._exit
        send, noted, joined = self._socket.sendall, self._noted, b"".join

        def end() -> None:
            try:
                send(joined([*noted, done]))
                flush()
            finally:  # a judge may have hung up, and an answer may have closed what it printed to
                leave(0)

        return end

    def _send(self, kind: str, value) -> None:
        self._sent(self._line(kind, value))

    def hand_in(self) -> None:
        """Tell what was noted, as before a fork: both processes would."""
        self._sent(b"")

    def _sent(self, line: bytes) -> None:
        told = []
        with contextlib.suppress(IndexError):  # other threads note, too
            while True:
                told.append(self._noted.popleft())
        self._socket.sendall(b"".join([*told, line]))

    def _line(self, kind: str, value) -> bytes:
        return self._encode({kind: value}).encode() + b"\n"


def load(source: str) -> ModuleType:
    """Run an answer's code as the module `answer` and give the module; its functions can be asked
    for their source, as kfp does of a component."""
    module, source = ModuleType("answer"), notebook.python_of(source)
    # No time of change: it stands in no file that could be looked at.
    linecache.cache[ANSWER] = (len(source), None, source.splitlines(keepends=True), ANSWER)
    module.__file__ = ANSWER
    sys.modules["answer"] = module
    notebook.run(source, module)
    for name in PICKLERS & set(sys.modules):  # a process that they start finds no such module
        sys.modules[name].register_pickle_by_value(module)
    return module


def described(error: BaseException) -> dict:
    """{type, text, line} of what was raised."""
    return {"type": type_of(error), "text": text_of(error), "line": line_of(error)}


def type_of(error: BaseException) -> str:
    """The name of its class, of which an answer may have made a text of any length."""
    return type(error).__name__[:LONGEST_NAME]


def text_of(error: BaseException, longest: int = LONGEST_TEXT) -> str:
    """What the error says; its class may be the answer's, whose `__str__` may raise in its turn."""
    try:
        return str(error)[:longest]
    except Exception as another:
        return f"(no text: its __str__ raises {type_of(another)})"


def line_of(error: BaseException) -> int | None:
    """The line of the answer that raised the error, or that does not compile."""
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    steps = traceback.walk_tb(error.__traceback__)  # the lines' text, which costs, is not needed
    lines = [line for frame, line in steps if frame.f_code.co_filename == ANSWER]
    return lines[-1] if lines else None
