"""What is used of Dagster beyond its documented interface, and why; nothing else names it.

Documented are the definitions and `DagsterInstance`. How Dagster plans and executes one step is
what its executors share, and promised to nobody else. `plans` says which steps there are and which
is next, `runs` executes one, `log` writes what it says.
"""

from workbench.engines.members import Member, members_of

_CORE = "dagster._core"
_EXECUTION = f"{_CORE}.execution"
_PLAN = f"{_EXECUTION}.plan"
_EXECUTE = f"{_PLAN}.execute_plan"
_DRAWN = "drawing a job whose configuration is not known yet"
_STEPS = "no step is found without"
_ONE = "executing one step, and not the whole job"
_INJECTED = "being called in the place of an op's code, so that a failure is the op's own"
_CONSOLE = "keeping the console free of what stands in the attempt's log"

MEMBERS = (
    Member(f"{_EXECUTION}.api:create_execution_plan", _STEPS, ("job", "run_config", "known_state")),
    *members_of(
        f"{_PLAN}.plan:ExecutionPlan",
        _STEPS,
        build="job_def resolved_run_config",
        get_all_steps_in_topo_order="",
        get_step_by_key="key",
        get_manager_key="step_output_handle",
        start="retry_mode",
    ),
    Member(f"{_CORE}.system_config.objects:OpConfig.from_dict", _DRAWN, ("config",)),
    Member(f"{_CORE}.system_config.objects:ResolvedRunConfig", _DRAWN, ("ops",)),
    *members_of(
        f"{_CORE}.definitions.job_definition",
        "giving a job its inputs, and telling an author's I/O manager from the default",
        default_job_io_manager="",
        **{"JobDefinition.as_ephemeral_job": "resource_defs input_values"},
        **{"JobDefinition.get_tags_for_partition_key": "partition_key"},
    ),
    *members_of(
        f"{_PLAN}.active:ActiveExecution",
        "what may start, and what is skipped, is Dagster's own scheduler's to say",
        get_steps_to_execute="",
        get_steps_to_skip="",
        get_steps_to_abandon="",
        mark_success="step_key",
        mark_failed="step_key",
        mark_skipped="step_key",
        mark_abandoned="step_key",
        mark_step_produced_output="step_output_handle",
        get_known_state="",
        _prep_for_dynamic_outputs="step",
    ),
    Member(f"{_PLAN}.outputs:StepOutputHandle", _ONE, ("output_name", "mapping_key")),
    Member(f"{_EXECUTION}.retries:RetryMode", "waiting between attempts is not Dagster's"),
    *members_of(
        f"{_PLAN}.state:KnownExecutionState",
        "re-execution of a part of a job as Dagster does it",
        build_for_reexecution="instance parent_run",
        update_for_step_selection="step_keys_to_execute",
    ),
    *members_of(
        f"{_EXECUTION}.context_creation_job:PlanExecutionContextManager",
        "what a step runs in: resources, log, configuration",
        prepare_context="",
        get_context="",
        shutdown_context="",
    ),
    Member(
        f"{_EXECUTION}.context_creation_job:PlanExecutionContextManager",
        "what a step runs in",
        ("execution_plan", "run_config", "dagster_run", "instance", "retry_mode", "output_capture"),
    ),
    *members_of(
        f"{_EXECUTION}.context.system",
        "being there when a step loads, calls and stores",
        **{"PlanExecutionContext.for_step": "step known_state"},
        **{"StepExecutionContext.get_io_manager": "step_output_handle"},
        **{"StepExecutionContext.op_def": "", "StepExecutionContext.op_config": ""},
        **{"StepExecutionContext.event_loop": "", "StepExecutionContext.step_exception": ""},
    ),
    Member(f"{_EXECUTE}:dagster_event_sequence_for_step", _ONE, ("step_context",)),
    Member(f"{_EXECUTE}:_trigger_hook", "hooks after a step", ("step_context", "step_event_list")),
    Member(f"{_PLAN}.compute_generator:create_op_compute_wrapper", _INJECTED, ("op_def",)),
    Member(f"{_PLAN}.compute:gen_from_async_gen", _INJECTED, ("context", "async_gen")),
    Member("dagster:OpDefinition.compute_fn", _INJECTED),
    *members_of(
        f"{_CORE}.events:DagsterEvent",
        "Dagster's own log has a run's beginning and end, and what was skipped",
        job_start="job_context",
        job_success="job_context",
        job_failure="job_context_or_name context_msg failure_reason",
        step_skipped_event="step_context",
    ),
    Member(f"{_CORE}.log_manager:DagsterLogHandler", _CONSOLE, ("loggers",)),
    Member("dagster._loggers:default_loggers", _CONSOLE),
    *members_of(
        f"{_CORE}.storage.event_log.sqlite.sqlite_event_log:SqliteEventLogStorage",
        "holding the files of its log open",
        _connect="shard",
        _initdb="engine",
        conn_string_for_shard="shard_name",
    ),
    Member("dagster:DagsterInstance.event_log_storage", "holding the files of its log open"),
    *members_of(
        "dagster:DagsterInstance",
        "a run in Dagster's database, and what its log has of it",
        add_event_listener="run_id cb",
        create_run_for_job="job_def execution_plan run_config tags parent_run_id root_run_id",
        get_run_step_stats="run_id step_keys",
        report_run_canceled="dagster_run",
    ),
)
