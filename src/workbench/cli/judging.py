"""Commands that judge answers."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import CORES, INTERRUPTED, app, writing

Problem = Annotated[str, typer.Argument(help="problem_1 and so on.")]
File = Annotated[Path, typer.Argument(help="A notebook, or a .py, .md or .txt for one part.")]
Folder = Annotated[Path, typer.Argument(help="Holds <learner>/problem_N.*")]
WithoutWords = Annotated[bool, typer.Option("--without-words", help="Code need not be explained.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Seed = Annotated[int | None, typer.Option(help="Draw the inputs from this seed.")]
Out = Annotated[Path, typer.Option(help="Folder for the reports and grades.csv.")]
Jobs = Annotated[int, typer.Option(min=1, help="Submissions at the same time.")]
STOPPING = "stopping, once those under way have ended"


@app.command()
def check(
    problem: Problem,
    file: File,
    as_json: AsJson = False,
    seed: Seed = None,
    without_words: WithoutWords = False,
) -> None:
    """Judge an answer; exit code 0: passed, 1: judged and not passed, 2: could not be judged."""
    from workbench.exercises import check

    report = check.check(problem, file, seed, words=not without_words)
    typer.echo(json.dumps(report.as_json(), allow_nan=False) if as_json else report.as_text())
    raise typer.Exit(report.exit_code)


@app.command()
def grade(folder: Folder, out: Out, jobs: Jobs = CORES, seed: Seed = None) -> None:
    """Judge a class into OUT/<learner>/problem_N.json and OUT/grades.csv."""
    from rich.console import Console

    from workbench.cli.screen import bar
    from workbench.cohort import grading, handins

    hand_ins, console = handins.hand_ins(folder), Console()
    with writing("--out is the folder that the reports go to"):
        out.mkdir(parents=True, exist_ok=True)
    with bar(console, "judging", len(hand_ins)) as shown:
        try:
            reports = grading.grade(
                hand_ins,
                out,
                jobs,
                seed,
                done=shown.advance,
                stopping=lambda: shown.describe(STOPPING),
            )
        except KeyboardInterrupt:
            typer.echo(f"workbench: stopped; what was judged until then is in {out}", err=True)
            raise typer.Exit(INTERRUPTED) from None
    outcomes = Counter(report.outcome for report in reports.values())
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    console.print(counts, "→", out / "grades.csv")
