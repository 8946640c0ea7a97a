"""Commands about a learner's folder of the course."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import app, echo, writing

Target = Annotated[Path, typer.Argument(metavar="FOLDER", help="The new folder.")]
Problem = Annotated[str, typer.Argument(help="problem_1 and so on.")]
Folder = Annotated[Path | None, typer.Argument(help="Made by `new`; default: the current one.")]


@app.command()
def new(folder: Target) -> None:
    """Lay out the course in a new folder: lessons, exercises, and how to begin."""
    from workbench.course.folder import lay_out

    with writing("the course is laid out in it"):
        files = lay_out(folder)
    echo(f"{len(files)} files → {folder}; go on with: cd {folder} && workbench lab")


@app.command()
def update(folder: Folder = None) -> None:
    """Bring the installed version of the course into a folder; answers are carried over."""
    from workbench import workspace
    from workbench.course.folder import update as brought

    with writing("the course is brought into it"):
        changes = brought(folder or workspace.project() or Path.cwd())
    echo("\n".join(map(str, changes)) or "everything is as this version has it, or yours")


@app.command()
def refresh(problem: Problem) -> None:
    """Set an exercise's notebook back to what it begins with; the older one is kept."""
    from workbench.course.folder import refresh

    with writing("the exercises lie there"):
        notebook, kept = refresh(problem)
    told = f"yours is kept as {kept.name}" if kept else "nothing was in its place"
    echo(f"{notebook} is as it begins; {told}")
