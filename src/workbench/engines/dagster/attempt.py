"""One attempt of one step: what the learner has injected, what is heard of it, how it ended."""

import contextlib
import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dagster import AssetCheckResult, DynamicOutput, Output

from workbench import received
from workbench.capture import learners_traceback, one_line
from workbench.engines.dagster.internals.plans import Step
from workbench.engines.dagster.values import parts
from workbench.engines.protocol import Outcome, Stopped, Ticket
from workbench.engines.sabotage import corrupted, sabotage
from workbench.events import STOPPED

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
    """An attempt as it goes on: `heard` is told what Dagster logs, `around` calls the op."""

    def __init__(self, step: Step, ticket: Ticket) -> None:
        self._step, self._ticket, self._child = step, ticket, 0
        self._error: BaseException | None = None  # of the op's own code
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

    def around(
        self, given: Mapping[str, Any], events: Callable[[], Iterator[Any]]
    ) -> Iterator[Any]:
        """What is done in the place of an op's code that receives this, and gives these events."""
        received.write(self._ticket.log.path, {name: one for name, one in given.items() if one})
        if self._ticket.stand_in:
            events = self._stood_in
        try:
            if self._ticket.injection == "kill":
                self._run_and_kill(events)
            sabotage(replace(self._ticket, stand_in=None), lambda: None)
            yield from events() or ()
        except BaseException as error:
            self._error = error
            raise

    def _stood_in(self) -> Iterator[Any]:
        """What stands in for the op, as outputs of Dagster; checks have passed."""
        value = self._ticket.stand_in()
        made, checks = parts(self._step, value), [o for o in self._step.outputs if o.check]
        for output in self._step.outputs:
            if output.dynamic:
                for key, one in made.get(output.name, {}).items():
                    yield DynamicOutput(one, mapping_key=key, output_name=output.name)
            elif output.check:
                passed = bool(value) if len(checks) == len(self._step.outputs) else True
                yield AssetCheckResult(passed=passed, check_name=output.check)
            elif output.name in made:
                yield Output(made[output.name], output_name=output.name)

    def _run_and_kill(self, events: Callable[[], Iterator[Any]]) -> None:
        """Let a fork of this process go on with the step, and kill it at its end."""
        self._child = os.fork()
        if not self._child:
            with contextlib.suppress(BaseException):
                list(events())
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
        """How it ended, by Dagster's log; ``error`` is what was raised elsewhere."""
        if self._ticket.stopped.is_set():
            return Outcome("failed", error=STOPPED, end=self._end)
        if self._kind == "succeeded":
            return Outcome("succeeded", value(), end=self._end)
        error = (
            self._error or error or RuntimeError("an input or output of it could not be handled")
        )
        self._ticket.log.write(learners_traceback(error))
        text = str(error) if isinstance(error, Killed) else one_line(error)
        return Outcome(self._kind, error=text, delay=self._delay, end=self._end)
