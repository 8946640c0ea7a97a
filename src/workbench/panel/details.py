"""One task of a run: what went in, what came out, its log, attempts and source.

Each page of these is a dictionary of what stands in it, by kind: a ``note``, an ``error``,
``values`` by name (as HTML), ``logs``, ``attempts``, ``code``.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from workbench.execution import Run
from workbench.panel.values import shown
from workbench.record import Attempt, Record
from workbench.steering.reasons import reasons

LINES = 300  # of a log
NAMES = 20  # keys of a dictionary that is shown by its keys
EDITABLE = 2_000  # characters of JSON that a learner can be asked to edit

Content = dict[str, Any]


def page(name: str, run: Run, task: str) -> Content:
    """One of the pages below by its name; where a value of the learner's cannot be read or shown,
    what went wrong."""
    try:
        return PAGES[name](run, task)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def headline(run: Run, task: str) -> Content:
    """The task, its state in the workbench's and the engine's words, and what it failed with."""
    state = run.states.get(task, "pending")
    words, notes = run.words(task), []
    if words and words != state:
        notes.append(f"the engine says {words}")
    if how := run.injections.get(task):
        notes.append(f"⚡ injected: {how}")
    notes += [f"{key} {value}" for key, value in run.graph.notes.get(task, {}).items()]
    error = run.record.error(task, run.cursor)
    return {"task": task, "state": state, "notes": notes, "error": error}


def inputs(run: Run, task: str) -> Content:
    """What the task receives, by name."""
    nothing = "This task receives nothing, as far as its upstream tasks have finished."
    received = run.inputs(task)
    return {"values": named(received)} if received else {"note": nothing}


def received(run: Run, task: str) -> Content:
    """What its latest attempt has really received, part by part."""
    return parts(run.received(task)) or {"note": "No attempt yet."}


def parts(received: Mapping[str, Any]) -> Content:
    """Arguments, templates, environment and the like, each with what stands in it; empty where
    there is nothing."""
    rows = [
        [part, {"values": named(held)} if isinstance(held, Mapping) else shown(held)]
        for part, held in received.items()
        if held
    ]
    return {"values": rows} if rows else {}


def output(run: Run, task: str) -> Content:
    """What the task returned; a dictionary by its keys."""
    try:
        return value(run.outputs[task])
    except KeyError as error:
        return {"note": str(error.args[0])}


def value(given: Any) -> Content:
    """One value; a small dictionary by its keys."""
    if isinstance(given, dict) and 0 < len(given) <= NAMES:
        return {"values": named(given)}
    return {"value": shown(given)}


def named(values: Mapping[str, Any]) -> list[list[str]]:
    """Name and value as HTML, a pair for each."""
    return [[str(key), shown(given)] for key, given in values.items()]


def log(run: Run, task: str) -> Content:
    """What each attempt printed, logged and raised, the latest first."""
    latest_first = run.record.attempts(task)[::-1]
    logs = [[a.number, a.state, last_lines(run.log(task, a.number))] for a in latest_first]
    return {"logs": logs} if logs else {"note": "No attempt yet."}


def last_lines(text: str) -> str:
    """The end of a log, and how much there was before."""
    lines = text.splitlines()
    before = len(lines) - LINES
    first = [f"… {before:,} lines before"] if before > 0 else []
    return "\n".join([*first, *lines[-LINES:]])


def attempts(run: Run, task: str) -> Content:
    """A table of every attempt, those before a retry included."""
    rows = attempt_rows(run.record, task)
    return {"attempts": rows} if rows else {"note": "No attempt yet."}


def attempt_rows(record: Record, task: str) -> list[list[Any]]:
    """Number, state, start, end and error of each attempt."""

    def row(attempt: Attempt) -> list[Any]:
        return [attempt.number, attempt.state, attempt.start, attempt.end, attempt.error]

    return [row(attempt) for attempt in record.attempts(task)]


def why(run: Run, task: str) -> Content:
    """Why it stands where it stands, a sentence each, with the events that it goes back to."""
    return reasons_of(run.record.until(run.cursor), task)


def reasons_of(record: Record, task: str) -> Content:
    """The same of a record."""
    told = reasons(record, task)
    return {"reasons": [[reason.text, [e.seq for e in reason.causes]] for reason in told]}


def source(run: Run, task: str) -> Content:
    """The code of the task as its author wrote it."""
    code = run.source(task)
    return {"code": code} if code else {"note": "The source of this task cannot be read."}


PAGES: Mapping[str, Callable[[Run, str], Content]] = {
    "inputs": inputs,
    "received": received,
    "output": output,
    "log": log,
    "attempts": attempts,
    "why": why,
    "source": source,
}


def editable(run: Run, task: str) -> str | None:
    """The task's output as JSON, when it is small enough to be edited, and JSON gives it back as it
    is."""
    stored = run.record.last(task, "output", run.cursor) if task in run.outputs else None
    if not stored or not (stored.detail["file"] or "").endswith(".json"):
        return None
    text = json.dumps(run.outputs[task], ensure_ascii=False)
    return text if len(text) <= EDITABLE else None
