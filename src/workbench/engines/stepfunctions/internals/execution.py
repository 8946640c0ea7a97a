"""A machine executed by moto: what is parsed, in an environment that asks a `Play` for Tasks."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import StateMachineType
from moto.stepfunctions.parser.asl.eval import evaluation_details as about
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend.execution_worker import SyncExecutionWorker
from moto.stepfunctions.parser.mocking.mock_config import MockedResponseReturn, MockedResponseThrow

from workbench.engines.stepfunctions.definition import Program
from workbench.engines.stepfunctions.internals.watching import watch
from workbench.engines.stepfunctions.play import Flow, Fork, Play, Visit, Wanted

_ACCOUNT, _REGION = "123456789012", "us-east-1"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/workbench"


class _Env(Environment):
    """moto's environment; each of its frames inherits where it belongs."""

    play: Play
    flow: Flow  # the way that the states of this frame are on
    fork: Fork | None = None  # that the frame is a job of
    below: str = ""  # the name of the Parallel or Map state that it is in
    visit: Visit | None = None

    @classmethod
    def as_frame_of(cls, env: Any, event_history_frame_cache: Any = None) -> Any:
        return cls.as_inner_frame_of(env, env.variable_store, event_history_frame_cache)

    @classmethod
    def as_inner_frame_of(
        cls, env: Any, variable_store: Any, event_history_frame_cache: Any = None
    ) -> Any:
        frame = super().as_inner_frame_of(env, variable_store, event_history_frame_cache)
        frame.play, frame.flow, frame.fork = env.play, env.flow, env.fork
        frame.below, frame.visit = env.below, env.visit
        return frame

    def is_mocked_mode(self) -> bool:
        """Whether a Task is answered without AWS: always."""
        return True

    def get_current_mocked_response(self) -> Any:
        answer = self.play.ask(self.visit, Wanted("task", self.visit.payload))
        called = self.visit.state.called
        if failure := answer.failure:
            if called == "function":  # a Lambda function tells its error in what it returns
                body = {"FunctionError": "Unhandled", "Payload": json.loads(failure.cause)}
                return MockedResponseReturn(0, 0, body)
            return MockedResponseThrow(0, 0, failure.error, failure.cause)
        if called in ("function", "lambda"):
            body = {"ExecutedVersion": "$LATEST", "Payload": answer.value, "StatusCode": 200}
            return MockedResponseReturn(0, 0, body)
        return MockedResponseReturn(0, 0, answer.value)


class _Worker(SyncExecutionWorker):
    """moto's execution of a machine that has been parsed, and is watched, already."""

    def __init__(
        self, program: Any, play: Play, flow: Flow, details: about.EvaluationDetails
    ) -> None:
        super().__init__(details, self, None, {})
        self._program, self._play, self._flow = program, play, flow

    def terminated(self) -> None:
        """What moto tells whoever communicates with the execution."""

    def _get_evaluation_entrypoint(self) -> Any:
        return self._program

    def _get_evaluation_environment(self) -> Any:
        env = super()._get_evaluation_environment()
        env.__class__, env.play, env.flow = _Env, self._play, self._flow
        return env


def parsed(machine: Program, text: str) -> Any:
    """moto's tree of a machine, watched. Raises whatever moto's parser raises."""
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)  # an error of a Task, too
    program, _ = AmazonStateLanguageParser.parse(text)
    program.timeout_seconds = None  # a learner's time at a step is no time of the machine's
    watch(program, machine)
    return program


def perform(program: Any, machine: Program, title: str, given: dict, play: Play) -> None:
    """Execute a parsed machine, to its end or until the play is aborted."""
    arn = f"arn:aws:states:{_REGION}:{_ACCOUNT}"
    began = datetime.now(UTC).isoformat()
    details = about.EvaluationDetails(
        about.AWSExecutionDetails(_ACCOUNT, _REGION, _ROLE),
        about.ExecutionDetails(f"{arn}:execution:{title}:run", "run", _ROLE, given, began),
        about.StateMachineDetails(
            f"{arn}:stateMachine:{title}", title, StateMachineType.STANDARD, "{}"
        ),
    )
    worker = _Worker(program, play, Flow(machine.looping), details)
    play.halt = lambda: worker.env and worker.env.set_stop(datetime.now(UTC), None, None)
    try:
        worker.start()
    finally:
        play.close(_ended(worker.env))


def _ended(env: Any) -> dict[str, Any]:
    """How an execution ended, and its history, as moto tells them."""
    state = env.program_state()
    history = env.event_manager.get_event_history()
    if isinstance(state, ProgramEnded):
        return {"state": "SUCCEEDED", "output": env.states.get_input(), "history": history}
    if isinstance(state, ProgramError):
        return {"state": "FAILED", "history": history, **(state.error or {})}
    return {"state": "ABORTED", "history": history}
