"""Commands that judge answers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import app, echo

Problem = Annotated[str, typer.Argument(help="problem_1 and so on.")]
File = Annotated[Path, typer.Argument(help="A notebook, or a .py, .md or .txt for one part.")]
WithoutWords = Annotated[bool, typer.Option("--without-words", help="Code need not be explained.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Platform = Annotated[
    str | None, typer.Option("--format", help="gradescope, classroom50, prairielearn, coderunner.")
]
Seed = Annotated[int | None, typer.Option(help="Draw the inputs from this seed.")]


@app.command()
def check(
    problem: Problem,
    file: File,
    as_json: AsJson = False,
    seed: Seed = None,
    without_words: WithoutWords = False,
    platform: Platform = None,
) -> None:
    """Judge an answer; exit code 0: passed, 1: judged and not passed, 2: could not be judged."""
    from workbench.cohort.formats import rendered
    from workbench.exercises import check

    report = check.check(problem, file, seed, words=not without_words)
    if beyond := report.confinement.open:
        echo(f"workbench: warning: here an answer could {beyond}; see doctor", err=True)
    content = report.as_json()
    if platform is not None:
        content = rendered(platform, content, report.note)
    as_text = not (as_json or platform)
    typer.echo(report.as_text() if as_text else json.dumps(content, allow_nan=False))
    raise typer.Exit(report.exit_code)
