"""Airflow's words for how tasks and runs end, and the events that stand for them."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.engines.protocol import Change

DECIDED = {  # Airflow's state → the event by which a task gets there without an attempt
    "skipped": "skipped",
    "removed": "skipped",
    "upstream_failed": "upstream_failed",
    "failed": "failed",
}
ENDED = {  # the same by an attempt's end; all else is failed
    "success": "succeeded",
    "skipped": "skipped",
    "up_for_retry": "retrying",
    "up_for_reschedule": "retrying",
    "awaiting_input": "retrying",
}
RUN_ENDED = {"success": "succeeded", "failed": "failed"}
UNDER_WAY = ("None", "scheduled", "queued", "running", "deferred")


def decided(states: Mapping[str, str], instances: Mapping[str, Any]) -> Iterator[Change]:
    """Tasks that have come to an end without an attempt."""
    for name, instance in instances.items():
        state = str(instance.state)
        if state in DECIDED and states.get(name, "pending") == "pending":
            detail = "mapped over fewer values now" if state == "removed" else None
            yield Change(DECIDED[state], name, detail, epoch(instance.end_date))


def epoch(moment: Any) -> float | None:
    return moment and moment.timestamp()
