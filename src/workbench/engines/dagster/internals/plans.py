"""Which steps a job has, and what Dagster's scheduler says is next. Imports Dagster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dagster import JobDefinition
from dagster._core.execution.api import create_execution_plan
from dagster._core.execution.plan.outputs import StepOutputHandle
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.system_config.objects import OpConfig, ResolvedRunConfig

from workbench.graph import PipelineError

_OWN = ("run_config", "partition_key")  # what any job takes
Handle = tuple[str, str, str | None]  # step key, output, mapping key: one value that was made


@dataclass(frozen=True)
class Output:
    """What a step may make; ``check`` is the name of the asset check whose result it is."""

    name: str
    dynamic: bool
    required: bool
    check: str | None


@dataclass(frozen=True)
class Input:
    """What a step waits for, and ``loads``: all of these as a list, or the only one as it is.

    ``given`` is the run parameter that it comes from instead.
    """

    name: str
    waits: tuple[Handle, ...]
    loads: tuple[Handle, ...]
    several: bool
    given: str | None


@dataclass(frozen=True)
class Step:
    """One step. ``source`` is the dynamic output, (step key, name), by which there are several of
    it, or a list in its inputs; ``resolved`` once that is known."""

    key: str
    op: Any
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    source: tuple[str, str] | None
    resolved: bool


def with_inputs(job: JobDefinition, values: Mapping[str, Any]) -> JobDefinition:
    """The job as `execute_in_process` would run it, with an I/O manager that outlives it."""
    kept = {"io_manager": job.resource_defs["io_manager"]}
    return job.as_ephemeral_job(resource_defs=kept, input_values=values)


def drawn(job: JobDefinition) -> ExecutionPlan:
    """The plan of a job whatever its configuration will be."""
    asked = {mapping.graph_input_name: None for mapping in job.graph.input_mappings}
    config = ResolvedRunConfig(ops=dict(_any_inputs(job.graph)))
    return ExecutionPlan.build(with_inputs(job, asked), config)


def _any_inputs(graph: Any, above: str = "") -> Iterator[tuple[str, OpConfig]]:
    """As if each input of each op, that nothing is connected to, were configured."""
    for node in graph.nodes:
        path = f"{above}{node.name}"
        yield path, OpConfig.from_dict({"inputs": dict.fromkeys(node.definition.input_dict)})
        if hasattr(node.definition, "nodes"):
            yield from _any_inputs(node.definition, f"{path}.")


@dataclass(frozen=True)
class Bound:
    """A job with what a run gives it: ``inputs`` of its graph, and ``config`` as Dagster writes
    it. ``parameters`` are the same as they stand in a record."""

    job: JobDefinition
    inputs: Mapping[str, Any]
    config: Mapping[str, Any]
    tags: Mapping[str, str]
    parameters: dict[str, Any]


def bound(job: JobDefinition, parameters: Mapping[str, Any]) -> Bound:
    """A job with its run parameters, named as in `execute_in_process`; raise PipelineError for one
    that it does not take."""
    takes = [mapping.graph_input_name for mapping in job.graph.input_mappings]
    for name in parameters:
        if name not in (*takes, *_OWN):
            raise PipelineError(
                f"{name!r}: job {job.name!r} takes {', '.join((*takes, *_OWN))}, and the "
                "configuration of ops and resources in run_config"
            )
    inputs = {name: value for name, value in parameters.items() if name in takes}
    config = parameters.get("run_config") or {}
    config = config.to_config_dict() if hasattr(config, "to_config_dict") else config
    tags, partition = dict(job.run_tags), parameters.get("partition_key")
    if partition is not None:
        if not (job.partitions_def and job.partitions_def.has_partition_key(partition)):
            raise PipelineError(f"{partition!r}: job {job.name!r} has no such partition")
        tags |= job.get_tags_for_partition_key(partition, selected_asset_keys=None)
        if job.partitioned_config and not config:
            config = job.partitioned_config.get_run_config_for_partition_key(partition)
    kept = {name: config if name == "run_config" else parameters[name] for name in parameters}
    return Bound(with_inputs(job, inputs), inputs, config, tags, kept)


def planned(bound: Bound) -> ExecutionPlan:
    """The plan to run; raise what Dagster raises for a configuration that does not fit."""
    return create_execution_plan(bound.job, run_config=bound.config, tags=bound.tags)


def made(known: Any) -> set[Handle]:
    """What has been made by the steps that a scheduler knows of."""
    return set(map(plain, known.ready_outputs))


def steps_in(plan: ExecutionPlan, job: JobDefinition) -> Iterator[Step]:
    """Every step, upstream first; those of a dynamic output once it is known, too."""
    for step in plan.get_all_steps_in_topo_order():
        source, resolved = None, not hasattr(step, "resolved_by_step_keys")
        inputs = [_input(given) for given in step.step_inputs]
        for given in step.step_inputs:
            if hasattr(given, "resolved_by_step_key"):
                source = given.resolved_by_step_key, given.resolved_by_output_name
        outputs = tuple(map(_output, step.step_outputs))
        op = job.get_node(step.node_handle)
        yield Step(step.key, op, tuple(inputs), outputs, source, resolved)


def _input(given: Any) -> Input:
    nothing = given.dagster_type_key == "Nothing"
    if hasattr(given, "get_step_output_handle_deps_with_placeholders"):
        handles = tuple(map(plain, given.get_step_output_handle_deps_with_placeholders()))
        return Input(given.name, handles, () if nothing else handles, False, None)
    source, waits = given.source, tuple(map(plain, given.get_step_output_handle_dependencies()))
    single = getattr(source, "source_to_load_from", None)  # beside checks that only have to pass
    loads = (plain(single.step_output_handle),) if hasattr(single, "step_output_handle") else waits
    several = single is None and hasattr(source, "sources")
    direct = type(source).__name__ in ("FromDirectInputValue", "FromConfig")
    return Input(
        given.name,
        waits,
        () if nothing else loads,
        several,
        source.input_name if direct else None,
    )


def _output(made: Any) -> Output:
    check = made.properties.asset_check_key
    return Output(made.name, made.is_dynamic, made.is_required, check.name if check else None)


def plain(handle: StepOutputHandle) -> Handle:
    """A handle as a value that is not Dagster's."""
    return handle.step_key, handle.output_name, handle.mapping_key


