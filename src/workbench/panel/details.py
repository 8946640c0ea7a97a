"""One task of a run as HTML: what went in, what came out, its log, attempts and source."""

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from workbench.execution import Run
from workbench.panel.values import note, shown
from workbench.picture import LOOK
from workbench.record import Attempt

LINES = 300  # of a log
NAMES = 20  # keys of a dictionary that is shown by its keys
EDITABLE = 2_000  # characters of JSON that a learner can be asked to edit
COLUMNS = ("attempt", "state", "start", "end", "lasted", "error")


def page(name: str, run: Run, task: str) -> str:
    """One of the pages below by its name; where a value of the learner's cannot be read or shown,
    what went wrong."""
    try:
        return PAGES[name](run, task)
    except Exception as error:
        return f"<p class='wb-error'>{type(error).__name__}: {escape(str(error))}</p>"


def headline(run: Run, task: str) -> str:
    """The task, its state in the workbench's and the engine's words, and what it failed with."""
    state = run.states.get(task, "pending")
    words, parts = run.words(task), []
    if words and words != state:
        parts.append(f"the engine says {escape(words)}")
    if how := run.injections.get(task):
        parts.append(f"⚡ injected: {how}")
    if error := run.record.error(task, run.cursor):
        parts.append(f"<span class='wb-error'>{escape(str(error))}</span>")
    notes = run.graph.notes.get(task, {})
    parts += [f"{escape(key)} {escape(str(value))}" for key, value in notes.items()]
    name = f"<strong>{escape(task)}</strong>"
    chip = f"<span class='wb-chip state-{state}'>{LOOK[state][0]} {state}</span>"
    return f"<div class='wb-headline'>{name} {chip} {' · '.join(parts)}</div>"


def inputs(run: Run, task: str) -> str:
    """What the task receives, by name."""
    nothing = "This task receives nothing, as far as its upstream tasks have finished."
    return _named(run.inputs(task)) or note(nothing)


def output(run: Run, task: str) -> str:
    """What the task returned; a dictionary by its keys."""
    try:
        value = run.outputs[task]
    except KeyError as error:
        return note(str(error.args[0]))
    if isinstance(value, dict) and 0 < len(value) <= NAMES:
        return _named(value)
    return shown(value)


def log(run: Run, task: str) -> str:
    """What each attempt printed, logged and raised, the latest first and open."""
    latest_first = run.record.attempts(task)[::-1]
    folds = [
        _log_of(attempt, run.log(task, attempt.number), latest=attempt is latest_first[0])
        for attempt in latest_first
    ]
    return "".join(folds) or note("No attempt yet.")


def _log_of(attempt: Attempt, text: str, latest: bool) -> str:
    lines = text.splitlines()
    body = note("This attempt has written nothing.")
    if lines:
        before = len(lines) - LINES
        first = [f"… {before:,} lines before"] if before > 0 else []
        joined = "\n".join([*first, *lines[-LINES:]])
        body = f"<pre>{escape(joined)}</pre>"
    summary = f"attempt {attempt.number}: {LOOK[attempt.state][0]} {attempt.state}"
    opened = " open" if latest else ""
    return f"<details{opened}><summary>{summary}</summary>{body}</details>"


def attempts(run: Run, task: str) -> str:
    """A table of every attempt, those before a retry included."""
    rows = [_row(attempt) for attempt in run.record.attempts(task)]
    return _table(rows) if rows else note("No attempt yet.")


def _row(attempt: Attempt) -> list[str]:
    end, lasted = "…", "…"
    if attempt.end is not None:
        end, lasted = f"{attempt.end:.3f} s", f"{attempt.duration:.3f} s"
    state = f"{LOOK[attempt.state][0]} {attempt.state}"
    start = f"{attempt.start:.3f} s"
    return [str(attempt.number), state, start, end, lasted, attempt.error or ""]


def source(run: Run, task: str) -> str:
    """The code of the task as its author wrote it."""
    code = run.source(task)
    if not code:
        return note("The source of this task cannot be read.")
    return f"<pre><code>{escape(code)}</code></pre>"


PAGES: Mapping[str, Callable[[Run, str], str]] = {
    "inputs": inputs,
    "output": output,
    "log": log,
    "attempts": attempts,
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


def _named(values: Mapping[str, Any]) -> str:
    rows = [
        f"<tr><th scope='row'>{escape(str(key))}</th><td>{shown(value)}</td></tr>"
        for key, value in values.items()
    ]
    return f"<table class='wb-table'>{''.join(rows)}</table>" if rows else ""


def _table(rows: list[list[str]]) -> str:
    titles = "".join(f"<th scope='col'>{title}</th>" for title in COLUMNS)
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<table class='wb-table'><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
