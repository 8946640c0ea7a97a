"""Why a task stands where it stands, in one or two sentences, from the events of its run alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.events import DONE, FINISHED, INTERRUPTED, NO_ITEM, STOPPED, Event
from workbench.graph import STAND_IN, PipelineError, template_of
from workbench.record import Record
from workbench.steering.repeats import late, repeated
from workbench.steering.rules import blame
from workbench.steering.standing import Standing, told
from workbench.wording import listed


@dataclass(frozen=True)
class Reason:
    """One sentence without its full stop; ``kind`` says what sort of reason it is, ``causes`` are
    the events that it goes back to."""

    kind: str
    text: str
    causes: tuple[Event, ...] = ()


def why(record: Record, task: str) -> str:
    """Why ``task`` did not run, was skipped, failed, ran twice, took its branch, is stale or ran
    so late, with the numbers of the events that say so.

    Raise PipelineError for a name that no task of the run has, and for what is no Record or Run.
    """
    record = getattr(record, "record", record)
    if not isinstance(record, Record):
        raise PipelineError(f"why reads a Record or a Run, and this is a {type(record).__name__}")
    first, *more = (reason.text for reason in reasons(record, task))
    return " ".join(f"{text}." for text in (first, *more))


def reasons(record: Record, task: str) -> tuple[Reason, ...]:
    """What `why` tells, sentence by sentence: the state first, then how it came to several
    attempts, to a branch, or late."""
    if task not in record.current:
        return (_expanded(record, record.graph.known(task)),)
    here = Standing(record, task)
    make = {
        "pending": _pending,
        "queued": _under_way,
        "running": _under_way,
        "retrying": _retrying,
        "success": _succeeded,
        "cached": _cached,
        "failed": _failed,
        "skipped": _left_out,
        "upstream_failed": _left_out,
    }[here.state]
    return (make(here), *_more(here))


def _more(here: Standing) -> Iterator[Reason]:
    if text := repeated(here):
        yield Reason("repeated", text)
    if here.state in DONE and (choice := here.choice(here.task)):
        taken = listed(choice.taken) or "nothing"
        left = f", not {listed(choice.left)}" if choice.left else ""
        yield Reason("branch", f"It chose {taken}{left} (event {choice.event.seq})")
    if text := late(here):
        yield Reason("late", text)


def _expanded(record: Record, task: str) -> Reason:
    instances = [name for name in record.current if template_of(name) == task]
    states = [record.state_of(name) for name in instances]
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    return Reason("expanded", f"{task} runs once for each item: {len(states)} instances ({counts})")


def _pending(here: Standing) -> Reason:
    cleared = here.last if here.last and here.last.kind == "cleared" else None
    stale = f"{here.task} is stale: {here.clearing(cleared)}, and it" if cleared else here.task
    waits = [up for up in here.upstream if here.record.state_of(up) not in FINISHED]
    ended = here.record.last(None, "failed") or here.record.last(None, "succeeded")
    stopped = here.record.last(None, "stopped")
    if waits:
        events = tuple(filter(None, (here.event_of(up) for up in waits)))
        tellings = listed([here.telling(up) for up in waits])
        return Reason("waits", f"{stale} has not run, for it waits: {tellings}", events)
    if stopped and not (ended and ended.seq > stopped.seq):
        return Reason(
            "stopped",
            f"{stale} has not run, for the run was stopped (event {stopped.seq})",
            (stopped,),
        )
    if ended and isinstance(ended.detail, str) and here.record.state != "running":
        return Reason("ended", f"{stale} has not run: {ended.detail} (event {ended.seq})", (ended,))
    if here.record.graph.dynamic and not cleared:
        return Reason("uncalled", f"{here.task} has not run: nothing has called it so far")
    return Reason(
        "ready",
        f"{stale} has not run, though nothing upstream holds it back: nobody has let it begin",
    )


def _under_way(here: Standing) -> Reason:
    return Reason(here.state, f"{told(here.last)}{_after(here)}", (here.last,))


def _retrying(here: Standing) -> Reason:
    detail = here.last.detail or {}  # of a record that says no more
    delay = f"after {detail['delay']:g} s" if detail.get("delay") is not None else "later"
    if asks := detail.get("asks"):
        of = f" ({listed(asks['options'])})" if asks.get("options") else ""
        text = f"{here.task} waits for a person's answer (event {here.last.seq})"
        return Reason("asks", f"{text}: {asks['subject']}{of}", (here.last,))
    error = detail.get("error", "for a reason that is not recorded")
    if error is None:
        text = f"{here.task} found nothing (event {here.last.seq}) and looks again {delay}"
        return Reason("looking", text, (here.last,))
    text = f"{here.task} failed in attempt {here.last.attempt} (event {here.last.seq})"
    return Reason(
        "retrying",
        f"{text}: {error}; another attempt follows {delay}{_on_purpose(here)}",
        (here.last,),
    )


def _succeeded(here: Standing) -> Reason:
    if here.last.attempt is None:
        text = f"{here.task} did not run: its output was given to it (event {here.last.seq})"
        return Reason("given", text, (here.last,))
    stood_in = ", its code replaced by a stand-in" if STAND_IN in here.notes else ""
    text = f"{told(here.last)}{stood_in}{_after(here)}{_on_purpose(here)}"
    return Reason("ran", text, (here.last,))


def _cached(here: Standing) -> Reason:
    text = f"{told(here.last)}: it ran before with the same inputs"
    return Reason("cached", text, (here.last,))


def _after(here: Standing) -> str:
    """What it ran after, and what it ran in spite of."""
    seq = here.begun.seq if here.begun else None
    above = {up: here.event_of(up, seq) for up in here.upstream}
    ended = [event for event in above.values() if here.state_by(event) in FINISHED]
    amiss = [told(event) for event in ended if here.state_by(event) not in DONE]
    amiss += [f"{up} had not ended" for up in above if above[up] not in ended]
    if not above:
        clause = ", and waits for nothing upstream"
    elif ended:
        clause = f", begun after {told(max(ended, key=lambda event: event.seq))}"
    else:
        clause = ", begun at once"
    if amiss and here.rule:
        clause += f", although {listed(amiss)}: its trigger rule: {here.rule}"
    if condition := here.notes.get("condition"):
        clause += f", for {condition} is true"
    return clause


def _failed(here: Standing) -> Reason:
    event = here.last
    error = event.error or "no reason given"
    if event.attempt is None:
        return Reason("undone", f"{told(event)} without an attempt: {error}", (event,))
    if error == INTERRUPTED:
        return Reason("interrupted", f"{told(event)}: the workbench ended during it", (event,))
    if error == STOPPED:
        return Reason("stopped", f"{told(event)}: it was stopped while it ran", (event,))
    return Reason("failed", f"{told(event)}: {error}{_on_purpose(here)}", (event,))


def _on_purpose(here: Standing) -> str:
    injected = here.injection
    if injected is None:
        return ""
    return f", on purpose: {injected.detail['how']!r} was injected (event {injected.seq})"


# Without an attempt of its own


def _left_out(here: Standing) -> Reason:
    event = here.last
    if event.attempt is not None:
        reason = f": {event.detail}" if event.detail else ""
        return Reason(
            "itself", f"{told(event)} by its own code in attempt {event.attempt}{reason}", (event,)
        )
    return (
        _by_branch(here)
        or _by_gate(here, event.seq)
        or _by_rule(here)
        or _by_gate(here, len(here.record))  # its end may be written down later than what it did
        or _by_word(here)
    )


def _by_branch(here: Standing) -> Reason | None:
    for up in here.upstream if here.state == "skipped" else ():
        choice = here.choice(up)
        if choice and here.task in choice.left and here.record.state_of(up) in DONE:
            taken = listed(choice.taken) or "nothing"
            text = f"{told(here.last)}: {up} chose {taken} (event {choice.event.seq})"
            return Reason("branch", text, (choice.event,))
    return None


def _by_rule(here: Standing) -> Reason | None:
    guilty = _guilty(here)
    if not guilty or (here.last.detail and here.state == "skipped"):
        return None
    roots = _roots(here, guilty)
    rule = f" (trigger rule: {here.rule})" if here.rule else ""
    text = f"{told(here.last)}: {listed(map(told, guilty))}{rule}"
    if {event.seq for event in roots} != {event.seq for event in guilty}:
        text += f", which goes back to this: {listed(map(told, roots))}"
    return Reason("rule", text, tuple(roots))


def _guilty(here: Standing) -> list[Event]:
    """The latest events of tasks upstream that have put it where it is: what had ended by then or,
    where the clocks of those who wrote do not agree on that, what agrees with the state."""
    return _guilty_by(here, here.last.seq) or _guilty_by(here, len(here.record))


def _guilty_by(here: Standing, seq: int) -> list[Event]:
    states = blame(here.rule, here.state)
    for tasks in (here.upstream, here.ancestors):  # a setup is no direct upstream
        events = [event for up in tasks if (event := here.event_of(up, seq))]
        guilty = [event for event in events if here.state_by(event) in states]
        # a loop over nothing holds nobody back
        guilty = [event for event in guilty if event.detail != NO_ITEM] or guilty
        if guilty or here.rule:
            return guilty
    return []


def _roots(here: Standing, events: list[Event]) -> list[Event]:
    """What the events go back to: tasks that failed, or were skipped, of themselves."""
    roots, seen, left = {}, set(), list(events)
    while left:
        event = left.pop()
        if event.seq in seen:
            continue
        seen.add(event.seq)
        own = event.attempt is not None or (event.kind == "skipped" and event.detail)
        deeper = [] if own else _guilty(Standing(here.record, event.task, event.seq))
        left += deeper
        if not deeper:
            roots[event.seq] = event
    return [roots[seq] for seq in sorted(roots)]


def _by_gate(here: Standing, seq: int) -> Reason | None:
    """A task that has skipped whatever is behind it, whatever the rules of that."""
    notes, graph = here.record.graph.notes, here.record.graph
    for gate in reversed(here.ancestors) if here.state == "skipped" else ():
        passed = here.event_of(gate, seq)
        if "gate" not in notes.get(gate, {}) or here.state_by(passed) not in DONE:
            continue
        behind = [here.event_of(down, seq) for down in graph.downstream(gate)]
        if all(here.state_by(event) in ("pending", "skipped") for event in behind):
            text = f"{told(here.last)}: {gate} let nothing through (event {passed.seq})"
            return Reason("gate", text, (passed,))
    return None


def _by_word(here: Standing) -> Reason:
    word = here.last.detail
    if not word and "mapped" in here.notes and template_of(here.task) == here.task:
        word = "it runs once for each value, and there was none"
    rule = f"; its trigger rule: {here.rule}" if here.rule else ""
    word = word or f"by the engine, which says no more{rule}"
    return Reason("condition", f"{told(here.last)}: {word}", (here.last,))
