"""What the terminal shows of a run, as text: its graph, one task, the whole run in a line."""

from collections.abc import Mapping
from typing import Any

from workbench import storage
from workbench.execution import Run
from workbench.panel import captions
from workbench.panel.details import last_lines
from workbench.panel.marks import marks
from workbench.picture import icon
from workbench.steering.measures import measures
from workbench.steering.reasons import why


def title(run: Run) -> str:
    """How far the run is, where it has halted or what it waits for, and the moment."""
    states = run.states
    shown = captions.title(run, states, run.now)
    seq, last = run.cursor, len(run.record) - 1
    back = f" · looking back at event {seq} of {last}" if seq is not None else ""
    note = f" · {shown['note']}" if shown["note"] else ""
    return f"{shown['name']}: {shown['done']} of {shown['total']} finished{note}{back}"


def graph(run: Run) -> dict[str, str]:
    """Task → its line: depth in the graph, state, marks, and what it comes after."""
    states, known, marked = run.states, run.graph, marks(run, run.states)
    depth = {task: number for number, wave in enumerate(known.waves()) for task in wave}
    lines = {}
    for task, state in states.items():
        upstream = known.any_upstream(task)
        after = f"  ← {', '.join(upstream)}" if upstream else ""
        signs = f"  [{'; '.join(marked[task])}]" if task in marked else ""
        indent = "  " * depth.get(task, 0)
        lines[task] = f"{indent}{icon(state)} {task}: {state}{signs}{after}"
    return lines


def details(run: Run, task: str) -> dict[str, str]:
    """Tab → what it says of a task."""
    return {
        "output": _output(run, task),
        "inputs": _values(run.inputs(task)),
        "received": _values(run.received(task)),
        "log": last_lines(run.log(task)) or "nothing is written yet",
        "why": why(run.record.until(run.cursor), task),
        "figures": measures(run.record.until(run.cursor)).words(task) or "no attempt yet",
        "source": run.source(task) or "cannot be read",
    }


def question(run: Run, task: str) -> str:
    """What a task asks a person, and what it takes for an answer."""
    asked = run.questions[task]
    parts = [asked.get("subject", ""), asked.get("body", "")]
    if options := asked.get("options"):
        parts.append(f"one of: {', '.join(options)}")
    if fields := asked.get("fields"):
        parts.append(f"fields: {fields}")
    return " · ".join(filter(None, parts))


def _output(run: Run, task: str) -> str:
    try:
        return storage.summary(run.outputs[task])
    except KeyError as error:
        return str(error.args[0])


def _values(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}: {storage.summary(value)}" for name, value in values.items()) or "–"
