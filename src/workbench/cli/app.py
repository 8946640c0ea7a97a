"""The application that commands are added to, and how it ends."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from typer.exceptions import TyperException
from typer.models import CommandInfo

from workbench.graph import PipelineError
from workbench.sandbox.message import printable

UNUSABLE, INTERRUPTED, TERMINATED = 2, 130, 143  # exit codes: a mistake; Ctrl-C; SIGTERM
CORES = os.cpu_count() or 1
MOST = 200  # characters of an error that are told
DAMAGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
HOME = "the workbench needs a folder to write to, set WORKBENCH_HOME to one"

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Pipelines: learn them, step through your own, grade a class. A mistake ends in one line "
    "and exit code 2.",
)

PANELS = {  # of the help: the commands in the order in which somebody comes to need them
    "Learn": ("new", "lab", "check", "progress", "refresh", "update", "run"),
    "Your own pipelines": ("draw", "step", "run-pipeline", "why", "prove", "page"),
    "Grade a class": ("hand-out", "collect", "grade", "review", "report", "export", "forget"),
    "This machine, and the course itself": ("doctor", "exercises", "coverage", "publish"),
}


def arrange() -> None:
    """Put the commands that are known by now into panels, and in order."""
    panels = {name: panel for panel, names in PANELS.items() for name in names}
    by_name = {_name(command): command for command in app.registered_commands}
    app.registered_commands[:] = [by_name.pop(name) for name in panels] + [*by_name.values()]
    for command in app.registered_commands:
        command.rich_help_panel = panels[_name(command)]


def _name(command: CommandInfo) -> str:
    return command.name or command.callback.__name__.replace("_", "-")


def main() -> None:
    """Run the command line; a mistake of the user's is one line, not a traceback."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who has started it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the end
        # A terminal of few signs shows the others as escapes.
        getattr(sys, name).reconfigure(errors="backslashreplace")
    # A grammar that nbformat brings in, and that nobody here asks for: it costs a second.
    sys.modules.setdefault("rfc3987_syntax", None)
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except PipelineError as error:
        code = _say(str(error))
    except TyperException as error:
        code = _say(f"{error.format_message()} Try: workbench --help")
    except typer.Abort:
        code = INTERRUPTED
    except OSError as error:
        code = _unheard(error)
    sys.exit(code or 0)


def _unheard(error: OSError) -> int:
    """The exit code where nobody takes what is printed, or there is no folder to be in any more."""
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(silent, stream.fileno())  # or it is tried once more at the end
    where = f"{error.filename}: " if error.filename else ""
    return _say(f"{where}{error.strerror or error}")


@contextmanager
def writing(purpose: str) -> Iterator[None]:
    """Where a path that the user gave is written to; raise PipelineError if it cannot be, ending
    in the ``purpose`` of the path."""
    try:
        yield
    except OSError as error:
        several = error.args[0] if isinstance(error, shutil.Error) else ()
        where, why = (several[0][1], several[0][2]) if several else (error.filename, error.strerror)
        raise PipelineError(f"{where}: {why}; {purpose}") from None


@contextmanager
def reading(file: object) -> Iterator[None]:
    """Where a file is read that somebody may have damaged; raise PipelineError, one line, for
    whatever comes of what is in it."""
    try:
        yield
    except PipelineError:  # which says in its own line what is wrong
        raise
    except DAMAGE as error:
        reason = " ".join(f"{type(error).__name__}: {error}"[:MOST].split())
        raise PipelineError(f"{file}: not what a file of its kind holds ({reason})") from None


def echo(text: str, err: bool = False) -> None:
    """Print a text: what somebody has named or written says nothing to the terminal itself."""
    typer.echo(printable(text), err=err)


def _say(message: str) -> int:
    echo(f"workbench: {message}", err=True)
    return UNUSABLE
