"""One attempt of one state: what its Task's function returns, or that a Wait is over."""

import contextlib
import inspect
import json
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

from workbench.capture import learners_traceback
from workbench.engines.local.engine import LocalEngine
from workbench.engines.protocol import Stopped, Ticket
from workbench.engines.stepfunctions.play import Answer, Failure, Wanted
from workbench.pipeline import Pipeline

LONGEST = 99_999_999  # seconds that a Task may last, in Step Functions as well


class MarshalError(TypeError):
    """What a function returns cannot be written as JSON. Lambda calls it so, too."""


class Invocation:
    """Answers what the executor wants of an attempt.

    A Task with a ``timeout`` runs in a process of its own, which ``end`` ends when the executor has
    waited long enough.
    """

    def __init__(
        self, ticket: Ticket, function: Callable | None, timed: bool, real_waits: bool
    ) -> None:
        self._own, self._stopped = Event(), ticket.stopped
        self._ticket = replace(ticket, inputs={}, stopped=self._own)
        self._function, self._timed, self._real_waits = function, timed, real_waits
        self._local: LocalEngine | None = None

    def answer(self, wanted: Wanted) -> Answer:
        """The answer; raise Stopped where the learner has stopped it."""
        if wanted.kind == "wait":
            return self._wait(wanted.value)
        try:
            call = (lambda: wanted.value) if wanted.kind == "value" else self._call(wanted.value)
            return Answer(as_json(self._run(call), self._ticket.task))
        except Stopped:
            if self._stopped.is_set():
                raise
            return Answer()  # the executor has ended it, and asks no more
        except BaseException as error:  # a function may raise anything, SystemExit included
            self._ticket.log.write(learners_traceback(error))
            return Answer(failure=failed(error))

    def end(self) -> None:
        """End what runs; from any thread."""
        self._own.set()
        if self._local:
            self._local.cancel(self._ticket)

    def _run(self, call: Callable[[], Any]) -> Any:
        """Run it as the plain engine runs a task, which knows how to hang, to fail and to end."""
        pipeline = Pipeline("attempt")
        timeout = LONGEST if self._timed else None
        pipeline.task(call, name=self._ticket.task, timeout=timeout, replace=True)
        self._local = LocalEngine(pipeline)
        return self._local.call(self._ticket)

    def _call(self, event: Any) -> Callable[[], Any]:
        """The function as Lambda calls it: with the event, and a context if it takes one."""
        function = self._function
        if function is None:
            return lambda: event  # there is a stand-in
        with contextlib.suppress(ValueError):  # of a builtin that Python cannot look into
            parameters = inspect.signature(function).parameters.values()
            named = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
            if len(named) > 1:
                return lambda: function(event, None)
        return lambda: function(event)

    def _wait(self, seconds: float) -> Answer:
        if self._real_waits:
            self._own.wait(max(seconds, 0))
        elif seconds > 0:
            self._ticket.log.write(f"waits {seconds:g} s, which are not slept\n")
        return Answer(seconds)


def as_json(value: Any, task: str) -> Any:
    """The value as it comes out of JSON; raise MarshalError for what cannot be written."""
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError) as error:
        raise MarshalError(
            f"{task!r} returns what JSON cannot say ({error}); write it to a file, return its path"
        ) from None


def failed(error: BaseException) -> Failure:
    """The error as Lambda tells it: a name, and a cause that is JSON."""
    name, text = type(error).__name__, " ".join(str(error).split())
    if isinstance(error, MarshalError):
        name = "Runtime.MarshalError"
    return failure_of(f"{name}: {text}" if text else name)


def failure_of(line: str) -> Failure:
    """The failure that stands in a record as this line."""
    name, _, text = line.partition(": ")
    if name.startswith("States."):
        return Failure(name, text, line)
    return Failure(name, json.dumps({"errorMessage": text, "errorType": name}), line)
