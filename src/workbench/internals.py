"""What the workbench uses of graphviz' and IPython's inside; no other module outside the engines
names a member of them that is private or undocumented."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.engines.members import Member

MEMBERS = (
    Member(
        "graphviz.backend.dot_command:DOT_BINARY",
        "drawing with the layout program that comes as a wheel, which is not called dot; "
        "without it there are pictures only where Graphviz itself is installed",
    ),
    Member(
        "IPython.core.interactiveshell:InteractiveShell._showtraceback",
        "an error of the learner's as one line in the notebook; without it the cell shows the "
        "whole traceback",
        parameters=("etype", "evalue", "stb"),
    ),
)


def lay_out_with(program: Path) -> None:
    """Have graphviz call ``program`` in place of ``dot``, in this process."""
    from graphviz.backend import dot_command

    dot_command.DOT_BINARY = program


def show_error(shell: Any, kind: type[BaseException], error: BaseException, text: str) -> None:
    """Show ``error`` as ``text`` alone. It stays an error to whoever runs the cells: a front end
    gets it as one, and a program that executes the notebook stops there."""
    shell._showtraceback(kind, error, [text])


@contextmanager
def errors_printed(shell: Any) -> Iterator[None]:
    """While this is open, an error in a cell that the shell runs is text and nothing more.

    IPython calls its member by the instance, so that one set there goes before the class's own.
    """
    shell._showtraceback = lambda kind, error, lines: print(shell.InteractiveTB.stb2text(lines))
    try:
        yield
    finally:
        del shell._showtraceback
