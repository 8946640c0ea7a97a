"""One try of a task: Airflow's task runner, in a process of its own, and its supervisor here."""

import contextvars
import functools
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from workbench.engines.airflow.internals.dags import BUNDLE
from workbench.engines.airflow.internals.overheard import MEMBERS as OVERHEARD
from workbench.engines.airflow.internals.overheard import Names, Overheard, rendered
from workbench.engines.members import members_of

# Held while a process is forked, and while the API is first asked, which imports a lot: a process
# that is forked while another thread imports would wait for ever to import the same.
FORKING = threading.Lock()

# Held while the end of a task, or a skip by a task, is written, and while Airflow decides what
# follows: it decides by the ends that are written down, and by no other.
ENDING = threading.RLock()

SOON = 0.2  # seconds

_SUPERVISOR = "airflow.sdk.execution_time.supervisor"
_RUNNER = "airflow.sdk.execution_time.task_runner"
MEMBERS = (
    *OVERHEARD,
    *members_of(
        f"{_SUPERVISOR}:InProcessTestSupervisor",
        "serving Airflow's API to a task without a web server; without it no task runs",
        _api_client="dag",
    ),
    *members_of(
        f"{_SUPERVISOR}:ActivitySubprocess",
        "starting a task's process and hearing it to its end; without it no task runs",
        start="what dag_rel_path bundle_info client target logger",
        pid="",
        selector="",
        update_task_state_if_needed="",
        _last_heartbeat_attempt="",
        _monitor_subprocess="",
        _open_sockets="",
        _service_subprocess="max_wait_time",
        _handle_request="msg log req_id",
    ),
    *members_of(
        "airflow.sdk.execution_time.comms",
        "running the run of another DAG that a task triggers; without it such a run stays queued",
        TriggerDagRun="",
    ),
    *members_of(
        "airflow.executors.workloads",
        "telling a task's process which try it is",
        BundleInfo="name version",
        TaskInstanceDTO="",
    ),
    *members_of(
        _RUNNER,
        "running a task with the DAG in memory, and failing where the learner asked for it",
        main="",
        parse="what log",
        _run_execute_callable="context execute task",
    ),
    *members_of(
        f"{_RUNNER}:RuntimeTaskInstance",
        "making a task instance without its DAG's file",
        get_template_context="",
        model_construct="",
        _ti_context_from_server="",
    ),
)


# A process for each try


def described(instance: Any) -> Any:
    """The row of a task instance, as Airflow's scheduler hands it to an executor."""
    from airflow.executors.workloads import TaskInstanceDTO

    return TaskInstanceDTO.model_validate(instance, from_attributes=True)


class TaskProcess:
    """A task's process, forked from this one, and the supervisor that serves it Airflow's API.

    ``instance`` is the description of a task instance that is queued, ``main`` what the process
    calls, ``logger`` a structlog logger for what it prints, logs and raises. ``triggered`` is
    called with the ids of a DAG and its run when Airflow has made one that the task asked for.
    """

    def __init__(
        self,
        dag: Any,
        instance: Any,
        main: Callable[[], None],
        logger: Any,
        triggered: Callable[[str, str], None],
    ) -> None:
        from airflow.executors.workloads import BundleInfo

        def forked() -> None:
            FORKING.release()  # a copy, held as the lock was when it was copied
            main()

        with FORKING:
            flush()
            self._supervisor = _impatient().start(
                what=instance,
                dag_rel_path=dag.fileloc,
                bundle_info=BundleInfo(name=BUNDLE, version=None),
                client=client_of(dag),
                target=forked,
                logger=logger,
            )
        self._supervisor.triggered = triggered
        # The start was a sign of life; a heartbeat at once would cost each task a request more.
        self._supervisor._last_heartbeat_attempt = time.monotonic()

    @property
    def pid(self) -> int:
        return self._supervisor.pid

    def watch(self) -> None:
        """Serve the process until it has ended and Airflow's database says how.

        What ``wait()`` does, which only the main thread may call: it sets signal handlers.
        """
        try:
            self._supervisor._monitor_subprocess()
        finally:
            self._supervisor.selector.close()
        with ENDING:
            self._supervisor.update_task_state_if_needed()


