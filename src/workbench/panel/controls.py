"""What each button means at this moment, and why it means nothing: a function of the run, without a screen."""

from collections.abc import Sequence

from workbench.events import FINISHED
from workbench.execution import Run

TIPS = {
    "Step": "Run one attempt of one task that is ready",
    "Run to here": "Run the selected task and what it needs, and nothing else",
    "Run all": "Run until nothing is ready",
    "Stop": "End what is running; attempts under way count as failed",
    "Back": "Look at the moment before the last attempt was begun; nothing is deleted",
    "Retry": "Clear the selected task and everything downstream, and lift failures injected into them",
    "Inject failure": "Make every coming attempt of the selected task fail in the chosen way",
    "Reset": "Begin a new run, with nothing done and no failures injected",
    "Resume": "Go on with the latest run of this graph that was left half-way",
}


def blocked(
    run: Run, task: str | None, ready: Sequence[str], busy: bool, earlier: bool
) -> dict[str, str]:
    """Button → why it can do nothing just now, or an empty text where it can."""
    state, begun = run.states.get(task), bool(len(run.record))
    idle = "Tasks are running: wait for them, or press Stop" if busy else ""
    chosen = "" if state else "Select a task in the graph first"
    over = set(run.states.values()) <= FINISHED
    spent = state in FINISHED and task not in run.injections
    nothing = (
        ""
        if ready
        else "Every task has ended: Retry one, go Back, or Reset"
        if over
        else "No task is ready"
    )
    return {
        "Step": idle or nothing,
        "Run to here": idle
        or chosen
        or (f"{task} has ended: Retry clears it" if state in FINISHED else nothing),
        "Run all": idle or nothing,
        "Stop": "" if busy else "Nothing is running",
        "Back": idle or ("" if moment_before(run) is not None else "This is the beginning"),
        "Retry": idle
        or chosen
        or (f"{task} has not run yet" if state in ("pending", "queued") else ""),
        "Inject failure": chosen or (f"{task} has ended: Retry clears it first" if spent else ""),
        "Reset": idle or ("" if begun else "Nothing has happened yet"),
        "Resume": idle
        or (
            "This run has begun: Reset it first"
            if begun
            else ""
            if earlier
            else "No earlier run was left half-way"
        ),
    }


def moment_before(run: Run) -> int | None:
    """The event to go back to: the one before the latest attempt at the cursor was begun."""
    events = run.record.events[: None if run.cursor is None else run.cursor + 1]
    return next((event.seq - 1 for event in reversed(events) if event.kind == "queued"), None)
