"""Where a run halts by itself, and what is watched along it. Conditions and watches are functions,
or Python's expressions as a learner types them."""

import ast
import builtins
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench import storage
from workbench.capture import one_line
from workbench.graph import PipelineError, template_of
from workbench.outputs import Outputs
from workbench.record import Record
from workbench.wording import listed

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
        if not callable(self.when) and self.when not in MOMENTS:
            rule = f"a breakpoint is {', '.join(MOMENTS)}, or a condition over value, the output"
            _checked(self.when, rule, {"value"})

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


def holding(condition: Expression, names: Container[str] | None) -> Callable[[Outputs], str | None]:
    """Why a run halts by a condition over outputs, whose ``names`` are known (None: not all of
    them); None as long as it does not hold, or one of them is missing. Raise PipelineError for what
    is no expression over them."""
    if not callable(condition):
        _checked(condition, "a run goes on until an expression over outputs is true", names)

    def holds(outputs: Outputs) -> str | None:
        try:
            return "until the condition held" if _value(condition, outputs) else None
        except (KeyError, NameError):
            return None
        except Exception as error:  # the learner's own; the run halts, for nobody knows
            return f"the condition cannot be told: {one_line(error)}"

    return holds


def watched(
    record: Record, watch: Expression, names: Container[str] | None = None
) -> tuple[tuple[int, str], ...]:
    """The values of an expression over the outputs, which are its names, as the run went: the
    number of the event since which it is so, and the value in a line. Raise PipelineError for what
    is no expression."""
    if not callable(watch):
        _checked(watch, "a watch is an expression over outputs", names)
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
    if callable(expression):
        return expression(outputs)
    known = {name: outputs[name] for name in _names(expression) if name in outputs}
    return eval(expression, known)  # what a comprehension asks for are globals


def _names(text: str) -> set[str]:
    """What an expression asks for by name, Python's own names aside."""
    nodes = list(ast.walk(ast.parse(text.strip(), mode="eval")))
    own = {node.arg for node in nodes if isinstance(node, ast.arg)} | set(dir(builtins))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names} - own


def _checked(text: Any, rule: str, known: Container[str] | None) -> None:
    if not isinstance(text, str):
        raise PipelineError(f"{text!r} is neither an expression nor a function; {rule}")
    try:
        names = _names(text)
    except (SyntaxError, ValueError) as error:
        told = getattr(error, "msg", error)
        raise PipelineError(f"{text!r} is no expression ({told}); {rule}") from None
    if unknown := sorted(name for name in names if known is not None and name not in known):
        raise PipelineError(f"{text!r}: nothing here is called {listed(unknown)}; {rule}")
