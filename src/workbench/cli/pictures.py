"""Commands that show a pipeline or a run."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import app, echo, reading, writing
from workbench.graph import PipelineError

File = Annotated[Path, typer.Argument(help="A .py, an engine's own file, or a record (.jsonl).")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write the SVG to this file.")]

RunPaths = Annotated[
    list[Path], typer.Argument(help="A record.jsonl or the folder of a run; two are compared.")
]
PageOut = Annotated[Path | None, typer.Option("--out", "-o", help="Write the page to this file.")]
Without = Annotated[
    bool,
    typer.Option(
        "--without-values", help="Leave out outputs and logs; for a folder that is not yours."
    ),
]
Own = Annotated[
    bool,
    typer.Option("--own", help="The run is yours: open pickled outputs, too, which may run code."),
]


@app.command()
def draw(file: File, out: Out = None) -> None:
    """Draw the DAG of a file, or the record of a run; a Python file is executed to find it."""
    from workbench.engines.files import things_in
    from workbench.picture import draw as picture_of

    # A file that is executed moves into a folder of its own.
    file, out = file.absolute(), out and out.absolute()
    with reading(file):
        pictures = {name: picture_of(thing) for name, thing in things_in(file).items()}
    for name, picture in pictures.items():
        if out:
            with writing("--out is the file that the picture goes to"):
                picture.save(out)
        echo(f"{name}: {picture}")
        if out:
            echo(f"→ {out}")


@app.command()
def page(
    records: RunPaths, out: PageOut = None, without_values: Without = False, own: Own = False
) -> None:
    """Make a run, or two side by side, one file that plays in any browser, without kernel."""
    from workbench.panel.page import page, pair
    from workbench.record import Record

    if len(records) > 2:
        raise PipelineError(f"{records[2]}: a page has one run, or two that are compared")
    target = out or Path(f"{'-and-'.join(map(_title, records))}.html")
    make = pair if len(records) == 2 else page
    with reading(" or ".join(map(str, records))):
        loaded = [Record.load(path, own) for path in records]
        make(*loaded, target, values=not without_values)
    echo(f"→ {target}")


def _title(path: Path) -> str:
    from workbench import journal

    run = path.resolve()
    return run.parent.name if run.name == journal.NAME else run.stem
