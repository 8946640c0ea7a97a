"""What is used of the inside of moto's Step Functions; nothing outside this folder names it.

moto has no way to step, and none to run a function in the place of a Lambda function without
Docker. But its executor is a tree of objects, made anew for each machine by its own parser: on that
tree, and on nothing that anybody shares, a few methods are replaced by ones that call the same
method and tell a `Play` before and after (`watching`).
"""

from workbench.engines.members import members_of

_ASL = "moto.stepfunctions.parser.asl"
_STATE = f"{_ASL}.component.state"
_STEP = "stepping; without it a state runs before it is released"
MEMBERS = (
    *members_of(
        f"{_ASL}.parse.asl_parser:AmazonStateLanguageParser",
        "reading a machine into what the executor runs; without it none runs",
        parse="definition",
    ),
    *members_of(f"{_ASL}.component.eval_component:EvalComponent", _STEP, eval="env"),
    *members_of(f"{_ASL}.component.program.program:Program", _STEP, eval="env"),
    *members_of(
        f"{_STATE}.exec.execute_state:ExecutionState",
        "telling attempts apart; without it a retry is no attempt of its own",
        _from_error="env ex",
        _handle_retry="env failure_event",
        _evaluate_with_timeout="env",
    ),
    *members_of(
        f"{_STATE}.exec.state_task.state_task:StateTask",
        "knowing what a Task receives; without it its function is called with nothing",
        _eval_parameters="env",
    ),
    *members_of(
        f"{_STATE}.exec.state_task.state_task_activitiy:StateTaskActivity",
        "running activities, which moto gives no worker; without it they wait for ever",
        _eval_execution="env",
    ),
    *members_of(
        f"{_STATE}.exec.state_map.iteration.inline_iteration_component:InlineIterationComponent",
        "knowing the items of a Map; without it a step does not wait for them",
        _eval_body="env",
        _get_iteration_program="",
    ),
    *members_of(
        f"{_STATE}.wait.wait_function.wait_function:WaitFunction",
        "not sleeping; without it a Wait of a day takes a day",
        _wait_interval="env wait_seconds",
    ),
    *members_of(
        f"{_ASL}.eval.environment:Environment",
        "giving a function's value as a mocked response; without it Lambda is called",
        as_frame_of="env event_history_frame_cache",
        as_inner_frame_of="env variable_store event_history_frame_cache",
        is_mocked_mode="",
        get_current_mocked_response="",
        set_stop="stop_date cause error",
    ),
    *members_of(
        "moto.stepfunctions.parser.backend.execution_worker:SyncExecutionWorker",
        "running a machine as an execution; without it none runs",
        _get_evaluation_entrypoint="",
        _get_evaluation_environment="",
    ),
)
