"""What trials have shown, as values, in words and as a table."""

from dataclasses import dataclass
from html import escape
from typing import ClassVar


class Table:
    """A title, ``columns`` and rows of texts, in words and as HTML."""

    columns: ClassVar[tuple[str, ...]]
    title: str
    table: list[tuple[str, ...]]

    def __repr__(self) -> str:
        rows = [self.columns, *self.table]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n  ".join([self.title, *lines])

    def _repr_mimebundle_(self, **_) -> dict[str, str]:
        head = "".join(f"<th scope='col'>{title}</th>" for title in self.columns)
        rows = ("<td>".join(map(escape, row)) for row in self.table)
        body = "".join(f"<tr><th scope='row'>{row}" for row in rows)
        caption = f"<caption>{escape(self.title)}</caption>"
        table = f"<table style='text-align:left'>{caption}<tr>{head}{body}</table>"
        return {"text/html": table, "text/plain": repr(self)}


@dataclass(frozen=True)
class Trial:
    """What one trial left in the folder, and what another run made of that (empty where there was
    none)."""

    name: str
    left: str
    again: str
    good: bool

    @property
    def row(self) -> tuple[str, str, str]:
        """The trial as a row of a table."""
        return f"{'✓' if self.good else '✗'} {self.name}", self.left, self.again


@dataclass(frozen=True, repr=False)
class Proof(Table):
    """The trials of one task; kills with equal outcomes share one. No kills: the kernel cannot
    stop a write."""

    columns = ("trial", "what is left", "after another run")
    task: str
    kills: int
    trials: tuple[Trial, ...]

    @property
    def good(self) -> bool:
        """Whether nobody could tell from the folder how often, beside whom or how long it ran."""
        return all(trial.good for trial in self.trials)

    @property
    def title(self) -> str:
        """The outcome in one line."""
        bad = sum(not trial.good for trial in self.trials)
        some = f"{bad} of {len(self.trials)} outcomes {'is' if bad == 1 else 'are'} bad"
        note = "" if self.kills else " (not killed: this kernel cannot stop a write)"
        return f"{self.task}: {some if bad else 'every outcome is good'}{note}"

    @property
    def table(self) -> list[tuple[str, ...]]:
        """The trials as texts, see ``columns``."""
        return [trial.row for trial in self.trials]
