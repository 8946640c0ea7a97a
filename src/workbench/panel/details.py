"""One task of a run as HTML: what went in, what came out, its log, attempts and source."""

import base64
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from workbench import storage
from workbench.execution import Run
from workbench.picture import LOOK

ROWS, CHARACTERS, LINES = 8, 2_000, 300  # of a table, of a text, of a log
EDITABLE = 2_000  # characters of JSON that a learner can be asked to edit


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
    chip = f"<span class='wb-chip state-{state}'>{LOOK[state][0]} {state}</span>"
    return (
        f"<div class='wb-headline'><strong>{escape(task)}</strong> {chip} {' · '.join(parts)}</div>"
    )


def inputs(run: Run, task: str) -> str:
    """What the task receives, by name."""
    return _named(run.inputs(task)) or _note(
        "This task receives nothing, as far as its upstream tasks have finished."
    )


def output(run: Run, task: str) -> str:
    """What the task returned; a dictionary by its keys."""
    try:
        value = run.outputs[task]
    except KeyError as error:
        return _note(str(error.args[0]))
    return (isinstance(value, dict) and len(value) <= 20 and _named(value)) or shown(value)


def log(run: Run, task: str) -> str:
    """What each attempt printed, logged and raised, the latest open."""
    attempts, parts = run.record.attempts(task), []
    for attempt in reversed(attempts):
        lines = run.log(task, attempt.number).splitlines()
        text = "\n".join(
            [f"… {len(lines) - LINES:,} lines before"] * (len(lines) > LINES) + lines[-LINES:]
        )
        summary = f"attempt {attempt.number}: {LOOK[attempt.state][0]} {attempt.state}"
        body = f"<pre>{escape(text)}</pre>" if lines else _note("This attempt has written nothing.")
        opened = " open" if attempt is attempts[-1] else ""
        parts.append(f"<details{opened}><summary>{summary}</summary>{body}</details>")
    return "".join(parts) or _note("No attempt yet.")


def attempts(run: Run, task: str) -> str:
    """A table of every attempt, those before a retry included."""
    rows = []
    for attempt in run.record.attempts(task):
        ended = (
            ["…", "…"]
            if attempt.end is None
            else [f"{attempt.end:.3f} s", f"{attempt.duration:.3f} s"]
        )
        state = f"{LOOK[attempt.state][0]} {attempt.state}"
        rows.append(
            [
                str(attempt.number),
                state,
                f"{attempt.start:.3f} s",
                *ended,
                attempt.error or "",
            ]
        )
    return (
        _table(["attempt", "state", "start", "end", "lasted", "error"], rows)
        if rows
        else _note("No attempt yet.")
    )


def source(run: Run, task: str) -> str:
    """The code of the task as its author wrote it."""
    code = run.source(task)
    return (
        f"<pre><code>{escape(code)}</code></pre>"
        if code
        else _note("The source of this task cannot be read.")
    )


def editable(run: Run, task: str | None) -> str | None:
    """The task's output as JSON, when it is small enough to be edited and JSON gives it back as it is."""
    event = task and task in run.outputs and run.record.last(task, "output", run.cursor)
    if not event or not (event.detail["file"] or "").endswith(".json"):
        return None
    text = json.dumps(run.outputs[task], ensure_ascii=False)
    return text if len(text) <= EDITABLE else None


def shown(value: Any) -> str:
    """A value by its kind: tables with their shape, figures as pictures, paths with sizes, anything else by repr."""
    if hasattr(value, "to_html") and hasattr(value, "head"):
        rows = value.head(ROWS).to_html(border=0, max_cols=20, classes="wb-table")
        more = f"; the first {ROWS} rows" if len(value) > ROWS else ""
        return f"<p class='wb-note'>{escape(storage.summary(value))}{more}</p><div class='wb-wide'>{rows}</div>"
    if hasattr(value, "savefig"):
        return _figure(value)
    if isinstance(value, bool) or value is None:
        return f"<code>{value}</code>"
    if isinstance(value, (int, float)):
        return f"<span class='wb-number'>{value:{',' if isinstance(value, int) else ',.6g'}}</span>"
    if isinstance(value, (Path, str)) and (path := _path(value)):
        return path
    text = value if isinstance(value, str) else repr(value)
    cut = f"<p class='wb-note'>the first {CHARACTERS:,} of {len(text):,} characters</p>" * (
        len(text) > CHARACTERS
    )
    kind = (
        ""
        if isinstance(value, str)
        else f"<p class='wb-note'>{escape(storage.summary(value).split('(')[0])}</p>"
    )
    return f"{kind if hasattr(value, 'shape') else ''}<pre>{escape(text[:CHARACTERS])}</pre>{cut}"


def _figure(figure: Any) -> str:
    from io import BytesIO

    picture = BytesIO()
    figure.savefig(picture, format="png", bbox_inches="tight")
    data = base64.b64encode(picture.getvalue()).decode()
    titles = ", ".join(filter(None, (axes.get_title() for axes in figure.axes)))
    return f"<img alt='figure {escape(titles)}' src='data:image/png;base64,{data}'>"


def _path(value: Path | str) -> str | None:
    """The path with its size, when there is such a file or folder."""
    try:
        path = Path(value)
        if not path.exists() or (isinstance(value, str) and "/" not in value and "." not in value):
            return None
        if path.is_dir():
            size = f"folder of {sum(1 for _ in path.iterdir()):,} files"
        else:
            size = f"{path.stat().st_size:,} bytes"
    except (OSError, ValueError):
        return None
    return f"<code>{escape(str(value))}</code> <span class='wb-note'>{size}</span>"


def _named(values: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(str(key))}</th><td>{shown(item)}</td></tr>"
        for key, item in values.items()
    )
    return f"<table class='wb-table'>{rows}</table>" if rows else ""


def _table(head: list[str], rows: list[list[str]]) -> str:
    titles = "".join(f"<th scope='col'>{title}</th>" for title in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table class='wb-table'><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def _note(text: str) -> str:
    return f"<p class='wb-note'>{escape(text)}</p>"
