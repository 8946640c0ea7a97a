"""What can be pressed and chosen; what each button means at this moment, and why it means nothing:
a function of the run."""

from collections.abc import Sequence

from workbench.events import FINISHED
from workbench.execution import Run

TIPS = {
    "Step": "Run one attempt of one task that is ready",
    "Run to here": "Run the selected task and what it needs, and nothing else",
    "Run all": "Run until nothing is ready",
    "Stop": "End what is running; attempts under way count as failed",
    "Back": "Look at the moment before the last attempt was begun; nothing is deleted",
    "Retry": "Clear the selected task and everything downstream, and lift failures injected "
    "into them",
    "Inject failure": "Make every coming attempt of the selected task fail in the chosen way",
    "Reset": "Begin a new run, with nothing done and no failures injected",
    "Resume": "Go on with the latest run of this graph that was left half-way",
}
WAY, SHOWN, INSTANCE = "Way to fail", "Shown", "Instance"  # what is chosen from several
SAVE = "Save as page"  # it steers nothing: the button that is no control
SAVES = "Write a file that plays this run in any browser, without a kernel"
TOOLBAR = [
    [SHOWN],
    ["Step", "Run to here", "Run all", "Stop"],
    ["Back", "Retry"],
    [WAY, "Inject failure"],
    ["Reset", "Resume"],
    [SAVE],
]
TABS = ["inputs", "received", "output", "log", "attempts", "why", "source", "steer", "fork"]
WHILE_RUNNING = ("Stop", "Inject failure")  # the only buttons that mean something then
OF_A_TASK = ("Run to here", "Retry", "Inject failure")
BUSY = "Tasks are running: wait for them, or press Stop"
UNSELECTED = "Select a task in the graph first"


def blocked(
    run: Run, task: str | None, ready: Sequence[str], busy: bool, earlier: bool
) -> dict[str, str]:
    """Button → why it can do nothing just now, or an empty text where it can.

    ``task`` is the selected one, ``earlier`` says whether there is a run that could be resumed.
    """
    state, begun = run.states.get(task), bool(len(run.record))
    reasons = _because_of_the_run(run, ready, busy, begun, earlier)
    reasons |= _because_of_the_task(run, task, state, reasons["Step"])
    if state is None:
        reasons |= dict.fromkeys(OF_A_TASK, UNSELECTED)
    if busy:
        reasons |= dict.fromkeys(set(TIPS) - set(WHILE_RUNNING), BUSY)
    return {name: reasons[name] for name in TIPS} | {SAVE: BUSY if busy else ""}


def _because_of_the_run(
    run: Run, ready: Sequence[str], busy: bool, begun: bool, earlier: bool
) -> dict[str, str]:
    nothing_to_run = _nothing_to_run(run, ready)
    return {
        "Step": nothing_to_run,
        "Run all": nothing_to_run,
        "Stop": "" if busy else "Nothing is running",
        "Back": "This is the beginning" if moment_before(run) is None else "",
        "Reset": "" if begun else "Nothing has happened yet",
        "Resume": _nothing_to_resume(begun, earlier),
    }


def _because_of_the_task(
    run: Run, task: str | None, state: str | None, nothing_to_run: str
) -> dict[str, str]:
    ended = state in FINISHED
    spent = ended and task not in run.injections
    waiting = state in ("pending", "queued")
    return {
        "Run to here": f"{task} has ended: Retry clears it" if ended else nothing_to_run,
        "Retry": f"{task} has not run yet" if waiting else "",
        "Inject failure": f"{task} has ended: Retry clears it first" if spent else "",
    }


def _nothing_to_run(run: Run, ready: Sequence[str]) -> str:
    if ready:
        return ""
    if set(run.states.values()) <= FINISHED:
        return "Every task has ended: Retry one, go Back, or Reset"
    return "No task is ready"


def _nothing_to_resume(begun: bool, earlier: bool) -> str:
    if begun:
        return "This run has begun: Reset it first"
    return "" if earlier else "No earlier run was left half-way"


def run_names(count: int) -> list[str]:
    """What the first run and those forked off since are called."""
    return ["run 1", *(f"run {number}, forked" for number in range(2, count + 1))]


def moment_before(run: Run) -> int | None:
    """The event to go back to: the one before the latest attempt at the cursor was begun."""
    end = None if run.cursor is None else run.cursor + 1
    events = run.record.events[:end]
    return next((event.seq - 1 for event in reversed(events) if event.kind == "queued"), None)


def startable(run: Run, states: dict[str, str]) -> list[str]:
    """Tasks that could start.

    An engine that finds its tasks by running is taken at its word that something is left; before
    it has found any, one without a name stands for them.
    """
    if not run.graph.dynamic:
        return run.ready()
    if not states:
        return ["…"]
    asking = run.questions if run.cursor is None else ()
    left = [task for task, state in states.items() if state in ("pending", "retrying")]
    return [task for task in left if task not in asking]
