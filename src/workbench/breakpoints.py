"""Where a run halts by itself, and what is watched along it. Conditions and watches are functions,
or Python's expressions as a learner types them."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench import storage
from workbench.capture import one_line
from workbench.graph import PipelineError, template_of
from workbench.outputs import Outputs
from workbench.record import Record

MOMENTS = ("before", "after", "failure")
When = str | Callable[[Any], Any]
Expression = str | Callable[[Mapping[str, Any]], Any]  # over outputs, which are its names


@dataclass(frozen=True)
class Breakpoint:
    """Halt at a moment of a task, or after it when a condition over its output holds: a function,
    or an expression with ``value``. Raise PipelineError for what is no expression."""

    task: str
    when: When

    def __post_init__(self) -> None:
        if isinstance(self.when, str) and self.when not in MOMENTS:
            _compiled(self.when, f"a breakpoint is {', '.join(MOMENTS)}, or a condition")

    def __str__(self) -> str:
        if callable(self.when):
            return f"after {self.task}, on a condition"
        at = {"failure": "failure of"}.get(self.when, self.when)
        return f"{at} {self.task}" if self.when in MOMENTS else f"after {self.task}: {self.when}"

    def hit(self, moment: str, value: Any = None) -> str | None:
        """Why the run halts at this moment of the task; None where it goes on."""
        if self.when in MOMENTS:
            return str(self) if self.when == moment else None
        if moment != "after":
            return None
        try:
            holds = self.when(value) if callable(self.when) else eval(self.when, {"value": value})
            return str(self) if holds else None
        except Exception as error:  # the learner's own; the run halts, for nobody knows
            return f"{self} cannot be told: {one_line(error)}"


class Breakpoints:
    """Those of one run; a template's are those of its instances."""

    def __init__(self) -> None:
        self._at: dict[str, Breakpoint] = {}

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(self._at.values())

    def put(self, task: str, when: When | None) -> None:
        """Set a task's breakpoint, or take it away."""
        if when is None:
            self._at.pop(task, None)
        else:
            self._at[task] = Breakpoint(task, when)

    def hit(self, task: str, moment: str, value: Any = None) -> str | None:
        """Why the run halts at this moment of the task; None where it goes on."""
        there = self._at.get(task) or self._at.get(template_of(task))
        return there.hit(moment, value) if there else None


def holding(condition: Expression) -> Callable[[Outputs], bool]:
    """A condition over outputs; it does not hold as long as one of them is missing. Raise
    PipelineError for what is no expression."""
    if not callable(condition):
        _compiled(condition, "a run goes on until an expression over outputs is true")

    def holds(outputs: Outputs) -> bool:
        with contextlib.suppress(KeyError, NameError):
            return bool(_value(condition, outputs))
        return False

    return holds


def watched(record: Record, watch: Expression) -> tuple[tuple[int, str], ...]:
    """The values of an expression over the outputs, which are its names, as the run went: the
    number of the event since which it is so, and the value in a line. Raise PipelineError for what
    is no expression."""
    if not callable(watch):
        _compiled(watch, "a watch is an expression over outputs")
    values: list[tuple[int, str]] = []
    for event in record.events:
        if event.kind in ("succeeded", "cached", "cleared") and event.task:
            text = _told(watch, Outputs(record, event.seq))
            if not values or values[-1][1] != text:
                values.append((event.seq, text))
    return tuple(values)


def _told(watch: Expression, outputs: Outputs) -> str:
    try:
        return storage.summary(_value(watch, outputs))
    except (KeyError, NameError):
        return "not there yet"
    except Exception as error:  # the learner's own
        return one_line(error)


def _value(expression: Expression, outputs: Outputs) -> Any:
    return expression(outputs) if callable(expression) else eval(expression, {}, outputs)


def _compiled(text: str, rule: str) -> None:
    try:
        compile(text, "condition", "eval")
    except SyntaxError as error:
        raise PipelineError(f"{text!r} is no expression ({error.msg}); {rule}") from None
