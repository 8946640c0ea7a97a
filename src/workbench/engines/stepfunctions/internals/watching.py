"""The watch over moto's tree of a machine: a visit at each state, and ways that fork and join."""

import functools
import json
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name import custom_error_name
from moto.stepfunctions.parser.asl.component.common.error_name import failure_event as failures
from moto.stepfunctions.parser.asl.component.common.retry.retry_outcome import RetryOutcome
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError

from workbench.engines.stepfunctions.definition import Program, State
from workbench.engines.stepfunctions.play import Failure, Flow, Fork, Wanted


def watch(program: Any, machine: Program) -> None:
    for name, state in program.states.states.items():
        written = machine.states[name]
        if not written.programs:
            _watch_leaf(state, written)
            continue
        _watch_fork(state, written)
        if written.kind == "Map":
            _watch_map(state.iteration_component, written.programs[0])
            continue
        branches = len(written.programs)
        _watch_jobs(state.branches, functools.partial(lambda number, _: (number, number), branches))
        for inner, branch in zip(state.branches.programs, written.programs, strict=True):
            watch(inner, branch)
            _watch_job(inner, branch)


def _around(owner: Any, name: str) -> Callable:
    """Replace a method of one object by a function that is given the original first."""

    def replace(function: Callable) -> None:
        setattr(owner, name, functools.partial(function, getattr(owner, name)))

    return replace


def _watch_fork(state: Any, written: State) -> None:
    """A Parallel or Map state: once it has failed, nothing waits below it."""
    _watch_retries(state)

    @_around(state, "eval")
    def _(evaluate: Callable, env: Any) -> None:
        if env.is_running():
            env.below, env.before = env.flow.name(written.name), env.flow.previous
        evaluate(env)

    @_around(state, "_evaluate_with_timeout")
    def _(attempt: Callable, env: Any) -> None:
        env.flow.previous = env.before
        try:
            attempt(env)
        except Exception:
            env.play.let_go(env.below)
            raise


def _watch_jobs(component: Any, count: Callable[[Any], tuple[int, int]]) -> None:
    """What divides the way: ``count`` says into how many jobs, and how many of them at once."""

    @_around(component, "_eval_body")
    def _(divide: Callable, env: Any) -> None:
        fork = env.fork = Fork(*count(env))
        env.play.fork(fork)
        try:
            divide(env)
        finally:
            env.flow.previous = fork.ends or env.flow.previous


def _watch_job(program: Any, written: Program) -> None:
    """A branch, or the work on one item."""

    @_around(program, "eval")
    def _(run: Callable, env: Any) -> None:
        item = env.states.context_object.context_object_data.get("Map")
        number = f"[{item['Item']['Index']}]" if item else ""
        above = env.flow
        env.flow = Flow(written.looping, f"{env.below}{number}/", above.previous)
        try:
            if env.is_running():
                run(env)
        finally:
            failed = isinstance(env.program_state(), ProgramError)
            env.play.joined(env.fork, env.flow, failed)


def _watch_map(component: Any, written: Program) -> None:
    """A Map's inside: its states are shared by all items, its program is made for each run of the
    Map."""

    def count(env: Any) -> tuple[int, int]:
        asked = env.stack[-1]
        number = len(asked.input_items)
        return number, min(asked.max_concurrency or number, number)

    watch(component._get_iteration_program(), written)
    _watch_jobs(component, count)

    @_around(component, "_get_iteration_program")
    def _(program_of: Callable) -> Any:
        program = program_of()
        _watch_job(program, written)
        return program


def _watch_retries(state: Any) -> None:
    """No retry sleeps: its delay, which jitter is the last to change, is noted instead."""

    class Noted:
        def __init__(self, jitter: Any) -> None:
            self.jitter = jitter

        def eval(self, env: Any) -> None:
            self.jitter.eval(env=env)
            env.delay = env.stack.pop()
            env.stack.append(0)

    for retrier in state.retry.retriers if state.retry else ():
        retrier.jitter_strategy = Noted(retrier.jitter_strategy)


