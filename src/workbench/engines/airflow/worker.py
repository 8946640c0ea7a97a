"""One attempt of one Airflow task: Airflow's supervisor here, Airflow's task runner in a process forked from here.

The fork has the DAG as it stands in the notebook, so a DAG typed in a cell needs no file, and whatever a task does to
its process (`sys.exit`, a signal, a timeout) costs that process only. What it changes in memory is gone with it, as
on any Airflow worker.
"""

import asyncio
import contextlib
import contextvars
import math
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

from workbench.engines.airflow.home import BUNDLE, database
from workbench.engines.local.child import end_with
from workbench.engines.protocol import Ticket
from workbench.engines.sabotage import sabotage

LINGER = 2.0  # seconds that the output of a process is read after its end
_NOISE = (
    "::group::",
    "::endgroup::",
    "DAG bundles loaded",
    "Pushing xcom",
    "Done. Returned",
    "Tmp dir root",
)


class Worker:
    """Runs one task instance; ``state`` is Airflow's word for how it ended, ``error`` the cause."""

    def __init__(self, dag: Any, ticket: Ticket, instance: Callable[[Any], Any]) -> None:
        self._dag, self._ticket, self._instance, self._process = dag, ticket, instance, None
        self.state = self.error = None
        self._parent = os.getpid()
        self.ended = threading.Event()

    def run(self) -> None:
        """Run the task instance until Airflow has written how it ended; a deferred one goes on after its trigger."""
        self._run_once()
        while self.state == "deferred" and not self._ticket.stopped.is_set():
            self._wait_for_trigger()
            self._run_once()

    def _run_once(self) -> None:
        from airflow.executors.workloads import BundleInfo, TaskInstanceDTO
        from airflow.sdk.execution_time.supervisor import (
            ActivitySubprocess,
            InProcessTestSupervisor,
        )

        with database() as session:
            instance = self._instance(session)
            instance.state = "queued"
            session.flush()
            what = TaskInstanceDTO.model_validate(instance, from_attributes=True)
        with warnings.catch_warnings():  # about a library that is pinned
            warnings.simplefilter("ignore")
            client = InProcessTestSupervisor._api_client(self._dag)
        bundle, log = BundleInfo(name=BUNDLE, version=None), self._logger()
        self._process = process = ActivitySubprocess.start(
            what=what,
            dag_rel_path=self._dag.fileloc,
            bundle_info=bundle,
            client=client,
            target=self._main,
            logger=log,
        )
        process._last_heartbeat_attempt = time.monotonic()
        if self._ticket.stopped.is_set():
            self.kill()
        with database() as session:
            self._ticket.begun(self._instance(session).start_date.timestamp())
        # From here on what process.wait() does, less the signal handlers of a main thread and 5 s of waiting.
        while process._exit_code is None or process._open_sockets:
            process._service_subprocess(max_wait_time=1.0 if process._open_sockets else 0.0)
            if process._exit_code is None:
                process._send_heartbeat_if_needed()
            elif time.monotonic() - process._process_exit_monotonic > LINGER:
                process._cleanup_open_sockets()  # something the task has started still holds them
        process.selector.close()
        process.update_task_state_if_needed()
        with database() as session:
            instance = self._instance(session)
            if self._ticket.stopped.is_set():
                instance.state = "failed"
            self.state = str(instance.state)

    def _wait_for_trigger(self) -> None:
        """What Airflow's triggerer does for a deferred task: wait for the event, then let the task go on."""
        from airflow.models.trigger import Trigger
        from airflow.sdk._shared.module_loading import import_string

        with database() as session:
            row = session.get(Trigger, self._instance(session).trigger_id)
            number, trigger = row.id, import_string(row.classpath)(**row.kwargs)
        if event := asyncio.run(self._first_event(trigger)):
            with database() as session:
                Trigger.submit_event(number, event, session=session)

    async def _first_event(self, trigger: Any) -> Any:
        waiting = asyncio.ensure_future(anext(trigger.run(), None))
        while not waiting.done() and not self._ticket.stopped.is_set():
            await asyncio.wait({waiting}, timeout=0.1)
        return waiting.result() if waiting.done() else None

    def kill(self) -> None:
        """End the process and everything it has started."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _main(self) -> None:
        """What the forked process does: Airflow's task runner, with the DAG that is already in memory."""
        end_with(self._parent)
        from airflow.dag_processing.bundles.manager import DagBundlesManager
        from airflow.sdk.execution_time import task_runner

        def parse(what: Any, log: Any) -> Any:
            return task_runner.RuntimeTaskInstance.model_construct(
                **what.ti.model_dump(exclude_unset=True),
                task=self._dag.task_dict[what.ti.task_id],
                bundle_instance=DagBundlesManager().get_bundle(what.bundle_info.name),
                _ti_context_from_server=what.ti_context,
                max_tries=what.ti_context.max_tries,
                start_date=what.start_date,
                state=task_runner.TaskInstanceState.RUNNING,
                sentry_integration=what.sentry_integration,
            )

        def execute(
            context: Any, call: Any, task: Any, execute: Any = task_runner._run_execute_callable
        ) -> Any:
            return execute(context, self._sabotaged(call), task)

        task_runner.parse, task_runner._run_execute_callable = parse, execute
        contextvars.Context().run(task_runner.main)

    def _sabotaged(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def sabotaged(context: Any) -> Any:
            value = sabotage(self._ticket, lambda: call(context=context))
            if self._ticket.injection == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            return _sendable(value) if self._ticket.injection == "corrupt output" else value

        return sabotaged if self._ticket.injection else call

    def _logger(self) -> Any:
        """Takes the place of Airflow's log file: the same events, as text, in the attempt's log."""
        import structlog

        def write(_: Any, level: str, event: dict[str, Any]) -> None:
            self._write(level, str(event.get("event", "")), event)
            raise structlog.DropEvent

        return structlog.wrap_logger(None, processors=[write], logger_name="workbench")

    def _write(self, level: str, text: str, event: dict[str, Any]) -> None:
        if str(event.get("logger")) in ("task.stdout", "task.stderr"):
            self._ticket.log.write(f"{text}\n")
        elif not text.startswith(_NOISE):
            told = "".join(
                f" {key}={event[key]}"
                for key in ("reason", "exit_code", "signal_name")
                if key in event
            )
            self._ticket.log.write(f"{level.upper()}: {text}{told}\n")
        for cause in event.get("error_detail") or ():
            own = [
                frame
                for frame in cause["frames"]
                if "/site-packages/airflow/" not in frame["filename"]
            ]
            lines = [
                f'  File "{frame["filename"]}", line {frame["lineno"]}, in {frame["name"]}\n'
                for frame in own
            ]
            self.error = f"{cause['exc_type']}: {' '.join(cause['exc_value'].split())}"
            self._ticket.log.write(
                f"Traceback (most recent call last):\n{''.join(lines)}{self.error}\n"
            )
        if "signal_name" in event:
            self.error = f"killed by {event['signal_name']}"
        elif text == "Task exited":
            self.error = f"SystemExit: {event.get('exit_code')}"


def _sendable(value: Any) -> Any:
    """A corrupted value as an XCom can hold it: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _sendable(item) for key, item in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
