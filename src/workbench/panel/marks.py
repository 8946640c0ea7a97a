"""What a node's colour does not say, by task: made to fail, halts, stands in, asks, is stale."""

from collections import defaultdict
from collections.abc import Mapping

from workbench.events import FINISHED
from workbench.execution import Run
from workbench.graph import STAND_IN

FAILS, HALTS, ASKS, STALE = "⚡", "‖", "?", "✎"  # signs that a node bears


def marks(run: Run, states: Mapping[str, str]) -> dict[str, list[str]]:
    """Task → its marks: a sign with what it means here, or a word that the node bears already."""
    by_task: dict[str, list[str]] = defaultdict(list)
    for task, how in run.injections.items():
        by_task[task].append(f"{FAILS} {how}")
    for task, point in run.breakpoints.items():
        by_task[task].append(f"{HALTS} {moment(task, point)}")
    for task in run.questions if run.cursor is None else ():
        by_task[task].append(ASKS)
    for task, notes in run.graph.notes.items():
        if STAND_IN in notes:
            by_task[task].append(STAND_IN)
    for task in _stale(run, states):
        by_task[task].append(STALE)
    return by_task


def moment(task: str, point: str) -> str:
    """A breakpoint without its task: a moment, or a condition."""
    for words in (f" of {task}", f"after {task}: ", f" {task}"):
        if words in point:
            return point.replace(words, "", 1)
    return point


def _stale(run: Run, states: Mapping[str, str]) -> list[str]:
    """Tasks whose code has changed, and those below, that have not run again since."""
    changed = [task for task, notes in run.graph.notes.items() if "changed" in notes]
    waiting = {task for task in states if states[task] not in FINISHED}
    stale = {task: None for task in changed if task in waiting}
    for task in tuple(stale):
        stale |= dict.fromkeys(run.engine.below(task, run.record))
    return [task for task in stale if task in waiting and run.record.attempts(task)]