def _watch_leaf(state: Any, written: State) -> None:
    """A state that does something: each time that the machine comes to it is a visit."""

    @_around(state, "eval")
    def _(evaluate: Callable, env: Any) -> None:
        if not env.is_running():
            return
        visit = env.visit = env.play.come(env.flow, written, env.states.get_input())
        visit.words = state.state_entered_event_type.value
        if not env.play.begin(visit):
            return
        try:
            evaluate(env)
            if written.kind != "Task":
                _keep(env, written)
        except Exception as error:  # what is no event is one for moto later on
            event = getattr(error, "failure_event", None)
            runtime = Failure("States.Runtime", str(error), f"States.Runtime: {error}")
            visit.failure = visit.failure or (_failure(event, written) if event else runtime)
            env.play.end(visit, visit.ended)
            raise
        if visit.failure is None and state.state_exited_event_type:
            visit.words = state.state_exited_event_type.value
        env.play.end(visit, visit.ended)

    if written.kind == "Task":
        _watch_task(state, written)
    if written.kind == "Wait":
        _watch_wait(state.wait_function)


def _keep(env: Any, written: State) -> None:
    """What the state has made is its output, unless the attempt has it otherwise."""
    chosen = written.kind == "Choice"
    value = env.next_state_name if chosen else env.states.get_input()
    answer = env.play.ask(env.visit, Wanted("value", value))
    if failure := answer.failure:
        details = {"error": failure.error, "cause": failure.cause}
        raise _raised(env, failure.error, {"executionFailedEventDetails": details})
    if answer.value != value and chosen:
        env.next_state_name = answer.value
    elif answer.value != value:
        env.states.reset(input_value=answer.value)
    env.visit.value = answer.value


def _raised(env: Any, error: str, details: dict) -> failures.FailureEventException:
    kind = HistoryEventType.ExecutionFailed
    return failures.FailureEventException(
        failures.FailureEvent(env, custom_error_name.CustomErrorName(error), kind, details)
    )


def _watch_wait(wait: Any) -> None:
    @_around(wait, "_wait_interval")
    def _(_wait: Callable, env: Any, wait_seconds: float) -> None:
        env.play.ask(env.visit, Wanted("wait", wait_seconds))


def _watch_task(state: Any, written: State) -> None:
    _watch_retries(state)

    @_around(state, "_eval_parameters")
    def _(parameters_of: Callable, env: Any) -> Any:
        parameters = parameters_of(env=env)
        called = written.called in ("function", "lambda")
        env.visit.payload = parameters.get("Payload") if called else parameters
        if called and env.visit.payload is None:
            env.visit.payload = {}
        return parameters

    @_around(state, "_from_error")
    def _(from_error: Callable, env: Any, ex: Exception) -> Any:
        env.play.withdraw(env.visit)
        event = from_error(env=env, ex=ex)
        env.visit.failure, env.visit.words = _failure(event, written), event.event_type.value
        return event

    @_around(state, "_handle_retry")
    def _(handle: Callable, env: Any, failure_event: Any) -> RetryOutcome:
        visit = env.visit
        if visit.answer:  # all its attempts were made in an earlier performance
            return RetryOutcome.CannotRetry
        outcome = handle(env=env, failure_event=failure_event)
        if outcome == RetryOutcome.CanRetry:
            env.play.end(visit, visit.retrying(env.delay))
            env.play.begin(visit)
        return outcome

    if written.called == "activity":
        _watch_activity(state)


def _watch_activity(state: Any) -> None:
    """No worker polls for activities here: the attempt is one."""

    @_around(state, "_eval_execution")
    def _(_execute: Callable, env: Any) -> None:
        state._eval_parameters(env=env)
        answer = env.play.ask(env.visit, Wanted("task", env.visit.payload))
        if failure := answer.failure:
            outcome = callback.CallbackOutcomeFailure("", failure.error, failure.cause)
            raise callback.CallbackOutcomeFailureError(callback_outcome_failure=outcome)
        env.stack.append(answer.value)


def _failure(event: Any, written: State) -> Failure:
    """An error as moto has it."""
    details = next(iter((event.event_details or {}).values()), {})
    error, cause = details.get("error") or "", details.get("cause") or ""
    try:
        text = json.loads(cause)["errorMessage"]
    except (ValueError, TypeError, KeyError):
        text = cause
    if error == "States.Timeout" and not text:
        text = f"{written.name!r} ran longer than its timeout"
    return Failure(error, cause, " ".join(f"{error}: {text}".split()) if text else error)
