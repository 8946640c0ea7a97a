"""Why a task ran more than once, and why it ran so late."""

from workbench.events import INTERRUPTED, STATE_OF, Event
from workbench.steering.standing import Standing, told
from workbench.wording import listed

LATE = 1.0  # seconds after which a beginning has to be explained
TOLD = 4  # attempts of which each is told


def repeated(here: Standing) -> str:
    """Why there was a second attempt, and a third; empty where there was none."""
    numbers = [event for event in here.record.of(here.task) if event.kind == "started"]
    again = list({event.attempt: event for event in numbers}.values())[1:]
    if not again:
        return ""
    causes = [f"attempt {event.attempt} because {_cause(here, event)}" for event in again]
    return f"It ran {len(again) + 1} times: {listed(causes, TOLD)}"


def _cause(here: Standing, started: Event) -> str:
    """What made an attempt after the first."""
    earlier = [
        event
        for event in here.record.of(here.task)
        if event.kind in STATE_OF and event.kind not in ("queued", "started")
        if event.seq < started.seq
    ]
    before = earlier[-1]
    if before.kind == "retrying":
        if before.error is None:
            return f"it had found nothing (event {before.seq})"
        return f"attempt {before.attempt} failed (event {before.seq}: {before.error})"
    if before.kind == "cleared" and len(earlier) > 1 and earlier[-2].error == INTERRUPTED:
        return f"the workbench ended during attempt {earlier[-2].attempt} (event {earlier[-2].seq})"
    if before.kind == "cleared":
        return Standing(here.record, here.task, started.seq).clearing(before)
    return f"the engine began it anew after {told(before)}"


def late(here: Standing) -> str:
    """Why its latest attempt began a second or more after it could; empty where it did not."""
    if here.begun is None:
        return ""
    record, begun = here.record, here.begun
    cause = _could_begin(here)
    ready = cause.at if cause else 0.0
    if begun.at - ready < LATE:
        return ""
    since = f"after {told(cause)}" if cause and cause.task else "after the run began"
    queued = record.last(here.task, "queued", begun.seq)
    text = f"It began {begun.at - ready:.1f} s {since}"
    delay = ((cause.detail or {}).get("delay") or 0) if cause and cause.kind == "retrying" else 0
    if delay >= LATE:
        return f"{text}, of which {delay:g} s are the delay that was asked for"
    if queued and begun.at - queued.at >= (begun.at - ready) / 2:
        return f"{text}: the engine took {begun.at - queued.at:.1f} s to start it"
    meanwhile = _ran_between(here, ready, begun.at)
    if meanwhile:
        return f"{text}: until then {listed(meanwhile)} ran"
    return f"{text}: nothing ran in between, and nobody let it begin"


def _could_begin(here: Standing) -> Event | None:
    """The event after which nothing held its latest attempt back any more."""
    events = [here.event_of(up, here.begun.seq) for up in here.upstream]
    own = [
        event
        for event in here.record.of(here.task)
        if event.kind in ("retrying", "cleared") and event.seq < here.begun.seq
    ]
    return max(filter(None, [*events, *own[-1:]]), key=lambda event: event.at, default=None)


def _ran_between(here: Standing, start: float, end: float) -> list[str]:
    return [
        task
        for task in here.record.current
        if task != here.task
        if any(one < end and other > start for one, other in here.record.intervals(task))
    ]
