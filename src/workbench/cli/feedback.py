"""Commands for what people read of a class: report, review."""

import contextlib
import getpass
import os
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import app, echo
from workbench.graph import PipelineError
from workbench.wording import counted

if TYPE_CHECKING:
    from workbench.cohort.handins import HandIn
    from workbench.cohort.ledger import Ledger
    from workbench.cohort.standings import Standing
    from workbench.feedback.desk import Desk

Folder = Annotated[Path, typer.Argument(metavar="CLASS", help="A class that is graded.")]
Out = Annotated[Path | None, typer.Option(help="Where the results of a plain folder are.")]
Anonymous = Annotated[
    bool, typer.Option("--anonymous", help="Write a page without names, anonymous.html, instead.")
]

AsList = Annotated[
    bool, typer.Option("--list", help="Print what is to be decided as CSV, and open no page.")
]
Decided = Annotated[
    Path | None, typer.Option(help="Take the outcomes that were filled into that CSV.")
]
Name = Annotated[str | None, typer.Option("--as", help="Who decides; by default, your login.")]
Port = Annotated[int, typer.Option(help="Of the page; a free one unless it is given.")]


@app.command()
def report(folder: Folder, out: Out = None, anonymous: Anonymous = False) -> None:
    """Write feedback for each learner, and the page of the class with similar answers."""
    from workbench.cohort.ledger import FEEDBACK
    from workbench.feedback import learners, overview

    whole, handed_in = read(folder, out)
    if not whole.standings:
        raise PipelineError(f"{whole.root}: nothing is graded yet; {line('grade', folder, out)}")
    if anonymous:
        page = overview.write(whole, overview.looked_for(whole, handed_in), anonymous)
        echo(f"→ {page}; texts of answers in it may name somebody: read it before you share")
        return
    pages = learners.write(whole)
    page = overview.write(whole, overview.looked_for(whole, handed_in))
    echo(f"{len(pages)} learners → {whole.root / FEEDBACK}, everybody → {page}")
    for told in waiting(whole.standings, folder, out):
        echo(f"still open: {told}")
    if out is None:
        echo(f"Next: {line('export', folder)} --for moodle (or another)")


@app.command()
def review(
    folder: Folder,
    out: Out = None,
    as_list: AsList = False,
    decided: Decided = None,
    name: Name = None,
    port: Port = 0,
) -> None:
    """Open a page to decide what the judge could not, or to decide it otherwise."""
    from workbench.cohort import files
    from workbench.feedback import overview
    from workbench.feedback.desk import LISTED, Desk, listed, taken

    whole, handed_in = read(folder, out)
    desk = Desk(whole, handed_in, name or _login())
    if as_list:
        typer.echo(files.table(LISTED, listed(desk)), nl=False)
        filled = f"{line('review', folder, out)} --decided FILE"
        echo(f"Write passed or failed into `outcome`, then: {filled}", err=True)
        return
    if decided is None:
        _served(desk, port)
    else:
        echo(f"{taken(desk, files.rows_of(decided, LISTED[:5], missing=False))} rows are decided")
    overview.write(whole := read(folder, out)[0], overview.looked_for(whole, handed_in))
    echo(f"{len(desk.open())} questions are open. Next: {line('report', folder, out)}")


def _login() -> str:
    """Who is at it; the number of a user who has no name here, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _served(desk: "Desk", port: int) -> None:
    """Serve the page until Ctrl-C."""
    from workbench.feedback.server import Server

    try:
        server = Server(desk, port)
    except OSError as error:
        raise PipelineError(f"--port {port}: {error.strerror}; leave it away") from None
    answers = len(
        {
            (standing.learner, standing.problem)
            for asked in desk.questions
            for standing in asked.answers
        }
    )
    echo(f"{len(desk.questions)} questions about {answers} answers, on a page of this machine:")
    echo(f"{server.address}\nCtrl-C ends it; what is decided until then stays.")
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


def read(folder: Path, out: Path | None = None) -> tuple["Ledger", list["HandIn"]]:
    """Everything that is known of a class, and what was handed in."""
    from workbench.cohort import ledger
    from workbench.cohort.grading import Grading
    from workbench.cohort.handins import hand_ins

    handed_in = hand_ins(folder)
    return ledger.of(Grading(root_of(folder, out), handed_in)), handed_in


def root_of(folder: Path, out: Path | None) -> Path:
    """Where the class's files lie; raise PipelineError for an ``out`` too many, or too few."""
    from workbench.cohort.handins import LEARNERS, is_class

    if is_class(folder):
        if out is not None:
            raise PipelineError(f"{folder} is a class and keeps its results; leave --out away")
        return folder
    if out is None:
        raise PipelineError(f"{folder} is no class (it has no {LEARNERS}/); say --out FOLDER")
    return out


def waiting(standings: Iterable["Standing"], folder: Path, out: Path | None = None) -> list[str]:
    """What is said of those without points, or to whom some may be added: where a person decides
    each."""
    from workbench.cohort import collected
    from workbench.cohort.standings import NOT_JUDGED

    standings = [*standings]
    unjudged = sum(standing.outcome == NOT_JUDGED for standing in standings)
    judged = [standing for standing in standings if standing.result]
    answers = sum(standing.score is None or standing.open > 0 for standing in judged)
    unread = {row.learner for row in collected.read(folder) if row.waits and row.learner}
    told = {
        f"{line('grade', folder, out)} ({counted(unjudged, 'answer')} not judged yet)": unjudged,
        f"{line('review', folder, out)} ({counted(answers, 'answer')} for a person)": answers,
        f"look into {folder / collected.FILE} (files of {counted(len(unread), 'learner')} wait for "
        "a person)": len(unread),
    }
    return [text for text, count in told.items() if count]


def line(command: str, folder: Path, out: Path | None = None) -> str:
    """The line to type for a command on this class."""
    words = ["workbench", command, str(folder), *(["--out", str(out)] if out else [])]
    return shlex.join(words)
