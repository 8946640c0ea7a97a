"""What a task's process says, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NOISE = (  # how lines begin that Airflow writes into every log and that say nothing of the task
    "::group::",
    "::endgroup::",
    "DAG bundles loaded",
    "Pushing xcom",
    "Done. Returned",
    "Tmp dir root",
)


@dataclass(frozen=True)
class Line:
    """One event of a task's log: ``text`` for the log, ``error`` if it tells how the try ended."""

    text: str
    error: str | None = None


def line_of(level: str, event: Mapping[str, Any], own: str = "") -> Line:
    """Read one structured log event of a task's process; ``own`` is the DAG's file.

    The events are Airflow's own and undocumented. Reworded, they would show as noise in logs, and
    a failed task would be without its cause.
    """
    text = str(event.get("event", ""))
    if str(event.get("logger")) in ("task.stdout", "task.stderr"):
        shown = f"{text}\n"
    elif text.startswith(NOISE):
        shown = ""
    else:
        details = [key for key in ("reason", "exit_code", "signal_name") if key in event]
        told = "".join(f" {key}={event[key]}" for key in details)
        shown = f"{level.upper()}: {text}{told}\n"
    error = None
    for cause in event.get("error_detail") or ():
        error = f"{cause['exc_type']}: {' '.join(cause['exc_value'].split())}"
        shown += f"Traceback (most recent call last):\n{_own_frames(cause, own)}{error}\n"
    if "signal_name" in event:
        error = f"killed by {event['signal_name']}"
    elif text.startswith("Dag Run already exists"):
        error = f"Dag Run already exists: {event.get('dag_id')}"
    elif text == "Task exited":
        error = f"SystemExit: {event.get('exit_code')}"
    elif text == "Failed to run task callback":
        error = None  # what the task itself has raised stays its error
    return Line(shown, error)


def _own_frames(cause: Mapping[str, Any], own: str) -> str:
    airflows = [f for f in cause["frames"] if "/site-packages/airflow/" in f["filename"]]
    frames = [f for f in cause["frames"] if f["filename"] == own or f not in airflows]
    return "".join(
        f'  File "{frame["filename"]}", line {frame["lineno"]}, in {frame["name"]}\n'
        for frame in frames
    )
