"""Anybody's files: what is in them, and one of it seen and steered."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.app import HOME, app, echo, writing
from workbench.cli.pipelines import StandIns, values
from workbench.graph import PipelineError
from workbench.sandbox.message import printable

if TYPE_CHECKING:
    from workbench.catalog.entry import Entry

Source = Annotated[
    str,
    typer.Argument(metavar="PATH", help="A file, a folder of files, a record, or module:name."),
]
Name = Annotated[str | None, typer.Option(help="Which of several in it.")]
Here = Annotated[bool, typer.Option("--terminal", help="In this terminal, without a browser.")]
Only = Annotated[bool, typer.Option("--list", help="Say what is in it, and no more.")]


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def step(
    context: typer.Context,
    path: Source,
    name: Name = None,
    only: Only = False,
    terminal: Here = False,
    stand_ins: StandIns = None,
) -> None:
    """Say what is in files (executing them), and open the panel on one of it in JupyterLab."""
    from workbench import workspace
    from workbench.catalog.finding import chosen
    from workbench.catalog.opening import notebook_of
    from workbench.cli.lab import open_lab

    rows = _listed(Path(path)) if Path(path).exists() else []
    if only:
        if not Path(path).exists():
            echo(chosen(path, name).name)
        return
    if name is None and len(rows) > 1:
        name = _asked(rows)
    standing_in = values(stand_ins, "--stand-in")
    if terminal:
        _in_terminal(path, name, standing_in)
        return
    with writing(HOME):
        home = workspace.home()
        page = notebook_of(path, name, home / "step", standing_in)
    os.environ["WORKBENCH_HOME"] = str(home)
    open_lab(page.parent, page.name, arguments=context.args)


def _in_terminal(path: str, name: str | None, stand_in: dict[str, Any]) -> None:
    """See and steer a run here. Raise PipelineError for a record, which has a page."""
    from workbench import workspace
    from workbench.catalog.finding import chosen
    from workbench.execution import Run
    from workbench.extras import require
    from workbench.record import Record

    require(["terminal"], "step --terminal")
    from workbench.terminal import Terminal

    choice = chosen(path, name)
    if isinstance(choice.thing, Record):
        raise PipelineError(f"{path}: a record has happened already; see it by: workbench page")
    workspace.start()
    execution = Run(choice.thing, stand_in=stand_in)
    try:
        Terminal(execution).run()
    finally:
        execution.close()


def _listed(path: Path) -> "list[Entry]":
    """Print the table of what is in a file or folder; give what can be chosen."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from workbench.catalog.listing import entries, files_in

    folder = path.absolute() if path.is_dir() else path.absolute().parent
    files, others = files_in(path) if path.is_dir() else ([path], 0)
    console, rows = Console(markup=False, emoji=False), []
    with Console(stderr=True).status("reading") as status:
        for entry in entries(files):
            status.update(escape(printable(f"read {entry.label(folder)}")))
            rows.append(entry)
    table = Table("", "name", "engine", "tasks", "schedule", "file", "what is missing")
    readable = [row for row in rows if not row.error]
    for number, row in enumerate(readable, 1):
        count = "when it runs" if row.tasks is None else str(row.tasks)
        cells = (row.name, row.engine, count, row.schedule, row.label(folder), row.missing)
        table.add_row(str(number), *map(printable, cells))
    console.print(table)
    for row in rows:
        if row.error:
            echo(f"✗ {row.trouble(folder)}")
    if others:
        echo(f"other files, which hold no pipeline: {others}")
    if not readable:
        raise PipelineError(f"{path}: nothing in it can be run")
    return readable


def _asked(rows: "list[Entry]") -> str:
    """Which of several the person at the terminal wants."""
    if not sys.stdin.isatty():
        raise PipelineError(f"{len(rows)} things are in it, choose by --name")
    number = typer.prompt("which", type=typer.IntRange(1, len(rows)))
    return rows[number - 1].name
