"""One run in Dagster's database, executed step by step. Imports Dagster."""

import asyncio
import copy
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dagster import DagsterInstance, InMemoryIOManager, IOManager
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.definitions.job_definition import default_job_io_manager
from dagster._core.events import DagsterEvent, RunFailureReason
from dagster._core.execution.api import create_execution_plan
from dagster._core.execution.context_creation_job import PlanExecutionContextManager
from dagster._core.execution.plan.compute import gen_from_async_gen
from dagster._core.execution.plan.compute_generator import create_op_compute_wrapper
from dagster._core.execution.plan.execute_plan import _trigger_hook, dagster_event_sequence_for_step
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.plan.state import KnownExecutionState
from dagster._core.execution.retries import RetryMode
from dagster._loggers import default_loggers

from workbench.engines.dagster.internals.plans import Bound, Handle, Step, plain

# Handle → its value, and whether that took the place of what Dagster has. It is used for those, and
# where no I/O manager of the author's has it.
Given = Mapping[Handle, tuple[Any, bool]]


class _Between(IOManager):
    """Stands before an I/O manager for one attempt."""

    def __init__(self, manager: IOManager, load: Callable, spoil: Callable | None) -> None:
        self._manager, self._load, self._spoil = manager, load, spoil
        if not spoil:
            self.handle_output = manager.handle_output

    def handle_output(self, context: Any, obj: Any) -> Iterator[Any]:
        handled = self._manager.handle_output(context, self._spoil(obj))
        yield from handled if inspect.isgenerator(handled) else filter(None, [handled])

    def load_input(self, context: Any) -> Any:
        return self._load(context)


