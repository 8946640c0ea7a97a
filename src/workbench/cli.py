"""The command line: ``workbench …``. A mistake ends in one clear line on stderr and exit code 2."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from workbench.graph import PipelineError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=__doc__.split("\n")[0],
)
Seed = Annotated[
    int | None, typer.Option(help="Put this value into the notebook's `seed` parameter.")
]


@app.command()
def run(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Notebooks or folders; default: notebooks")
    ] = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for executed copies and junit.xml.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks at the same time.")] = os.cpu_count()
    or 1,
    update: Annotated[
        bool, typer.Option(help="Store the outputs in the notebooks themselves, cleaned.")
    ] = False,
) -> None:
    """Execute notebooks from top to bottom, each in a fresh kernel and a folder of its own."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Table

    from workbench.course import notebooks

    if update and seed is not None:
        raise PipelineError(
            "--update stores what the notebook gives with its own seed, so leave --seed away"
        )
    found, console = notebooks.notebooks(paths or [Path("notebooks")]), Console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with (
        tempfile.TemporaryDirectory(prefix="workbench-") as scratch,
        Progress(*columns, console=console) as progress,
    ):
        target = out or Path(scratch)
        bar = progress.add_task("executing", total=len(found))
        results = notebooks.execute_all(found, target, seed, jobs, lambda _: progress.advance(bar))
        if update:
            for result in results:
                if result.error is None:
                    notebooks.store(target / result.notebook.name, result.notebook)
    table = Table("notebook", "cells", "seconds", "result")
    for result in results:
        verdict = "✓ ran" if result.error is None else f"✗ {result.error}"
        table.add_row(result.notebook.name, str(result.cells), f"{result.seconds:.1f}", verdict)
    console.print(table)
    if any(result.error for result in results):
        raise typer.Exit(1)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open the start page in JupyterLab on this machine; the address with its token is printed."""
    from workbench import workspace
    from workbench.course import notebooks

    root, page = workspace.project(), "notebooks/0-start-here.ipynb"
    if root is None:
        raise PipelineError(
            f"{Path.cwd()}: no notebooks here; change into the folder of the project first"
        )
    notary = notebooks.trust(root, workspace.home())
    settings = Path(__file__).with_name("lab_settings")
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.root_dir": root,
        "LabApp.default_url": f"/lab/tree/{page}",
        "LabApp.app_settings_dir": settings,
        "LabApp.extension_manager": "readonly",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        **{f"NotebookNotary.{name}": path for name, path in notary.items()},
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    arguments += ["--allow-root"] * (hasattr(os, "geteuid") and os.geteuid() == 0)
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *arguments, *context.args])


@app.command()
def draw(
    file: Path,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the picture as SVG to this file.")
    ] = None,
) -> None:
    """Draw the DAG that a file describes: a pipeline, DAG or flow (.py), compiled pipeline (.yaml), record (.jsonl)."""
    from workbench.engines.files import things_in
    from workbench.picture import draw as picture_of

    file, out = file.absolute(), out and out.absolute()
    for name, thing in things_in(file).items():
        picture = picture_of(thing)
        typer.echo(f"{name}: {picture}")
        if out:
            typer.echo(f"→ {picture.save(out)}")


@app.command()
def check(
    problem: str,
    file: Path,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Draw the inputs from this seed.")] = None,
) -> None:
    """Judge an answer. Exit code 0: passed, 1: judged and not passed, 2: could not be judged."""
    import json

    from workbench.exercises import check

    report = check.check(problem, file, seed)
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else report.as_text())
    raise typer.Exit(report.exit_code)


@app.command()
def grade(
    folder: Path,
    out: Annotated[Path, typer.Option(help="Folder for the reports and grades.csv.")],
    jobs: Annotated[int, typer.Option(min=1, help="Submissions at the same time.")] = os.cpu_count()
    or 1,
    seed: Annotated[int | None, typer.Option(help="Draw the inputs from this seed.")] = None,
) -> None:
    """Judge FOLDER/<learner>/problem_N.* into OUT/<learner>/problem_N.json and OUT/grades.csv."""
    from collections import Counter

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from workbench.cohort import grading

    found, console = grading.submissions(folder), Console()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PipelineError(
            f"{out}: {error.strerror}; --out is the folder that the reports go to"
        ) from None
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("judging", total=len(found))
        try:
            reports = grading.grade(
                found,
                out,
                jobs,
                seed,
                done=lambda *_: progress.advance(bar),
                stopping=lambda: progress.update(
                    bar, description="stopping, once those under way have ended"
                ),
            )
        except KeyboardInterrupt:
            typer.echo(f"workbench: stopped; what was judged until then is in {out}", err=True)
            raise typer.Exit(130) from None
    outcomes = Counter(report.outcome for report in reports.values())
    console.print(
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())),
        "→",
        out / "grades.csv",
    )


@app.command()
def exercises() -> None:
    """Derive the exercise notebooks from the solutions."""
    from workbench import workspace
    from workbench.course import derive

    root = workspace.project()
    if root is None or not (root / "solutions").is_dir():
        raise PipelineError(
            f"{Path.cwd()}: no solutions here; change into the folder of the project first"
        )
    changed = derive.write(root / "solutions", root / "exercises")
    typer.echo(
        "\n".join(str(path.relative_to(root)) for path in changed)
        or "every exercise is as its solution says"
    )


@app.command()
def coverage(
    errata: Annotated[
        bool, typer.Option("--errata", help="List the chapter's errata, not its contents.")
    ] = False,
) -> None:
    """Say where each part of the chapter is covered by a cell that ran. Exit code 1: something is not."""
    from rich.console import Console
    from rich.table import Table

    from workbench import workspace
    from workbench.course import coverage

    root = workspace.project()
    if root is None or not (root / "solutions").is_dir():
        raise PipelineError(
            f"{Path.cwd()}: no course here; change into the folder of the project first"
        )
    items = [item for item in coverage.survey(root) if (item.section == coverage.ERRATA) == errata]
    table, section = Table("", "what", "", "where (code cell)"), items[0].section
    for item in items:
        table.add_section() if item.section != section else None
        section, idle = item.section, item.where(ran=False)
        where = "\n".join(filter(None, (item.where(), idle and f"not run: {idle}")))
        table.add_row(item.id, item.title, "✓" if item.covered else "✗", where or "nowhere")
    Console(markup=False).print(table)
    for item in (gaps := [item for item in items if not item.covered]):
        typer.echo(f"workbench: {item.id} ({item.title}) is covered by no cell that ran", err=True)
    if gaps:
        raise typer.Exit(1)


@app.command()
def progress() -> None:
    """Say where you stand in the five problems."""
    from workbench.course.gradebook import progress as standing

    typer.echo(repr(standing()))


@app.command()
def doctor() -> None:
    """Say in a table what works here, and how to mend what does not."""
    from rich.console import Console
    from rich.table import Table

    from workbench import doctor as surgery

    console, table, findings = Console(), Table("what", "", "found", "how to mend it"), []
    with console.status("looking") as status:
        for finding in surgery.examine():
            status.update(f"looked at {finding.subject}")
            findings.append(finding)
            icon = {True: "✓", False: "✗", None: "–"}[finding.works]
            table.add_row(
                finding.subject, icon, finding.state, "" if finding.works else finding.remedy
            )
    console.print(table)
    if any(finding.works is False for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a mistake of the user's is one line, not a traceback."""
    try:
        code = app(standalone_mode=False)
    except PipelineError as error:
        sys.exit(_say(error))
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        sys.exit(_say(f"{error.format_message()} Try: workbench --help"))
    sys.exit(code or 0)


def _say(message: object) -> int:
    print(f"workbench: {message}", file=sys.stderr)
    return 2
