"""One attempt of one step: what the learner has injected, what is heard of it, how it ended."""

import contextlib
import logging
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from workbench.capture import learners_traceback, one_line
from workbench.engines.protocol import Outcome, Stopped, Ticket
from workbench.engines.sabotage import corrupted, sabotage

_BEGINS = ("STEP_START", "STEP_RESTARTED")
_ENDS = {"STEP_SUCCESS": "succeeded", "STEP_FAILURE": "failed", "STEP_UP_FOR_RETRY": "retrying"}
_TOLD = (
    *("ASSET_MATERIALIZATION", "ASSET_OBSERVATION", "ASSET_CHECK_EVALUATION"),
    *("STEP_EXPECTATION_RESULT", "HOOK_COMPLETED", "HOOK_ERRORED"),
)


class Killed(Exception):
    """The process of a step was killed; Dagster tries such a step no second time."""

    __module__ = "builtins"


class Watched:
    """An attempt as it goes on: `heard` is told what Dagster logs, `around` passes its events."""

    def __init__(self, ticket: Ticket) -> None:
        self._ticket, self._child = ticket, 0
        self._kind, self._delay, self._end = "failed", 0.0, None

    @property
    def spoil(self) -> Callable[[Any], Any] | None:
        """What is to be done with an output before it is stored."""
        return corrupted if self._ticket.injection == "corrupt output" else None

    def heard(self, entry: Any) -> None:
        """Take note of an entry of Dagster's log, in the thread that wrote it."""
        event = entry.dagster_event
        if event is None:
            self._ticket.log.write(f"{logging.getLevelName(entry.level)}: {entry.user_message}\n")
        elif event.event_type_value in _BEGINS:
            self._ticket.begun(entry.timestamp)
        elif kind := _ENDS.get(event.event_type_value):
            self._kind, self._end = kind, entry.timestamp
            if kind == "retrying":
                self._delay = event.step_retry_data.seconds_to_wait or 0.0
        elif event.event_type_value in _TOLD:
            self._ticket.log.write(f"{event.message}\n")

    def around(self, events: Iterator[Any], guarded: Callable[[], Any]) -> Iterator[Any]:
        """Pass the events of a step on; after its beginning, do what the learner has injected."""
        for event in events:
            yield event
            if event.event_type_value in _BEGINS:
                if self._ticket.injection == "kill":
                    self._run_and_kill(events)
                with guarded():
                    sabotage(self._ticket, lambda: None)

    def _run_and_kill(self, events: Iterator[Any]) -> None:
        """Let a fork of this process go on with the step, and kill it at its end."""
        self._child = os.fork()
        if not self._child:
            with contextlib.suppress(BaseException):
                list(events)
            os.kill(os.getpid(), signal.SIGKILL)
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        if self._ticket.stopped.is_set():
            raise Stopped
        raise Killed(f"killed by {signal.Signals(os.WTERMSIG(status)).name}")

    def cancel(self) -> None:
        """End the fork, if there is one."""
        if child := self._child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def outcome(self, error: BaseException | None, value: Callable[[], Any]) -> Outcome:
        """How it ended, by Dagster's log; ``error`` is what the step's code has raised."""
        if self._ticket.stopped.is_set():
            return Outcome("failed", error="stopped", end=self._end)
        if self._kind == "succeeded":
            return Outcome("succeeded", value(), end=self._end)
        error = _own(error) or RuntimeError("Dagster's log says nothing of its end")
        self._ticket.log.write(learners_traceback(error))
        text = str(error) if isinstance(error, Killed) else one_line(error)
        return Outcome(self._kind, error=text, delay=self._delay, end=self._end)


def _own(error: BaseException | None) -> BaseException | None:
    """The error of the author's code in what Dagster has made of it."""
    if getattr(error, "user_exception", None):
        return error.user_exception
    requested = type(error).__name__.startswith("RetryRequested")
    return error.__cause__ if requested and error.__cause__ else error
