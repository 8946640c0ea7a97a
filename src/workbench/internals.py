"""What the workbench uses of graphviz' and IPython's inside; no other module outside the engines
names a member of them that is private or undocumented."""

from collections.abc import Callable, Iterator
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
    Member(
        "ipykernel.comm.comm:BaseComm._reply_subshell_for",
        "a panel that hears the reader while a cell runs; without it what is pressed then waits "
        "for the cell",
        parameters=("self", "data", "default"),
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


def heard_where_sent(comm: Any) -> None:
    """Take messages of a widget in the thread that the page has sent them to.

    ipykernel takes them where it has last sent one itself (its subshells), which is the thread of
    the cells for a widget that a cell has made: it would be deaf while another cell runs.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default


@contextmanager
def errors_printed(shell: Any, briefly: Callable[[BaseException], str]) -> Iterator[None]:
    """While this is open, an error in a cell that the shell runs is text and nothing more: what
    ``briefly`` makes of it, or, where that is nothing, what IPython does.

    IPython calls its member by the instance, so that one set there goes before the class's own.
    """

    def shown(kind: type[BaseException], error: BaseException, lines: list[str]) -> None:
        print(briefly(error) or shell.InteractiveTB.stb2text(lines))

    usual = vars(shell).get("_showtraceback")  # one of ours, where such a cell holds another
    shell._showtraceback = shown
    try:
        yield
    finally:
        del shell._showtraceback
        if usual:
            shell._showtraceback = usual
