"""A record as a page that opens anywhere: one file, no kernel, nothing requested from anywhere."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from workbench import language, received, storage
from workbench.capture import log_of
from workbench.comparison import compare
from workbench.events import FINISHED, STATE_OF, Event
from workbench.execution import Run
from workbench.folding import URGENT
from workbench.graph import PipelineError, template_of
from workbench.masking import Mask
from workbench.panel import assets, captions, details
from workbench.panel.drawn import Drawn
from workbench.panel.marks import ASKS
from workbench.picture import LOOK, describe
from workbench.record import Record
from workbench.steering.measures import measures

TOOLBAR = [["Back", "Step", "Play"], ["Speed"]]
TIPS = {
    "Back": "One event back (←)",
    "Step": "One event on (→)",
    "Play": "Event after event; press again to pause (space bar)",
}
TABS = ["output", "inputs", "received", "log", "attempts", "why"]
TEXTS = ("outputs", "parameters", "received", "logs", "sources", "why")  # that tasks have written
VIEW, ALL = 400_000, 4_000_000  # characters of one output's view, and of all of them
TYPE = re.compile(r"[A-Za-z_][\w.]*(?=: |$)")  # that an error begins with
LOG = 20_000  # characters of one attempt's log
UNOPENED = "its file could run code: shown only for a run that was made here, or with --own"
FOOTER = (
    "A recorded run, played from its events. This file holds everything it shows and requests "
    "nothing from anywhere. Arrow keys step, Home and End jump, the space bar plays."
)


def page(
    record: Record,
    path: str | Path | None = None,
    values: bool = True,
    sources: Mapping[str, str] | None = None,
) -> str:
    """The record as HTML, written to ``path`` if there is one.

    Outputs are shown as they are stored in the run's folder, those of a record without one by
    their summary. ``values=False`` leaves out outputs, inputs, parameters, logs, reasons, and of
    errors all but their type. ``sources`` are the tasks' code, which no record holds. Raise
    PipelineError where ``path`` cannot be written.
    """
    words = describe(record.graph, record.states())
    return _written(record.name or "a run", words, _run(record, values, sources or {}), path)


def pair(first: Record, second: Record, path: str | Path | None = None, values: bool = True) -> str:
    """Two records as one page, side by side and moved together, with what differs above; as `page`
    in all else."""
    comparison = compare(first, second)
    rows = [[row.task, *row.cells(), list(row.fields)] for row in comparison.rows]
    names = [
        f"{record.name or 'a run'} ({name})"
        for record, name in zip(comparison.records, comparison.names, strict=True)
    ]
    records = zip(names, comparison.records, strict=True)
    runs = [{**_run(record, values, {}), "name": name} for name, record in records]
    data = {"names": names, "rows": rows, "runs": runs}
    return _written(" and ".join(names), repr(comparison), data, path)


def _written(title: str, words: str, data: dict[str, Any], path: str | Path | None) -> str:
    code = assets.script(*assets.PAGE)
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    text = Template(assets.frame()).substitute(
        hash=f"sha256-{digest}",
        title=escape(title),
        style=assets.style(),
        words=escape(words),
        footer=escape(FOOTER),
        # No text of a run ends the element that it stands in.
        data=json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
        script=code,
    )
    if path is not None:
        try:
            # A text may hold half a surrogate, which stands in JSON as it is written here.
            Path(path).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise PipelineError(f"{path}: {error.strerror.lower()}; the page goes there") from None
    return text


def saved(run: Run) -> Path:
    """The page of a run in the current folder, named after it, with its tasks' code."""
    path = Path(f"{quote(run.record.name, safe=' ')}.html").absolute()
    codes = {task: run.source(task) for task in run.record.states()}
    page(run.record, path, sources={task: code for task, code in codes.items() if code})
    return path


def _run(record: Record, values: bool, sources: Mapping[str, str]) -> dict[str, Any]:
    """What the player plays: events, the drawing, and what can be looked at, secrets masked."""
    drawn, states, mask = Drawn(record), record.states(), Mask()
    mask.read(event.detail["summary"] for event in record.events if event.kind == "output")
    views = _views(record, mask) if values else {}
    parameters = mask.value(record.parameters) if values else {}
    shown = {
        "events": [_event(event, values) for event in record.events],
        "bars": [
            [drawn.node.get(task, task), task, number, start, end, state, _told(error, values)]
            for task in states
            for number, state, start, end, error in details.attempt_rows(record, task)
        ],
        "outputs": views,
        "parameters": [[f"{name} (parameter)", html] for name, html in details.named(parameters)],
        "logs": _logs(record) if values else {},
        "received": _received(record) if values else {},
        "sources": dict(sources),
        "why": {task: details.reasons_of(record, task) for task in states} if values else {},
        "measures": measures(record).page(),
    }
    return {
        "name": record.name,
        "engine": record.engine,
        "beginning": captions.BEGINNING,
        "values": values,
        "tasks": list(states),
        "kinds": STATE_OF,
        "finished": sorted(FINISHED),
        "urgent": list(URGENT),
        "look": LOOK,
        "node": {task: node for task, node in drawn.node.items() if task != node},
        "folds": drawn.folds,
        "upstream": _upstream(record, states),
        "notes": {
            task: [f"{key} {note}" for key, note in notes.items()]
            for task, notes in record.graph.notes.items()
        },
        "now": record.last_at,
        "traits": _traits(drawn, shown["bars"], bool(sources)),
        **{**shown, **_masked(shown, mask)},
    }


