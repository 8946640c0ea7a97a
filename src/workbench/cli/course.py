"""Commands about the course: notebooks, exercises, coverage, progress."""

import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import CORES, HOME, TERMINATED, app, echo, writing
from workbench.graph import PipelineError
from workbench.sandbox.message import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from workbench.course.executions import Execution, Limits

SITE = "OUT is the folder that the site goes to"
Paths = Annotated[list[Path] | None, typer.Argument(help="Notebooks or folders of them.")]
Seed = Annotated[int | None, typer.Option(help="Put this into the notebooks' `seed` parameter.")]
Out = Annotated[Path | None, typer.Option(help="Folder for executed copies and junit.xml.")]
Jobs = Annotated[int, typer.Option(min=1, help="Notebooks at the same time.")]
CellLimit = Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")]
Limit = Annotated[int, typer.Option(min=1, help="Seconds that one notebook may take.")]
Acts = Annotated[bool, typer.Option("--acts", help="Act where the reader is asked to, too.")]
Update = Annotated[bool, typer.Option(help="Store the outputs in the notebooks themselves.")]
SiteOut = Annotated[Path, typer.Argument(help="Folder for the site; one of before is replaced.")]
From = Annotated[
    Path | None,
    typer.Option(
        "--from", help="Folder of executed copies; without it the notebooks are executed first."
    ),
]
Names = Annotated[list[str] | None, typer.Argument(help="Exercises to prove; default: all.")]
Prove = Annotated[bool, typer.Option("--check", help="Judge starters, solutions, near misses.")]
Errata = Annotated[bool, typer.Option("--errata", help="List the chapter's mistakes instead.")]


@app.command()
def run(
    paths: Paths = None,
    seed: Seed = None,
    out: Out = None,
    jobs: Jobs = CORES,
    update: Update = False,
    cell_limit: CellLimit = 600,
    limit: Limit = 3600,
    acts: Acts = False,
) -> None:
    """Execute notebooks, each in a fresh kernel and folder; exit code 1: a cell failed."""
    from rich.console import Console

    from workbench.course.executions import Limits
    from workbench.course.notebooks import notebooks_in

    if update and (seed is not None or acts):
        raise PipelineError(
            "--update stores what the notebook gives by itself, so leave --seed and --acts away"
        )
    notebooks = notebooks_in(paths or [Path("notebooks")])
    console = Console(markup=False, emoji=False)  # an error may hold [/brackets]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # and clear up before
    with tempfile.TemporaryDirectory(prefix="workbench-") as scratch:
        copies = out or Path(scratch)
        limits = Limits(cell_limit, limit)
        results = _executed(notebooks, copies, console, seed, jobs, limits, acts)
        if update:
            _store(results)
    console.print(_table(results))
    if any(result.error for result in results):
        raise typer.Exit(1)


def _executed(
    notebooks: list[Path],
    copies: Path,
    console: "Console",
    seed: int | None = None,
    jobs: int = CORES,
    limits: "Limits | None" = None,
    acts: bool = False,
) -> "list[Execution]":
    from workbench.cli.screen import bar, refreshed
    from workbench.course.costs import under_way
    from workbench.course.executions import execute_all

    with writing("--out is the folder that executed copies go to"):
        copies.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as at,
        bar(console, "executing", len(notebooks)) as shown,
        refreshed(shown, lambda: under_way(Path(at))),
    ):
        return execute_all(notebooks, copies, seed, jobs, shown.advance, limits, acts, Path(at))


def _store(results: "list[Execution]") -> None:
    """Leave a notebook that failed as it was."""
    from workbench.course.outputs import store

    with writing("--update stores the outputs in the notebooks themselves"):
        for result in results:
            if result.error is None:
                store(result.copy, result.notebook)


