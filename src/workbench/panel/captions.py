"""A whole run in one line, and the moment that is looked at, as HTML."""

from collections.abc import Mapping, Sequence
from html import escape

from workbench.events import FINISHED, Event
from workbench.execution import Run

NAMED = 3  # running tasks that the title names


def finished(states: Mapping[str, str]) -> int:
    """How many tasks have ended."""
    return sum(state in FINISHED for state in states.values())


def title(run: Run, states: Mapping[str, str], now: float) -> str:
    """The name of the run, how far it is, and since when its tasks run; ``now`` as `Run.now`."""
    done, total = finished(states), len(states)
    name = f"<strong>{escape(run.record.name)}</strong>"
    bar = f"<progress max='{total}' value='{done}' aria-label='tasks finished'></progress>"
    running = [task for task, state in states.items() if state == "running"]
    under_way = f" · ▶ {_since(run, running, now)}" if running and run.cursor is None else ""
    return f"<div class='wb-title'>{name} {bar} {done} of {total} finished{under_way}</div>"


def _since(run: Run, running: Sequence[str], now: float) -> str:
    begun = ((task, run.record.attempts(task)[-1].start) for task in running[:NAMED])
    named = ", ".join(f"{escape(task)} for {now - start:.0f} s" for task, start in begun)
    unnamed = len(running) - NAMED
    return f"{named} and {unnamed} more" if unnamed > 0 else named


def moment(events: Sequence[Event], count: int, looking_back: bool) -> str:
    """The event that is looked at: the last of the first ``count``."""
    text = "before the first event"
    if count:
        event = events[count - 1]
        text = f"{event.task or 'the run'}: {event.kind}, {event.at:.2f} s"
    warning = "<strong>looking back</strong>: what you do next goes on from here"
    parts = [f"{count} of {len(events)}", escape(text)]
    return " · ".join([*parts, warning] if looking_back else parts)