def _masked(shown: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """The texts that a run's tasks have written, masked; names of tasks are not touched."""
    return {
        "events": [[*event[:4], mask.texts(event[4])] for event in shown["events"]],
        "bars": [[*bar[:6], mask.texts(bar[6])] for bar in shown["bars"]],
        **{key: mask.texts(shown[key]) for key in TEXTS},
    }


def _traits(drawn: Drawn, bars: list[list[Any]], with_sources: bool) -> dict[str, Any]:
    """What the view has from the first."""
    return {
        "look": LOOK,
        "languages": language.LANGUAGES,
        "words": language.tables(),
        "language": language.spoken(),
        "toolbar": TOOLBAR,
        "tips": TIPS,
        "tabs": [*TABS, *(["source"] if with_sources else [])],
        "tab": TABS[0],
        "svg": drawn.svg,
        "tall": drawn.tall(),
        "names": drawn.names,
        "bars": [bar[:6] for bar in bars],
        "choices": {"Speed": {"options": []}},
        "selected": "",
        "measures": {},
    }


def _event(event: Event, values: bool) -> list[Any]:
    """Seconds, task, kind, attempt, and in a line what there is to say of it."""
    detail, text = event.detail, _told(event.error, values)
    if isinstance(detail, str):
        text = _told(detail, values)
    elif event.kind == "injected":
        text = detail["how"]
    elif event.kind == "output":
        text = detail["summary"] if values else None
    elif isinstance(detail, dict):
        asked = detail.get("asks")
        subject = f" {asked.get('subject', '')}" if asked and values else ""
        text = f"{ASKS}{subject}" if asked else _told(detail.get("error"), values)
    return [event.at, event.task, event.kind, event.attempt, text]


def _told(text: str | None, values: bool) -> str | None:
    """What an error or a reason says; without values its type alone: a message may hold any."""
    if values or text is None:
        return text
    known = TYPE.match(text)
    return known[0] if known else None


def _upstream(record: Record, states: Mapping[str, str]) -> dict[str, list[str]]:
    """Task → those whose outputs reach it; a template that was expanded by its instances."""
    graph, instances = record.graph, {}
    for task in states:
        instances.setdefault(template_of(task), []).append(task)
    known = {task: graph.upstream(task) for task in states if task in graph.position}
    return {
        task: [name for up in ups for name in ([up] if up in states else instances.get(up, ()))]
        for task, ups in known.items()
        if ups
    }


def _inside(record: Record, file: str | None) -> Path | None:
    """A file of the run's folder; None for one that is not there, or that lies elsewhere."""
    if record.folder is None or not file:
        return None
    path = (record.folder / file).resolve()
    inside = path.is_relative_to(record.folder.resolve())
    return path if inside and path.is_file() else None


def _views(record: Record, mask: Mask) -> dict[int, details.Content]:
    """Event of an output → how it is shown; the later ones by summary when the page is full."""
    views, left = {}, ALL
    for event in record.events:
        if event.kind == "output":
            view = _view(record, event, mask)
            size = len(json.dumps(view))
            if size > min(VIEW, left):
                view = {"note": f"{event.detail['summary']} (too large to be shown in this page)"}
            left -= min(size, left)
            views[event.seq] = view
    return views


def _view(record: Record, event: Event, mask: Mask) -> details.Content:
    detail = event.detail
    path = _inside(record, detail.get("file"))
    if path is None:
        return {"note": detail.get("problem") or f"{detail['summary']} (by its summary)"}
    if storage.may_run_code(path) and not record.own:
        return {"note": f"{detail['summary']} ({UNOPENED})"}
    try:
        return details.value(mask.named(event.task, storage.load(path)))
    except Exception as error:  # of a library of its own, whatever that raises
        return {"note": f"{detail['summary']} (cannot be read: {type(error).__name__})"}


def _received(record: Record) -> dict[str, dict[int, details.Content]]:
    """Task → attempt → what it has really received, where the engine has told."""
    kept: dict[str, dict[int, details.Content]] = {}
    for event in record.events if record.folder else ():
        if event.kind == "queued":
            log = log_of(record.folder, event.task, event.attempt)
            inside = _inside(record, str(received.place(log).absolute()))
            if told := inside and received.read(log):
                kept.setdefault(event.task, {})[event.attempt] = details.parts(told)
    return kept


def _logs(record: Record) -> dict[str, dict[int, str]]:
    """Task → attempt → the end of what it wrote."""
    logs: dict[str, dict[int, str]] = {}
    for event in record.events:
        path = _inside(record, event.detail["file"]) if event.kind == "log" else None
        if path:
            text = details.last_lines(path.read_text(encoding="utf-8", errors="replace"))
            logs.setdefault(event.task, {})[event.attempt] = text[-LOG:]
    return logs
