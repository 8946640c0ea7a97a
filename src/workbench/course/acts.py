"""Places in a lesson where the reader acts first: predict, work out, bring about. What really ran
answers. Nothing here is graded, and a place that is left as it is stops nobody."""

import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, suppress
from dataclasses import dataclass, field, replace
from html import escape
from io import StringIO
from typing import Any

from workbench import workspace
from workbench.capture import one_line
from workbench.course import gradebook
from workbench.engines.registry import graph_of
from workbench.events import STATE_OF
from workbench.execution import Run
from workbench.graph import PipelineError
from workbench.record import Record
from workbench.steering.reasons import why

YOURS, RIGHT, WRONG = "✎", "✓", "✗"
COLOURS = {YOURS: "#0072b2", RIGHT: "#009e73", WRONG: "#d55e00"}
ENDS = ("success", "failed", "skipped", "upstream_failed", "cached", "pending")


@dataclass(frozen=True)
class Answer:
    """What the notebook says to it: ✎ nothing is written yet, ✓ so it is, ✗ it is otherwise."""

    icon: str
    text: str
    told: Mapping[str, Any] = field(default_factory=dict, compare=False)  # of the run, for a page

    def __repr__(self) -> str:
        return f"{self.icon} {self.text}"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        style = f"border-left:4px solid {COLOURS[self.icon]};padding:.2em .8em"
        html = f'<div role="status" style="{style}">{escape(repr(self))}</div>'
        return {"text/html": html, "text/plain": repr(self)}, dict(self.told)


def predict(
    thing: Any,
    states: Mapping[str, Any],
    after: Mapping[str, str] | None = None,
    **parameters: Any,
) -> Answer:
    """Task → the state it will end in, then ``thing`` runs and shows where it went otherwise first.

    ``after`` makes tasks fail as `Run.inject` does. While a state is still ``...`` nothing runs.
    Raise PipelineError for a task or a state that does not exist.
    """
    after = dict(after or {})
    _check(thing, states)
    question = _question(states, after)
    if any(state is ... for state in states.values()):
        return Answer(YOURS, question)
    workspace.start()
    run = Run(thing, **parameters)
    try:
        for task, how in after.items():
            run.inject(task, how)
        run.run_all()
    finally:
        run.close()
    answer = _kept(question, *_compared(run.record, states))
    return replace(answer, told=_told(run.record, states))


def expect(
    question: str, answer: Any, right: Any, by: Callable[[Any], Any] | None = None
) -> Answer:
    """Compare what you worked out with what ``right`` (a value, or a function that gives one) is.

    ``by`` makes of the answer what is compared: it calls the function, or reads the text, that you
    wrote. While ``answer`` is still ``...`` the question stands alone and nothing is called.
    """
    if answer is ...:
        return Answer(YOURS, question)
    complaint = StringIO()
    try:
        with redirect_stderr(complaint):
            given = by(answer) if by else answer
    except Exception as error:  # of whatever the learner wrote
        print(complaint.getvalue(), end="", file=sys.stderr)
        return _kept(question, False, f"what you wrote raised {one_line(error)}")
    except SystemExit as refused:  # argparse's way; its last line on stderr says why
        said = complaint.getvalue().strip().rpartition("\n")[2].rpartition(": error: ")[2]
        return _kept(question, False, f"what you wrote is refused: {said or one_line(refused)}")
    print(complaint.getvalue(), end="", file=sys.stderr)
    value = right() if isinstance(right, Callable) else right
    with suppress(TypeError):  # of what cannot stand in a set
        if isinstance(given, list | tuple) and type(value) in (set, list, tuple):
            given = type(value)(given)
    same = value.equals(given) if hasattr(value, "equals") else bool(value == given)
    verb = "it gives" if by else "you said"
    text = f"{value!r}, as it should be" if by else f"{value!r}, as you said"
    return _kept(question, same, text if same else f"{verb} {given!r}, and {value!r} is right")


def aim(question: str, thing: Any, states: Mapping[str, str], untouched: tuple[str, ...] = ()):
    """Look whether a panel's run (or any run or record) has got where the lesson wants it.

    ``states`` says for some tasks the state wanted; into ``untouched`` nothing may be injected.
    """
    run = getattr(thing, "run", thing)
    record: Record = getattr(run, "record", run)
    if not record.events:
        return Answer(YOURS, f"{question} Then run this cell again.")
    _check(record, states)
    for task in untouched:
        if (event := record.last(task, "injected")) is not None:
            text = f"{task} was to be left alone, and event {event.seq} is a failure put into it"
            return _kept(question, False, text)
    return _kept(question, *_compared(record, states, "as wanted"))


def _check(thing: Any, states: Mapping[str, Any]) -> None:
    graph = thing.graph if isinstance(thing, Record) else graph_of(thing)
    if not states:
        raise PipelineError("no task to say anything of; give {task: state}")
    for task, state in states.items():
        if not (graph.dynamic or isinstance(thing, Record)):
            graph.known(task)
        if state is not ... and state not in ENDS:
            raise PipelineError(f"{state!r} is no state to end in; choose from {', '.join(ENDS)}")


def _question(states: Mapping[str, Any], after: Mapping[str, str]) -> str:
    injected = " and ".join(f"{task} ({how})" for task, how in after.items())
    cause = f" after a failure is put into {injected}" if injected else ""
    return f"In which state does each end{cause}: {', '.join(states)}? Write it in place of ..."


def _compared(record: Record, states: Mapping[str, str], so="as you said") -> tuple[bool, str]:
    """Whether every task ended as was said, and if not, the first in the record that did not."""
    ended = {task: _end(record, task) for task in states}
    wrong = [task for task, state in states.items() if ended[task][1] != state]
    if not wrong:
        return True, f"{so}: " + ", ".join(f"{t} {state}" for t, state in states.items())
    task = min(wrong, key=lambda name: ended[name][0])
    text = f"{len(states) - len(wrong)} of {len(states)} {so}. First difference: {task}"
    text = f"{text} is {ended[task][1]}, not {states[task]}"
    return False, f"{text}. {why(record, task)}" if task in record.current else text


def _told(record: Record, states: Mapping[str, str]) -> dict[str, Any]:
    """Where the run lies, and when, how and why each task ended: enough to judge another prediction
    where there is no kernel."""
    told = workspace.told(record.folder)
    if told:
        told["workbench"]["ended"] = [
            [task, *_end(record, task), str(why(record, task)) if task in record.current else ""]
            for task in states
        ]
    return told


def _end(record: Record, task: str) -> tuple[int, str]:
    """The event that gave a task the state it has, and that state; no event: after all others."""
    last = next((event for event in reversed(record.of(task)) if event.kind in STATE_OF), None)
    return (last.seq if last else len(record)), record.states().get(task, "absent")


def _kept(question: str, right: bool, text: str) -> Answer:
    """Note the place in the learner's progress; a gradebook in trouble spoils no lesson."""
    try:
        gradebook.note(f"{workspace.notebook()}: {question}", right)
    except PipelineError as trouble:
        text = f"{text} (not kept: {trouble})"
    return Answer(RIGHT if right else WRONG, text)
