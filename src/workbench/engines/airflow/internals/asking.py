"""Tasks that ask a person, in Airflow's metadata database."""

from typing import Any

from workbench.engines.members import members_of

_PEOPLE = "answering a task that asks a person; without it such a task waits for ever"
MEMBERS = (
    *members_of("airflow.models.hitl:HITLDetail", _PEOPLE, as_resume_event_payload=""),
    *members_of(
        "airflow.models.trigger", _PEOPLE, handle_event_submit="event task_instance session"
    ),
)


def question(session: Any, instance: Any) -> Any:
    """The row in which a task that asks a person keeps its question, and later the answer."""
    from airflow.models.hitl import HITLDetail

    return session.get(HITLDetail, instance.id)


def answer(session: Any, instance: Any, chosen: list[str], fields: dict[str, Any]) -> None:
    """Let a task that waits for a person go on, as Airflow's page does."""
    from airflow.models.trigger import handle_event_submit
    from airflow.sdk import timezone
    from airflow.triggers.base import TriggerEvent

    row = question(session, instance)
    row.chosen_options, row.params_input, row.responded_at = chosen, fields, timezone.utcnow()
    row.responded_by = {"id": "workbench", "name": "workbench"}
    event = TriggerEvent(row.as_resume_event_payload())
    handle_event_submit(event, task_instance=instance, session=session)
