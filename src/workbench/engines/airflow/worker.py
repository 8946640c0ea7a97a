"""One attempt of one Airflow task, in a process forked from here.

The fork has the DAG as it stands in the notebook, so a DAG typed in a cell needs no file, and
whatever a task does to its process (`sys.exit`, a signal, a timeout) costs that process only. What
it changes in memory is gone with it, as on any Airflow worker.
"""

import contextlib
import math
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from workbench import received
from workbench.capture import one_line
from workbench.engines.airflow.home import database, neighbours_of
from workbench.engines.airflow.internals import lines, process, runs, triggers
from workbench.engines.airflow.upgrades import advised
from workbench.engines.local.child import end_with
from workbench.engines.protocol import Ticket
from workbench.engines.sabotage import sabotage
from workbench.graph import PipelineError


class Worker:
    """Runs the task instance at ``address``; ``state`` is then Airflow's word for how it ended,
    ``error`` the cause in a line. ``triggered`` runs a run of another DAG, by its ids, that the
    task has asked Airflow for."""

    def __init__(
        self,
        dag: Any,
        run: runs.StoredRun,
        address: tuple[str, int],
        ticket: Ticket,
        triggered: Callable[[Ticket, str, str], None],
    ) -> None:
        self._dag, self._run, self._address, self.ticket = dag, run, address, ticket
        self._triggered = partial(triggered, ticket)
        self._process: process.TaskProcess | None = None
        self._parent = os.getpid()
        self.state: str | None = None
        self.error: str | None = None
        self.ended = threading.Event()
        self._fault: str | None = None
        self._answered = False  # it goes on after a question

    def run(self) -> None:
        """Run until Airflow has written how it ended; a deferred one goes on after its trigger."""
        with database() as session:
            instance = self._instance(session)
            # A sensor's next look is no try of its own, nor is what follows an answer.
            self._answered = bool(instance.next_method)
            if instance.state != "up_for_reschedule" and not self._answered:
                instance.try_number += 1
        try:
            self._run_once()
            while self.state == "deferred" and not self.ticket.stopped.is_set():
                self._wait_for_trigger()
                if self.state == "scheduled":  # a trigger may have ended its task itself
                    self._run_once()
        except PipelineError:  # the database itself, which nothing can be written to
            raise
        except Exception as error:
            self._give_up(error)
        if self._fault and self.state != "success":
            self.error = self._fault

    def _instance(self, session: Any) -> Any:
        return self._run.instance(session, *self._address)

    def _run_once(self) -> None:
        self._process = self._started()
        if self.ticket.stopped.is_set():
            self.kill()
        with database() as session:
            began = self._instance(session).start_date.timestamp()
        self.ticket.begun(time.time() if self._answered else began)
        self._process.watch()
        with database() as session:
            instance = self._instance(session)
            if self.ticket.stopped.is_set():
                instance.state = "failed"  # a retry would be for Airflow to start, not for us
            self.state = str(instance.state)

    def _started(self) -> process.TaskProcess:
        with database() as session:
            instance = self._instance(session)
            instance.state = "queued"
            session.flush()
            described = process.described(instance)
        return process.TaskProcess(
            self._dag, described, self._main, self._logger(), self._triggered
        )

    def _main(self) -> None:
        """All that the forked process does."""
        end_with(self._parent)
        if self.ticket.stand_in:  # Airflow fails a task that names an asset which nobody defines
            self._dag.task_dict[self._address[0]].inlets = []
        with neighbours_of(Path(self._dag.fileloc)):
            tell = partial(received.write, self.ticket.log.path)
            process.run_task(self._dag, self._sabotaged, tell)

    def _wait_for_trigger(self) -> None:
        """What Airflow's triggerer does: wait for the event, then let the deferred task go on; the
        scheduler does so when its time is over."""
        with database() as session:
            instance = self._instance(session)
            number, path, arguments = runs.trigger_of(session, instance)
            key, limit = instance.id, instance.trigger_timeout

        def is_over() -> bool:
            late = limit is not None and datetime.now(UTC) > limit
            return late or self.ticket.stopped.is_set()

        around = neighbours_of(Path(self._dag.fileloc))
        trigger = triggers.TriggerProcess(self._dag, key, path, arguments, around)
        kind, value = trigger.wait(is_over)
        with database() as session:
            if kind == "event":
                runs.fire(session, number, value)
            elif kind == "failed":
                self._fault = f"its trigger failed: {value[-1].strip()}"
                runs.misfire(session, number, value)
            else:
                runs.time_out(self._instance(session))
            session.flush()
            self.state = str(self._instance(session).state)
            if self.state in ("failed", "up_for_retry"):
                self._fault = "its trigger has ended it as failed"

    def _give_up(self, error: Exception) -> None:
        """A fault of Airflow's or ours: the task has failed, or its run would never end."""
        self.state, self.error = "failed", f"could not be finished: {one_line(error)}"
        with process.ENDING, database() as session:
            self._instance(session).state = "failed"

    def kill(self) -> None:
        """End the process and everything it has started."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _sabotaged(self, execute: Callable[..., Any]) -> Callable[..., Any]:
        if not (self.ticket.injection or self.ticket.stand_in):
            return execute

        def sabotaged(context: Any) -> Any:
            try:
                if stand_in := self.ticket.stand_in:
                    value = process.executed(context, sabotage(self.ticket, stand_in))
                else:
                    value = sabotage(self.ticket, lambda: execute(context=context))
            finally:  # one that triggers a DAG asks for it by raising
                if self.ticket.injection == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
            return _sendable(value) if self.ticket.injection == "corrupt output" else value

        return sabotaged

    def _logger(self) -> Any:
        """Takes the place of Airflow's log file: the same events, as text, in the attempt's log."""
        import structlog

        def write(_: Any, level: str, event: dict[str, Any]) -> None:
            line = lines.line_of(level, event, self._dag.fileloc)
            self.ticket.log.write(line.text)
            self.error = advised(line.error) if line.error else self.error
            raise structlog.DropEvent

        return structlog.wrap_logger(None, processors=[write], logger_name="workbench")


def _sendable(value: Any) -> Any:
    """A corrupted value as an XCom can hold it: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _sendable(item) for key, item in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