class Scheduler:
    """Dagster's own, told of the ends of steps; it decides which come next."""

    def __init__(self, plan: ExecutionPlan) -> None:
        self._active = plan.start(retry_mode=RetryMode.DEFERRED)
        self._active.__enter__()  # which only allows its use
        self.open: dict[str, None] = {}  # steps that may start, or have

    def advance(self) -> None:
        """Take the steps that may start now."""
        for step in self._active.get_steps_to_execute():
            self.open[step.key] = None

    def given_up(self) -> list[tuple[str, str]]:
        """Steps that can never run now, and whether Dagster has skipped or abandoned them; each is
        to be ended."""
        ways = {"skipped": self._active.get_steps_to_skip}
        ways["abandoned"] = self._active.get_steps_to_abandon
        return [(step.key, how) for how, steps in ways.items() for step in steps()]

    def end(self, key: str, how: str) -> None:
        """A step was skipped, has failed or was abandoned."""
        self.open.pop(key, None)
        getattr(self._active, f"mark_{how}")(key)

    def succeed(self, key: str, made: Mapping[str, list[str] | None]) -> None:
        """A step has made these outputs; a dynamic one has its mapping keys."""
        mappings = {}
        for name, keys in made.items():
            for mapping in [None] if keys is None else keys:
                self._active.mark_step_produced_output(StepOutputHandle(key, name, mapping))
            if keys is not None:
                mappings[name] = list(keys)
        gathering = self._active._gathering_dynamic_outputs
        if key in gathering:
            gathering[key] = {name: mappings.get(name, []) for name in gathering[key]}
        self.open.pop(key, None)
        self._active.mark_success(key)

    @property
    def known(self) -> Any:
        """What a step's context has to know of the others."""
        return self._active.get_known_state()

    @property
    def mappings(self) -> Mapping[str, Mapping[str, list[str] | None]]:
        """Step key → dynamic output → its mapping keys, in order."""
        return self.known.dynamic_mappings
