"""A whole run in one line, and the moment that is looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.events import FINISHED, Event
from workbench.execution import Run

NAMED = 3  # running tasks that the title names
BEGINNING = "before the first event"
GOES_ON = ": what you do next goes on from here"


def finished(states: Mapping[str, str]) -> int:
    """How many tasks have ended."""
    return sum(state in FINISHED for state in states.values())


def title(run: Run, states: Mapping[str, str], now: float) -> dict[str, Any]:
    """The name of the run, how far it is, and since when its tasks run; ``now`` as `Run.now`."""
    return {
        "name": run.record.name,
        "done": finished(states),
        "total": len(states),
        "note": _note(run, states, now) if run.cursor is None else "",
    }


def _note(run: Run, states: Mapping[str, str], now: float) -> str:
    """What goes on: which tasks run, wait for a person, or where the run has halted."""
    running = [task for task, state in states.items() if state == "running"]
    if running:
        return f"▶ {_since(run, running, now)}"
    if asking := run.questions:
        return f"? waits for an answer: {', '.join(asking)}"
    return f"‖ halted {run.halted}" if run.halted and not run.busy else ""


def _since(run: Run, running: Sequence[str], now: float) -> str:
    begun = ((task, run.record.attempts(task)[-1].start) for task in running[:NAMED])
    named = ", ".join(f"{task} for {now - start:.0f} s" for task, start in begun)
    unnamed = len(running) - NAMED
    return f"{named} and {unnamed} more" if unnamed > 0 else named


def moment(events: Sequence[Event], cursor: int | None) -> dict[str, Any]:
    """The event that is looked at, by its ``seq``; -1 is before the first, None the last."""
    last = len(events) - 1
    seq = last if cursor is None else cursor
    text = told(events[seq], last) if seq >= 0 else BEGINNING
    return {"seq": seq, "last": last, "text": text, "back": "" if cursor is None else GOES_ON}


def told(event: Event, last: int) -> str:
    """One event in words."""
    who = event.task or "the run"
    return f"event {event.seq} of {last} · {who}: {event.kind}, {event.at:.2f} s"