def flush() -> None:
    """Say what is still to be said: a process that is forked would say it once more at its end.

    In a context of its own, as what a task prints goes to its log.
    """
    for stream in (sys.stdout, sys.stderr):
        contextvars.Context().run(stream.flush)


def client_of(dag: Any) -> Any:
    """A client of the API server that is inside this process."""
    from airflow.sdk.execution_time.supervisor import InProcessTestSupervisor

    with warnings.catch_warnings():  # about a library that is pinned
        warnings.simplefilter("ignore")
        return InProcessTestSupervisor._api_client(dag)


@functools.cache
def _impatient() -> type:
    """Airflow's supervisor, looking for a process's end as soon as nothing more can be heard.

    A process closes its sockets a moment before it has ended. Airflow's own then waits for the
    next heartbeat, up to five seconds for each task. Were the method no longer called, tasks
    would take that long, and one that leaves something running would be heard a minute more.
    It also tells of a run of another DAG that the task has asked for, once Airflow has made it.
    """
    from airflow.sdk.execution_time.comms import TriggerDagRun
    from airflow.sdk.execution_time.supervisor import ActivitySubprocess

    class Impatient(ActivitySubprocess):
        def _service_subprocess(self, max_wait_time: float, **options: Any) -> int | None:
            wait = min(max_wait_time, 1.0) if self._open_sockets else 0.0
            return super()._service_subprocess(wait, **options)

        def _handle_request(self, msg: Any, log: Any, req_id: int) -> None:
            with ENDING:
                super()._handle_request(msg, log, req_id)
            if isinstance(msg, TriggerDagRun):
                self.triggered(msg.dag_id, msg.run_id)

    return Impatient


def run_task(
    dag: Any, wrap: Callable[[Callable], Callable], tell: Callable[[Mapping[str, Any]], None]
) -> None:
    """Be the task's process: Airflow's task runner with ``dag``, which is in memory already.

    Two of its functions are replaced; this is a fork that ends with its task, so that nothing has
    to come back. ``parse`` would read the DAG's file, and a DAG typed in a cell has none.
    ``_run_execute_callable`` calls the operator under its timeout: ``wrap`` around that call is
    where an injected failure meets timeout and retries as the task's own would. Were they no
    longer called, a task of a cell would not be found, and injections would do nothing. ``tell`` is
    called with what the task has received, before and after that.
    """
    from airflow.sdk.execution_time import task_runner

    execute_under_timeout, names = task_runner._run_execute_callable, Names()

    def parse(message: Any, log: Any) -> Any:
        return _task_instance(dag, message)

    def run_execute_callable(context: Any, execute: Callable, task: Any) -> Any:
        task_runner.SUPERVISOR_COMMS = heard = Overheard(task_runner.SUPERVISOR_COMMS)
        tell(rendered(context, task))
        if hasattr(task, "trigger_dag_id"):
            task.poke_interval = SOON  # the run it waits for is over by then
        try:
            return execute_under_timeout(context, wrap(execute), task)
        finally:
            tell({"xcoms": heard.xcoms, **names.asked})

    task_runner.parse = parse
    task_runner._run_execute_callable = run_execute_callable
    # A fresh context: in the thread's own, what is printed would go past Airflow into our log.
    contextvars.Context().run(task_runner.main)


def executed(context: Any, value: Any) -> Any:
    """What a task does with a value that stands in for its work: one that chooses what follows
    chooses by it. No arguments are sought for a function that is not called."""
    task = context["ti"].task
    if hasattr(task, "execute_callable"):
        task.determine_kwargs = lambda *_, **__: {}
        task.execute_callable = lambda *_, **__: value
        return task.execute(context)
    return task.do_branch(context, value) if hasattr(task, "do_branch") else value


def _task_instance(dag: Any, message: Any) -> Any:
    """What ``parse`` makes of the supervisor's message once it has found the task."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    return RuntimeTaskInstance.model_construct(
        **message.ti.model_dump(exclude_unset=True),
        task=dag.task_dict[message.ti.task_id],
        bundle_instance=DagBundlesManager().get_bundle(message.bundle_info.name),
        _ti_context_from_server=message.ti_context,
        max_tries=message.ti_context.max_tries,
        start_date=message.start_date,
        state="running",
        sentry_integration=message.sentry_integration,
    )
