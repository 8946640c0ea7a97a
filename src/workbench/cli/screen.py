"""What several commands show while they work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workbench.sandbox.message import printable


class Bar:
    """A bar that fills as pieces of work are done."""

    def __init__(self, shown: Progress, description: str, total: int) -> None:
        self._shown = shown
        self._task = shown.add_task(description, total=total)

    def advance(self, _: object = None) -> None:
        """One piece more is done."""
        self._shown.advance(self._task)

    def expect(self, total: int) -> None:
        """So many there are."""
        self._shown.update(self._task, total=total)

    def describe(self, description: str) -> None:
        """Say something else before the bar."""
        self._shown.update(self._task, description=description)


@contextmanager
def bar(console: Console, description: str, total: int) -> Iterator[Bar]:
    """Show a bar with its count and the time while the block runs."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as shown:
        yield Bar(shown, description, total)


@contextmanager
def refreshed(bar: Bar, description: Callable[[], str]) -> Iterator[None]:
    """Ask twice a second what to say before a bar, while the block runs; nothing: as it was."""
    over = threading.Event()

    def ask() -> None:
        while not over.wait(0.5):
            if text := description():
                bar.describe(printable(text))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()
