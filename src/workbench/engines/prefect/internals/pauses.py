"""Flows that pause for a person: a pause is a call of its own at the gate, and its answer is the
value that it gives. Imports Prefect: load it only where a flow is run.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from prefect import flow_runs
from prefect.input import acreate_flow_run_input, create_flow_run_input
from prefect.input.run_input import keyset_from_paused_state
from prefect.states import Running, State
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from workbench.engines.prefect import internals
from workbench.engines.prefect.play import Call, playing
from workbench.engines.protocol import Outcome
from workbench.graph import PipelineError

_model: ContextVar[Any] = ContextVar("what the pause under way waits for", default=None)


class Pause:
    """What stands in a task's place in a call; ``model`` is the input that it waits for, None for a
    pause that only wants to be ended."""

    fn = timeout_seconds = None

    def __init__(self, key: str, model: Any) -> None:
        self.name, self._model = "pause" if key.isdigit() else key, model

    @property
    def question(self) -> dict[str, Any]:
        """What is asked, as it stands in a record."""
        fields = self._model.model_fields if self._model else {}
        given = {
            name: field.get_default(call_default_factory=True, validated_data={})
            for name, field in fields.items()
        }
        return {
            "subject": "the flow is paused" + (" until it is given its input" if fields else ""),
            "fields": {
                name: None if value is PydanticUndefined else value for name, value in given.items()
            },
        }

    def read(self, value: Any) -> Any:
        """The input as JSON; raise PipelineError for what does not fit."""
        if self._model is None:
            return None
        alone = not isinstance(value, Mapping) and list(self._model.model_fields) == ["value"]
        try:
            given = self._model(**({"value": value} if alone else value or {}))
        except (ValidationError, TypeError) as error:
            text = " ".join(str(error).split())
            raise PipelineError(
                f"{self.name!r} cannot be answered with {value!r}: {text}"
            ) from None
        return given.model_dump(mode="json")


def asks_for(plain: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Prefect's making of a model out of what a pause waits for, remembered for the pause."""

    def model_of(kind: Any) -> Any:
        _model.set(plain(kind))
        return _model.get()

    return model_of


def _begun(state: State) -> Call | None:
    """The call that a state proposed by a flow is; None for all but a pause in a play."""
    play, model = playing.get(), _model.get()
    if play is None or not state.is_paused():
        return None
    if internals.inside_a_task():
        raise RuntimeError("a task cannot pause its flow here; call pause_flow_run in the flow")
    _model.set(None)
    return play.appear(Pause(state.state_details.pause_key, model), {})


def paused(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Prefect's proposing of a state, where a pause waits at the gate for its answer."""

    def propose(client: Any, state: State, *given: Any, **options: Any) -> Any:
        if (call := _begun(state)) is None:
            return plain(client, state, *given, **options)
        play = playing.get()
        play.hold(call).result()
        value = call.answer()
        if value is not None:
            create_flow_run_input(keyset_from_paused_state(state)["response"], value)
        play.end(call, Outcome("succeeded", value)).result()
        play.move(call, "done")
        return Running()  # as Prefect has it for a pause that is over

    return propose


def apaused(plain: Callable[..., Any]) -> Callable[..., Any]:
    """The same for flows that are coroutines. Told that the pause is over, Prefect gives such a
    flow no input; told that it is paused, it looks again after its ``poll_interval``."""

    async def propose(client: Any, state: State, *given: Any, **options: Any) -> Any:
        if (call := _begun(state)) is None:
            return await plain(client, state, *given, **options)
        play = playing.get()
        await asyncio.wrap_future(play.hold(call))
        value = call.answer()
        if value is not None:
            await acreate_flow_run_input(keyset_from_paused_state(state)["response"], value)
        await asyncio.wrap_future(play.end(call, Outcome("succeeded", value)))
        play.move(call, "done")
        return Running() if value is None else state

    return propose


REPLACED = {  # member of prefect.flow_runs → what takes its place
    "run_input_subclass_from_type": asks_for(flow_runs.run_input_subclass_from_type),
    "propose_state_sync": paused(flow_runs.propose_state_sync),
    "propose_state": apaused(flow_runs.propose_state),
}
