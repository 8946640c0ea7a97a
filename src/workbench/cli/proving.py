"""The proof of anybody's tasks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import app, echo, writing
from workbench.cli.pipelines import Date, Name, Set, Source, StandIns, dated, values
from workbench.sandbox.message import printable

if TYPE_CHECKING:
    from workbench.trial.proofs import Proofs, Row

Only = Annotated[str | None, typer.Option("--task", help="Prove this task only.")]
Given = Annotated[Path | None, typer.Option(help="A folder of files that each trial begins with.")]
Run = Annotated[
    Path | None, typer.Option("--record", help="The folder of a run, whose inputs are taken.")
]
JUnit = Annotated[Path | None, typer.Option(help="Write the outcome for a build server here.")]


@app.command()
def prove(
    path: Source,
    name: Name = None,
    task: Only = None,
    parameters: Set = None,
    date: Date = None,
    stand_ins: StandIns = None,
    given: Given = None,
    record: Run = None,
    junit: JUnit = None,
) -> None:
    """Run tasks twice, two at once and killed half-way; exit 0: all held, 1: not, 2: refused."""
    from rich.console import Console
    from rich.markup import escape

    from workbench.catalog.finding import chosen
    from workbench.trial.whole import prove_each

    record, junit = record and record.absolute(), junit and junit.absolute()
    files = given and {
        file.relative_to(given).as_posix(): file.read_bytes()
        for file in given.rglob("*")
        if file.is_file()
    }
    choice = chosen(path, name)
    thing = dated(choice.thing, date)
    with Console(stderr=True).status("running it once") as status:
        proofs = prove_each(
            thing,
            files,
            record,
            values(parameters, "--set"),
            task,
            lambda row: status.update(escape(printable(f"tried {row.task}"))),
            values(stand_ins, "--stand-in"),
        )
    _show(proofs)
    if junit:
        _write(junit, choice.name, proofs)
    raise typer.Exit(0 if proofs.good else 1)


def _show(proofs: "Proofs") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*proofs.columns)
    for row in proofs.table:
        table.add_row(*map(printable, row))
    Console(markup=False, emoji=False).print(table)
    echo(proofs.title)


def _write(path: Path, name: str, proofs: "Proofs") -> None:
    from workbench.course import junit

    def fault(row: "Row") -> str | None:
        return row.words or "not proved" if row.held is False else None

    with writing("--junit is the file that the outcome is written to"):
        junit.write(path, [junit.Case(row.task, 0.0, fault(row)) for row in proofs.rows], name)
