"""Commands that run anybody's pipelines, and say why a run went as it did."""

import json
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from workbench.cli.app import app, echo, reading, writing
from workbench.graph import PipelineError
from workbench.sandbox.message import printable

if TYPE_CHECKING:
    from workbench.events import Event
    from workbench.execution import Run
    from workbench.record import Record

Source = Annotated[
    str, typer.Argument(metavar="PATH", help="A file, a folder of files, or module:name.")
]
Name = Annotated[str | None, typer.Option(help="Which of several in it.")]
Until = Annotated[str | None, typer.Option("--task", help="Run this task and what it needs.")]
Inject = Annotated[list[str] | None, typer.Option(help="TASK=HOW, make it fail: load=raise.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE, a run parameter.")]
Answers = Annotated[
    list[str] | None, typer.Option("--answer", help="TASK=VALUE, where a task asks a person.")
]
StandIns = Annotated[
    list[str] | None, typer.Option("--stand-in", help="TASK=VALUE, returned in its place.")
]
Keep = Annotated[Path | None, typer.Option("--record", help="Write the record to this file.")]
Date = Annotated[str | None, typer.Option(help="The logical date of a run that has one.")]
Seconds = Annotated[float, typer.Option(min=1, help="Seconds after which the run is stopped.")]
Asked = Annotated[str, typer.Argument(help="The task that is asked about.")]
Recorded = Annotated[Path, typer.Argument(help="A record (.jsonl), or the folder of a run.")]


@app.command()
def run_pipeline(
    path: Source,
    name: Name = None,
    task: Until = None,
    inject: Inject = None,
    parameters: Set = None,
    answers: Answers = None,
    stand_ins: StandIns = None,
    record: Keep = None,
    date: Date = None,
    limit: Seconds = 3600,
) -> None:
    """Run a file's pipeline (executing the file); exit 0: success, 1: another end, 2: refused."""
    from workbench import workspace
    from workbench.catalog.finding import chosen
    from workbench.execution import Run

    record = record and record.absolute()
    if record and not record.parent.is_dir():
        raise PipelineError(
            f"{record.parent}: no such folder; --record is the file that the record goes to"
        )
    choice = chosen(path, name)
    for reason in choice.unread:
        echo(f"workbench: not read: {reason}", err=True)
    workspace.start()
    answering, standing_in = values(answers, "--answer"), values(stand_ins, "--stand-in")
    given = values(parameters, "--set")
    with reading(path):
        execution = Run(dated(choice.thing, date), stand_in=standing_in, parameters=given)
    execution.record.listeners.append(partial(_tell, sys.stdout))
    try:
        for asked in inject or ():
            execution.inject(*_pair(asked, "--inject"))
        _drive(execution, task, limit, answering)
    finally:
        execution.close()
        if record:
            with writing("--record is the file that the record goes to"):
                execution.record.save(record)
    raise typer.Exit(_ended(choice.name, execution.record, task))


def _drive(execution: "Run", task: str | None, limit: float, answers: dict[str, Any]) -> None:
    """Run, and answer what is asked; after ``limit`` seconds stop, so that it ends whatever a task
    does. Raise PipelineError where a task asks and there is no answer."""
    timer = threading.Timer(limit, execution.stop)
    timer.daemon = True
    timer.start()
    try:
        execution.run_to(task) if task else execution.run_all()
        while asking := answers.keys() & execution.questions.keys():
            for asked in asking:
                execution.answer(asked, answers.pop(asked))
            execution.run_to(task) if task else execution.run_all()
    finally:
        timer.cancel()
    for asked, question in execution.questions.items():
        options = question.get("options") or list(question.get("fields") or ())
        wanted = f" ({', '.join(map(str, options))})" if options else ""
        raise PipelineError(
            f"task {asked!r} waits for a person{wanted}; give the answer by --answer {asked}=VALUE"
        )


def dated(thing: Any, date: str | None) -> Any:
    """The thing, or its engine told of its runs' date; raise PipelineError for one without."""
    from workbench.engines.registry import engine_to_run

    if date is None:
        return thing
    engine = engine_to_run(thing)
    if not hasattr(engine, "dated"):
        raise PipelineError(f"--date {date}: a run of {engine.title!r} has no logical date")
    engine.dated(date)
    return engine


def _pair(text: str, option: str) -> tuple[str, str]:
    key, equals, value = text.rpartition("=") if option == "--inject" else text.partition("=")
    if not (key and equals):
        raise PipelineError(f"{option} {text}: write it with an equals sign, name=value")
    return key, value


def values(texts: list[str] | None, option: str) -> dict[str, Any]:
    """What an option has given, by name."""
    return dict(_value(text, option) for text in texts or ())


def _value(text: str, option: str) -> tuple[str, Any]:
    """A name and a value, which is JSON if it can be read as that, and text otherwise."""
    key, value = _pair(text, option)
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _tell(out: TextIO, event: "Event") -> None:
    """One line for each step of a task's way, past the log of the attempt that it may come from."""
    from workbench.events import KINDS
    from workbench.picture import icon

    state = KINDS[event.kind].state
    if event.task is None or state in (None, "pending", "queued"):
        return
    attempt = f", attempt {event.attempt}" if event.kind == "started" and event.attempt > 1 else ""
    error = f": {event.error}" if event.error else ""
    line = f"{event.at:7.1f} s  {icon(state)} {event.task}: {state}{attempt}{error}"
    print(printable(line), file=out, flush=True)


def _ended(title: str, record: "Record", task: str | None) -> int:
    """Say how it ended, and why what failed has; the exit code."""
    from workbench.events import DONE
    from workbench.folding import state_of_node
    from workbench.steering.reasons import why

    states = record.states()
    well = state_of_node(task, states) in DONE if task else record.state == "success"
    for name in (name for name, state in states.items() if not well and state == "failed"):
        echo(why(record, name))
    counts = {state: [*states.values()].count(state) for state in dict.fromkeys(states.values())}
    words = ", ".join(f"{count} {state}" for state, count in counts.items())
    echo(f"{title}: {'success' if well else record.state} ({words})")
    return 0 if well else 1


@app.command(name="why")
def why_(record: Recorded, task: Asked) -> None:
    """Say why a task of a run stands where it stands."""
    from workbench.record import Record
    from workbench.steering.reasons import why

    with reading(record):
        reason = why(Record.load(record), task)
    echo(reason)