class Execution:
    """One run of a job, or a re-execution of ``again``, steps of an earlier run ``parent``."""

    def __init__(
        self,
        instance: DagsterInstance,
        bound: Bound,
        plan: ExecutionPlan,
        parent: str | None,
        again: list[str],
        known: KnownExecutionState,
    ) -> None:
        self._instance, self._job, self._plan = instance, bound.job, plan
        earlier = instance.get_run_by_id(parent) if parent else None
        self._known, part, lineage = KnownExecutionState(), plan, {}
        if earlier:
            self._known = KnownExecutionState.build_for_reexecution(instance, earlier)
            known = known._replace(parent_state=self._known.parent_state)
            known = known.update_for_step_selection(again)
            part = create_execution_plan(bound.job, bound.config, again, known, tags=bound.tags)
            root = earlier.root_run_id or earlier.run_id
            lineage = {"parent_run_id": earlier.run_id, "root_run_id": root}
        self._run = instance.create_run_for_job(
            bound.job, execution_plan=part, run_config=bound.config, tags=bound.tags, **lineage
        )
        self.id = self._run.run_id
        self._listeners: dict[str, Callable[[Any], None]] = {}
        instance.add_event_listener(self.id, self._heard)
        self._values: dict[Any, Any] = {}
        self._open(bound.config)

    def _open(self, config: Mapping[str, Any]) -> None:
        """Make the resources, once for all steps, as Dagster's in-process executor does."""
        self._manager = PlanExecutionContextManager(
            job=InMemoryJob(self._job),
            execution_plan=self._plan,
            run_config=config,
            dagster_run=self._run,
            instance=self._instance,
            retry_mode=RetryMode.DEFERRED,
            output_capture=self._values,
        )
        events = list(self._manager.prepare_context())
        self._context = self._manager.get_context()
        if self._context is None:
            raise RuntimeError(_cause(events))
        # The default one repeats on the console what the log has.
        if self._job.loggers == default_loggers():
            self._context.log._dagster_handler._loggers = []
        DagsterEvent.job_start(self._context)

    def _heard(self, entry: Any) -> None:
        if listener := self._listeners.get(entry.step_key):
            listener(entry)

    def attempt(
        self, key: str, tries: int, given: Given, watched: Any, known: Any
    ) -> BaseException | None:
        """Execute one step once, all it does standing in Dagster's log; return what it raised.

        ``watched`` has ``around``, which is given what the op receives, and calls it; ``spoil``,
        which changes what is stored; and ``heard``, for each entry of Dagster's log.
        """
        for handle in [handle for handle in self._values if handle.step_key == key]:
            del self._values[handle]
        self._listeners[key] = watched.heard
        tried = {key: tries - 1}
        known = known._replace(parent_state=self._known.parent_state, previous_retry_attempts=tried)
        context = self._context.for_step(self._plan.get_step_by_key(key), known)
        context._event_loop = asyncio.new_event_loop()
        _surround(context, watched.around)
        own = context.get_io_manager
        context.get_io_manager = lambda handle: self._between(own(handle), handle, given, watched)
        try:
            events = list(dagster_event_sequence_for_step(context))
            list(_trigger_hook(context, events))
        finally:
            self._listeners.pop(key, None)
            context._event_loop.close()
        return context.step_exception

    def _between(self, manager: IOManager, handle: Any, given: Given, watched: Any) -> IOManager:
        key = self._plan.get_manager_key(handle, self._job)
        usual = isinstance(manager, InMemoryIOManager)
        usual = usual or self._job.resource_defs[key] is default_job_io_manager
        value, replaced = given.get(plain(handle), (None, False))
        use = plain(handle) in given and (usual or replaced or not self._made(handle))

        def spoil(value: Any) -> Any:
            self._values[handle] = watched.spoil(value)
            return self._values[handle]

        load = (lambda context: value) if use else manager.load_input
        return _Between(manager, load, spoil if watched.spoil else None)

    def _made(self, handle: Any) -> bool:
        """Whether this run or one that it goes on with has made a value."""
        state = self._known.parent_state
        while state and handle not in state.produced_outputs:
            state = state.get_parent_state()
        return bool(state) or handle in self._values

    def made(self, key: str) -> dict[Handle, Any]:
        """What a step has made."""
        own = {handle: value for handle, value in self._values.items() if handle.step_key == key}
        return dict(zip(map(plain, own), own.values(), strict=True))

    def skip(self, step: Step) -> None:
        """Write into Dagster's log that a step is skipped."""
        if step.resolved:
            DagsterEvent.step_skipped_event(
                self._context.for_step(self._plan.get_step_by_key(step.key), self._known)
            )

    def end(self, failed: list[str] | None) -> None:
        """Write the run's end into Dagster's log: the steps that failed; None: it was left."""
        if self._context is None:
            return
        if failed is None:
            self._instance.report_run_canceled(self._run)
        elif failed:
            reason = RunFailureReason.STEP_FAILURE
            DagsterEvent.job_failure(self._context, f"Steps failed: {failed}.", reason)
        else:
            DagsterEvent.job_success(self._context)
        list(self._manager.shutdown_context())
        self._context = None


def _surround(context: Any, around: Callable) -> None:
    """Put ``around`` in the place of the op's code, where Dagster treats what is raised as the
    op's own: with its retries."""
    op = context.op_def
    decorated = hasattr(op.compute_fn, "decorated_fn")
    compute = create_op_compute_wrapper(op) if decorated else op.compute_fn

    def surrounded(inner: Any, inputs: Mapping[str, Any]) -> Iterator[Any]:
        def events() -> Iterator[Any]:
            made = compute(inner, inputs)
            return gen_from_async_gen(context, made) if inspect.isasyncgen(made) else made

        yield from around({"inputs": dict(inputs), "config": context.op_config}, events) or ()

    other = copy.copy(op)
    other._compute_fn = surrounded
    context.__class__ = type("Surrounded", (type(context),), {"op_def": other})


def status_of(instance: DagsterInstance, run: str, key: str) -> str | None:
    """Dagster's word for a step of a run; None where it has none."""
    stats = instance.get_run_step_stats(run, step_keys=[key])
    return next((stat.status.value for stat in stats if stat.status), None)


def function_of(step: Step) -> Any:
    """The author's own function; raise AttributeError where there is none."""
    return step.op.definition.compute_fn.decorated_fn


def _cause(events: list[DagsterEvent]) -> str:
    """Why resources could not be made, from the events that say it."""
    errors = [getattr(event.event_specific_data, "error", None) for event in events]
    error = next(filter(None, errors))
    while error.cause:
        error = error.cause
    return f"its resources could not be made: {' '.join(error.message.split())}"
