"""What stands in the record for what a step has made.

The value itself, where a step makes one and has to; otherwise those that it has made, by the names
of its outputs. A dynamic output is a dictionary by its mapping keys.
"""

from collections.abc import Mapping
from typing import Any

from workbench.engines.dagster.internals.plans import Handle, Output, Step
from workbench.graph import PipelineError


def whole(step: Step, made: Mapping[Handle, Any]) -> Any:
    """The value of a step that has made this."""
    values: dict[str, Any] = {}
    for (_, name, mapping), value in made.items():
        if mapping is None:
            values[name] = value
        else:
            values.setdefault(name, {})[mapping] = value
    for output in step.outputs:
        if output.dynamic and output.required:
            values.setdefault(output.name, {})
    data = _data(step)
    if not data:
        results = {
            output.check: _result(values[output.name]) for output in step.outputs if output.check
        }
        return next(iter(results.values()), None) if len(results) < 2 else results
    kept = {output.name: _stored(values[output.name]) for output in data if output.name in values}
    return kept.get(data[0].name) if _is_single(data) else kept


def parts(step: Step, value: Any) -> dict[str, Any]:
    """Output → what was made of it; raise PipelineError for a value that is none of this step."""
    checks = {output.name: None for output in step.outputs if output.check}
    data = _data(step)
    if _is_single(data) or not data:
        made = {output.name: value for output in data}
    else:
        made = value if isinstance(value, dict) else None
    names = [output.name for output in data]
    dynamic = [made.get(output.name, {}) for output in data if output.dynamic] if made else []
    if made is None or not made.keys() <= set(names) or not all(type(d) is dict for d in dynamic):
        raise PipelineError(
            f"{step.key!r}: give a dictionary by output ({', '.join(names)}), and by mapping key "
            "what is dynamic"
        )
    return checks | made


def at(values: Mapping[str, Any], handle: Handle) -> Any:
    """One value among the ``parts`` of its step; raise KeyError where it was not made."""
    _, name, mapping = handle
    return values[name] if mapping is None else values[name][mapping]


def needs_value(step: Step) -> bool:
    """Whether what was made is known from the value only."""
    return not _is_single(_data(step)) or any(output.dynamic for output in step.outputs)


def _data(step: Step) -> list[Output]:
    return [output for output in step.outputs if not output.check]


def _is_single(data: list[Output]) -> bool:
    return len(data) == 1 and data[0].required


def _stored(value: Any) -> Any:
    """A `MaterializeResult` without a value has made none."""
    return None if isinstance(value, type) and value.__module__.startswith("dagster.") else value


def _result(value: Any) -> Any:
    """An asset check's result in plain words."""
    if not hasattr(value, "passed"):
        return _stored(value)
    return {"passed": value.passed, "severity": value.severity.value}
