"""What a task's process asks Airflow for while the task runs, and what its templates became."""

from typing import Any

from workbench.engines.airflow.internals.runs import restored
from workbench.engines.members import members_of

_WHY = "showing what a task has received; without it no task runs"
MEMBERS = (
    *members_of(
        "airflow.sdk.execution_time.task_runner",
        _WHY,
        SUPERVISOR_COMMS="",
        _serialize_rendered_fields="task",
    ),
    *members_of("airflow.sdk.execution_time.supervisor", _WHY, ensure_secrets_backend_loaded=""),
    *members_of("airflow.sdk._shared.secrets_masker", "showing no secret", redact="value name"),
)

# The kinds of messages by which a task asks for what another has left
_PULLED = ("GetXCom", "GetXComSequenceItem", "GetXComSequenceSlice")


def rendered(context: Any, task: Any) -> dict[str, Any]:
    """Templated fields as they are rendered, and the params; secrets are stars."""
    from airflow.sdk._shared.secrets_masker import redact
    from airflow.sdk.execution_time import task_runner

    params = {name: redact(value, name) for name, value in dict(context["params"]).items()}
    return {"templates": task_runner._serialize_rendered_fields(task), "params": params}


class Names:
    """A store of secrets that has none, and is asked before all others: ``asked`` has the names
    that a task has asked for. Their values may be secrets."""

    def __init__(self) -> None:
        from airflow.sdk.execution_time import supervisor

        self.asked: dict[str, list[str]] = {"connections": [], "variables": []}
        load = supervisor.ensure_secrets_backend_loaded
        supervisor.ensure_secrets_backend_loaded = lambda: [self, *load()]

    def get_connection(self, conn_id: str) -> None:
        self._note("connections", conn_id)

    def get_variable(self, key: str) -> None:
        self._note("variables", key)

    def _note(self, kind: str, name: str) -> None:
        if name not in self.asked[kind]:
            self.asked[kind].append(name)


class Overheard:
    """The supervisor as the task knows it; ``xcoms`` fills with those that the task has pulled."""

    def __init__(self, comms: Any) -> None:
        self._comms = comms
        self.xcoms: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._comms, name)

    def send(self, msg: Any) -> Any:
        reply = self._comms.send(msg)
        self._note(msg, reply)
        return reply

    async def asend(self, msg: Any) -> Any:
        reply = await self._comms.asend(msg)
        self._note(msg, reply)
        return reply

    def _note(self, msg: Any, reply: Any) -> None:
        from airflow.sdk._shared.secrets_masker import redact

        kind = type(msg).__name__
        if kind in _PULLED:
            number = getattr(msg, "map_index", getattr(msg, "offset", None))
            task = msg.task_id if number in (None, -1) else f"{msg.task_id}[{number}]"
            value = redact(restored(_one(kind, reply)), msg.key)
            self.xcoms[f"{task}/{msg.key}"] = value


def _one(kind: str, reply: Any) -> Any:
    """What the task gets of a reply: of all instances of one that one, as Airflow does."""
    value = getattr(reply, "value", getattr(reply, "root", None))
    return value[0] if kind == "GetXComSequenceSlice" and value and len(value) == 1 else value
