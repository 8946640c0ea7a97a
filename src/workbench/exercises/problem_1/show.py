"""What is shown on a drawn graph: literal assignments, read without being executed, and judged."""

import ast
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbench.exercises.problem_1 import drawing
from workbench.graph import Graph, PipelineError

LONGEST = 10_000  # characters; with all questions as comments it takes a fifth of that
MENDED, LINES = 10, 20  # statements that are no Python, and lines of one; each look takes time
QUOTED = 200  # characters of what came that a report repeats


@dataclass(frozen=True)
class Shown:
    """What was shown of one criterion; right is None where it could not be read."""

    right: bool | None
    words: str


def judged(text: str) -> dict[str, Shown]:
    """Criterion → what the text shows of it; nothing that the text holds is raised."""
    passed_over: list[str] = []
    try:
        values = _read(text, passed_over)
        if not values.keys() & ASKED:
            if not passed_over:
                return {}
            raise PipelineError(passed_over.pop(0))
        number = values.get("graph")
        graph, asked = drawing.drawn(number), drawing.questions(number)
    except PipelineError as error:
        shown = {"directed": Shown(None, f"Nothing was shown: {error}.")}
    else:
        answers = {name: values[name] for name in ASKED if name in values}
        shown = {ASKED[name][0]: _judged(name, answers[name], graph, asked) for name in answers}
    if passed_over:
        first = next(iter(shown))
        more = f", and {len(passed_over) - 1} more" if len(passed_over) > 1 else ""
        words = f"{shown[first].words} Passed over: {passed_over[0]}{more}."
        shown[first] = replace(shown[first], words=words)
    return shown


def _read(text: str, passed_over: list[str]) -> dict[str, object]:
    """Name → literal value, None for what is none; what is still `...` is left out.

    What is no assignment to one of the names costs only itself, and is added to passed_over.
    """
    if len(text) > LONGEST:
        raise PipelineError(f"the answer is longer than {LONGEST:,} characters")
    values, names = {}, ("graph", *ASKED)
    for statement in _statements(text, passed_over):
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name in names:
                values[name] = _literal(value)
            case ast.AugAssign(target=ast.Name(id=name)) if name in names:
                values[name] = None  # it no longer has the value that stands above
            case _:
                line = f"line {statement.lineno} below `%%answer` does not begin with one of"
                passed_over.append(f"{line} `{', '.join(names)}` and `=`")
    return {name: value for name, value in values.items() if value is not ...}


def _statements(text: str, passed_over: list[str]) -> list[ast.stmt]:
    """The statements of a text; the lines of one that is no Python are added to passed_over."""
    lines = text.split("\n")
    for _ in range(MENDED):
        statements, fault = _parsed(lines)
        if not fault:
            return statements
        # What is at fault begins where all that stands above it can be read.
        above = range(fault - 1, max(fault - LINES, -1), -1)
        begin = next((line for line in above if not _parsed(lines[:line])[1]), 0)
        lines[begin:fault] = [""] * (fault - begin)
        passed_over.append(f"line {begin + 1} below `%%answer` is not Python")
    raise PipelineError(passed_over.pop(0))


def _parsed(lines: list[str]) -> tuple[list[ast.stmt], int]:
    """The statements, or the line that is no Python."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse("\n".join(lines)).body, 0
    except SyntaxError as error:
        if error.lineno:
            return [], error.lineno
    except (ValueError, RecursionError, MemoryError):  # surrogates; nesting without end
        pass
    raise PipelineError("the answer cannot be read as Python")


def _literal(value: ast.expr) -> object:
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _judged(name: str, value: object, graph: Graph, asked: drawing.Questions) -> Shown:
    _, kind, types, wrong_of = ASKED[name]
    tasks = (value,) if isinstance(value, str) else value
    readable = isinstance(value, types) and all(isinstance(task, str) for task in tasks)
    if not readable or (name == "cycle" and len(tasks) != 2):
        return Shown(None, f"`{name}` was not shown: it is not {kind}.")
    tasks = [task.strip().lower() for task in tasks]  # `Clean ` is the task `clean`
    tasks = sorted(set(tasks)) if types is SET else tasks
    quoted = ", ".join(map(repr, tasks))[:QUOTED]
    strangers = [task for task in tasks if task not in graph.position]
    if strangers:
        wrong = f"{repr(strangers[0])[:QUOTED]} is no task of this graph"
    else:
        wrong = wrong_of(graph, asked, tasks)
    fits = f"does not fit the graph: {wrong}" if wrong else "fits the graph"
    return Shown(not wrong, f"your `{name}` ({quoted}) {fits}.")


# What is wrong about the answer to each question, without the answer; empty when nothing is.


def _order(graph: Graph, asked: drawing.Questions, order: Iterable[str]) -> str:
    position = {task: at for at, task in enumerate(order)}
    for up, down in graph.edges:
        if {up, down} <= position.keys() and position[up] > position[down]:
            return f"`{down}` cannot come before `{up}`: {up} → {down} is an edge"
    if lacking := [task for task in graph.tasks if task not in position]:
        return f"`{lacking[0]}` is not in it"
    return "" if len(order) == len(position) else "a task stands in it twice"


def _together(graph: Graph, asked: drawing.Questions, tasks: Iterable[str]) -> str:
    for task in tasks:
        if task in asked.finished:
            return f"`{task}` has finished already"
        if waits := [up for up in graph.upstream(task) if up not in asked.finished]:
            return f"`{task}` has to wait: {waits[0]} → {task} is an edge"
    right = drawing.may_run(graph, asked.finished)
    return "" if right == set(tasks) else "one more task waits for nothing that is unfinished"


def _rerun(graph: Graph, asked: drawing.Questions, tasks: Iterable[str]) -> str:
    right = drawing.runs_again(graph, asked.failed)
    for task in tasks:
        if task not in right:
            return f"`{task}` is kept: no way leads from {asked.failed} to it"
    if asked.failed not in tasks:
        return f"`{asked.failed}` itself has no result yet"
    return "" if right == set(tasks) else f"a task is left out to which {asked.failed} leads"


def _cycle(graph: Graph, asked: drawing.Questions, edge: Iterable[str]) -> str:
    if tuple(edge) not in asked.candidates:
        return "it is none of the four edges"
    tail, head = edge
    closed = drawing.closes_a_cycle(graph, (tail, head))
    return "" if closed else f"no way leads from {head} back to {tail}"


def _points_to(graph: Graph, asked: drawing.Questions, tasks: Iterable[str]) -> str:
    tail, head = asked.edge
    if tasks[0] not in asked.edge:
        return f"the edge joins {' and '.join(sorted(asked.edge))}"
    return "" if tasks[0] == head else f"the edge begins at `{tail}`"


LIST, SET = (list, tuple), (set, list, tuple)
# Name → the criterion that it shows, what it has to be, of which types, what is wrong about it.
ASKED = {
    "order": ("order", 'a list of task names, ["first", "second"]', LIST, _order),
    "together": ("parallel", 'a set of task names, {"one", "other"}', SET, _together),
    "rerun": ("rerun", 'a set of task names, {"one", "other"}', SET, _rerun),
    "cycle": ("acyclic", 'a pair of task names, ("from", "to")', LIST, _cycle),
    "points_to": ("directed", 'one task name, "task"', (str,), _points_to),
}
