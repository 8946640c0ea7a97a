"""What a task asks a person, and an answer in Airflow's terms: options, and params by name."""

import copy
from collections.abc import Mapping
from typing import Any

from workbench.capture import one_line
from workbench.events import Question
from workbench.graph import PipelineError


def asked(row: Any) -> Question:
    """The question as it stands in a record."""
    return {
        "subject": row.subject,
        "body": row.body or "",
        "options": list(row.options),
        "multiple": bool(row.multiple),
        "defaults": list(row.defaults or ()),
        "fields": {name: _value(param) for name, param in (row.params or {}).items()},
    }


def answered(
    task: str, question: Question, params: Any, value: Any
) -> tuple[list[str], dict[str, Any]]:
    """The options that are chosen and the params that are filled in by ``value``: an option, a list
    of them, or a dictionary of params. Raise PipelineError for what does not fit."""
    options, chosen, fields = question["options"], value, {}
    if isinstance(value, Mapping):
        plain = {"params_input": value, "chosen_options": None}
        whole = value if "chosen_options" in value or "params_input" in value else plain
        chosen, fields = whole.get("chosen_options"), dict(whole.get("params_input") or {})
    if chosen is None:
        chosen = question["defaults"] or (options if len(options) == 1 else [])
    chosen = [chosen] if isinstance(chosen, str) else list(chosen)
    too_many = len(chosen) > 1 and not question["multiple"]
    if not chosen or too_many or not set(chosen) <= set(options):
        several = "one or more" if question["multiple"] else "one"
        raise PipelineError(
            f"task {task!r} cannot be answered with {value!r}; choose {several} of "
            f"{', '.join(options)}"
        )
    return chosen, _checked(task, question["fields"], params, fields)


def _checked(
    task: str, known: Mapping[str, Any], params: Any, fields: dict[str, Any]
) -> dict[str, Any]:
    """All fields, those that were filled in by the schemas of their params."""
    trial = copy.deepcopy(params)
    for name, value in fields.items():
        if name not in known:
            listed = ", ".join(known) or "none"
            raise PipelineError(f"task {task!r} asks for no {name!r} (its params: {listed})")
        try:
            trial[name] = value
        except Exception as error:  # Airflow's, of its validation
            raise PipelineError(f"task {task!r}: {name}={value!r}: {one_line(error)}") from None
    return {**known, **fields} if known else {}


def _value(param: Any) -> Any:
    described = isinstance(param, dict) and {"value", "schema"} <= set(param)
    return param["value"] if described else param
