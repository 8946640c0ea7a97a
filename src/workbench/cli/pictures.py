"""Commands that show a pipeline or a run."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import app, writing

File = Annotated[Path, typer.Argument(help="A .py, a compiled .yaml, or a record (.jsonl).")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write the SVG to this file.")]


@app.command()
def draw(file: File, out: Out = None) -> None:
    """Draw the DAG that a file describes: a pipeline, DAG or flow, or the record of a run."""
    from workbench.engines.files import things_in
    from workbench.picture import draw as picture_of

    # A file that is executed moves into a folder of its own.
    file, out = file.absolute(), out and out.absolute()
    for name, thing in things_in(file).items():
        picture = picture_of(thing)
        if out:
            with writing("--out is the file that the picture goes to"):
                picture.save(out)
        typer.echo(f"{name}: {picture}")
        if out:
            typer.echo(f"→ {out}")