def _table(results: "list[Execution]") -> "Table":
    from rich.table import Table

    from workbench.course.executions import names_of

    names = names_of(result.notebook for result in results)
    table = Table("notebook", "cells", "seconds", "peak MB", "slowest cells", "result")
    for result in results:
        outcome = f"✗ {result.error}" if result.error else "✓ ran"
        peak = f"{result.peak / 1e6:.0f}" if result.peak else "–"
        slowest = ", ".join(f"[{number}] {took:.0f} s" for number, took in result.slowest)
        cells = (str(result.cells), f"{result.seconds:.1f}", peak, slowest, outcome)
        table.add_row(*map(printable, (names[result.notebook], *cells)))
    return table


@app.command()
def publish(out: SiteOut, copies: From = None) -> None:
    """Make the course a static site: lessons as they ran, their runs to play, a search."""
    from rich.console import Console

    from workbench.course.notebooks import notebooks_in
    from workbench.site import publishing

    root, console = _course("course"), Console(markup=False, emoji=False)
    with tempfile.TemporaryDirectory(prefix="workbench-") as scratch, writing(SITE):
        publishing.refuse(out)
        if copies is None:
            copies = Path(scratch)
            results = _executed(notebooks_in([root / "notebooks"]), copies, console, acts=True)
            if any(result.error for result in results):
                console.print(_table(results))
                raise typer.Exit(1)
        runs = publishing.publish(out.absolute(), root, copies.absolute())
    echo(f"→ {out / 'index.html'}: the course, with {runs} runs to play")


@app.command()
def exercises(
    names: Names = None,
    prove: Prove = False,
) -> None:
    """Derive the exercise notebooks from the solutions, or prove that each exercise is whole."""
    from workbench.course import inspection
    from workbench.exercises.registry import exercises, find

    if prove:
        chosen = [find(name) for name in names or exercises()]
        whole = True
        for inspected in map(inspection.inspect, chosen):  # a minute each where an engine runs
            echo(str(inspected))
            whole = whole and not inspected.faults
        raise typer.Exit(0 if whole else 1)
    if names:
        raise PipelineError(f"{names[0]}: all exercises are derived at once; to prove one: --check")
    echo("\n".join(_derived()) or "every exercise is as its solution says")


def _derived() -> list[str]:
    """Derive the exercises; give the paths of those that have changed.

    Outside the project there are only those that bring their solution.
    """
    from workbench import workspace
    from workbench.course import derive

    with writing("the exercises are derived into it"):
        if workspace.project() is None and derive.own():
            return [os.path.relpath(path) for path in derive.write_starters()]
        root = _course("solutions")
        changed = derive.write(root / "solutions", root / "exercises") + derive.write_starters()
        return [os.path.relpath(path, root) for path in changed]


@app.command()
def coverage(errata: Errata = False) -> None:
    """Say which cells cover each part of the chapter; exit code 1: one is not covered."""
    from rich.console import Console
    from rich.table import Table

    from workbench.course.coverage import ERRATA, survey

    items = [item for item in survey(_course("course")) if (item.section == ERRATA) == errata]
    table, section = Table("", "what", "", "where (code cell)"), items[0].section
    for item in items:
        if item.section != section:
            table.add_section()
        section, idle = item.section, item.where(ran=False)
        where = [item.where(), f"not run: {idle}" if idle else ""]
        icon = "✓" if item.covered else "✗"
        table.add_row(item.id, item.title, icon, "\n".join(filter(None, where)) or "nowhere")
    Console(markup=False).print(table)
    gaps = [item for item in items if not item.covered]
    for item in gaps:
        echo(f"workbench: {item.id} ({item.title}) is covered by no cell that ran", err=True)
    if gaps:
        raise typer.Exit(1)


@app.command()
def progress() -> None:
    """Say where you stand in the problems."""
    from workbench.course.gradebook import progress as standing

    with writing(HOME):
        echo(repr(standing()))


def _course(wanted: str) -> Path:
    """The project that the current folder belongs to; raise PipelineError if it has no course."""
    from workbench import workspace

    root = workspace.project()
    if root is None or not (root / "solutions").is_dir():
        raise PipelineError(
            f"{Path.cwd()}: no {wanted} here; change into the folder of the project first"
        )
    return root
