"""What a learner writes or ticks, about a task or the whole run: what is asked, and what is done
with it."""

import ast
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from html import escape
from typing import Any

from workbench.breakpoints import MOMENTS
from workbench.comparison import compare
from workbench.execution import Run
from workbench.graph import STAND_IN, PipelineError
from workbench.panel.details import editable
from workbench.panel.marks import moment

EDIT = "Change this output, and run what is downstream of it again in a new run."
NO_EDIT = "Only an output that is a small number, text, list or object can be changed here."
Filled = Any  # a text, or a dictionary of what was ticked and written


def literal(text: str) -> Any:
    """The value that a text is as JSON or as Python writes it; raise PipelineError where it is
    none."""
    with suppress(ValueError):
        return json.loads(text)
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise PipelineError(
            f'{text!r} is no value; write a number, a "text", a [list] or an {{object}}'
        ) from None


def edited(text: str) -> Any:
    """Another output, as JSON; raise PipelineError where it is none."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise PipelineError(
            f"the new output is not JSON ({error}); "
            'write a number, a "text", a [list] or an {object}'
        ) from None


# What is asked


def fork(run: Run, task: str, comparison: str) -> dict[str, Any]:
    """A task's output to be edited, and what came of it when it was edited last."""
    text = editable(run, task)
    return {"text": text, "note": NO_EDIT if text is None else EDIT, "comparison": comparison}


def steer(run: Run, task: str) -> dict[str, Any]:
    """What stands in for a task, what could, and where it halts the run."""
    kept, point = run.last_output(task), run.breakpoints.get(task)
    when = moment(task, point) if point else ""
    return {
        "stands": run.graph.noted(task).get(STAND_IN),
        "last": kept and [kept.origin, kept.summary],
        "when": when if when in (*MOMENTS, "") else "condition",
        "condition": "" if when in MOMENTS else when,
    }


def differences(task: str, before: Run, after: Run) -> str:
    """What another output of a task has changed, as HTML."""
    comparison = compare(before, after)
    differ = escape(", ".join(comparison.different) or "nothing")
    sentence = f"<p>With another output of {escape(task)}, these tasks differ: {differ}.</p>"
    return sentence + comparison.page()


def questions(run: Run) -> list[dict[str, Any]]:
    """What tasks ask a person, at the end of the run as it is."""
    if run.cursor is not None:
        return []
    return [
        {
            "task": task,
            "subject": question.get("subject", ""),
            "body": question.get("body", ""),
            "options": question.get("options", []),
            "multiple": question.get("multiple", False),
            "defaults": question.get("defaults", []),
            "fields": [[name, _written(value)] for name, value in _fields(question).items()],
        }
        for task, question in run.questions.items()
    ]


def watches(run: Run) -> list[list[Any]]:
    """Each expression that is watched, and its values with the events since which they are so."""
    return [
        [str(watch), [[seq, text] for seq, text in values]] for watch, values in run.watched.items()
    ]


def _fields(question: Mapping[str, Any]) -> Mapping[str, Any]:
    return question.get("fields") or {}


def _written(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, default=repr)


# What is done with it


def _stand_in(run: Run, task: str, text: str) -> None:
    run.stand_in(task, literal(text))


def _use_last(run: Run, task: str, _: Filled) -> None:
    kept = run.last_output(task)
    if kept is None:
        raise PipelineError(f"no output of {task!r} is kept; write a value")
    run.stand_in(task, kept.value)


def _answer(run: Run, _: str, filled: dict[str, Any]) -> None:
    """Answer in the terms of the question: an option, several, fields by name, or nothing."""
    task, chosen = filled["task"], filled["chosen"]
    question = run.questions.get(task, {})
    known, options = _fields(question), question.get("options", [])
    # An empty field is left as it is asked for: the engine says whether it must be filled in.
    fields = {name: read(text, known.get(name)) for name, text in filled["fields"].items() if text}
    if known and len(options) > 1:
        run.answer(task, {"chosen_options": chosen, "params_input": fields})
    elif known:
        run.answer(task, fields)
    else:
        run.answer(task, chosen or None)


def read(text: str, before: Any = None) -> Any:
    """What was written into a field: text where there was text, else a value if it is one."""
    if isinstance(before, str):
        return text
    try:
        return literal(text)
    except PipelineError:
        return text


Act = Callable[[Run, str, Filled], object]
ACTS: Mapping[str, Act] = {
    "stand in": _stand_in,
    "use last": _use_last,
    "lift": lambda run, task, _: run.stand_in(task),
    "halt": lambda run, task, when: run.breakpoint(task, when or None),
    "answer": _answer,
    "until": lambda run, _, text: run.run_until(text),
    "watch": lambda run, _, text: run.watch(text),
    "unwatch": lambda run, _, text: run.unwatch(text),
}
RUNS = ("until",)  # those that run tasks


def act(form: str, task: str, filled: Filled, run: Run) -> None:
    """Do what a form is for. Raise PipelineError for what does not fit."""
    ACTS[form](run, task, filled)
