"""Cells that answer: read in the same way from a notebook's file and as they are run."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from textwrap import dedent

# A cell of the first part is `%%answer NAME`, one of the other `%%answer NAME.` and one of these.
CELLS = {"explain": "prose", "code": "code", "show": "show"}
MAGIC = re.compile(r"[\s\ufeff]*+%%answer\s+([^\s.]+)(?:\.(\S+))?\s*(?:#.*)?$")
ABOVE = re.compile(r"[\s\ufeff]*+(?:#.*|%%.*)?$")  # what may: nothing, a comment, another magic
# All such lines at once. ++, *+: not a step back is remembered.
OTHERS = re.compile(r"(?:[ \t\v\f\ufeff]*+(?:#[^\n]*+|%%(?!answer)[^\n]*+)?\n)*+")
HEAD = 4000  # characters of a cell among which its magic stands
OTHER_MAGIC = re.compile(r"\s*%%")
# As a cell's first line has them, and each.
PROMPTS = (
    (re.compile(r"^>>>( |$)"), re.compile(r"^(>>>|\.\.\.)( |$)")),
    (re.compile(r"^In \[\d+\]: "), re.compile(r"^(In \[\d+\]: |\s*\.{3,}: ?)")),
)
MERGED, LARGEST = 10, 1 << 18  # answers that are read of one cell, of so many characters


@dataclass(frozen=True)
class Cell:
    """A cell that answers: the exercise and the part it names, and what stands below.

    source: all of it; number: of the magic's line, from 0; count: its execution count; runnable:
    whether it is code; text: what is below the magic, where lines keep their numbers.
    """

    name: str
    suffix: str | None
    source: str
    number: int = 0
    count: int | None = None
    runnable: bool = True

    @cached_property
    def text(self) -> str:
        lines = _lines(_cleaned(self.source))[self.number + 1 :]
        return "\n" * self.number + _dedented("\n".join(lines))

    @property
    def magic(self) -> str:
        """The line that begins it: `%%answer NAME.suffix`."""
        return f"%%answer {self.name}.{self.suffix}" if self.suffix else f"%%answer {self.name}"

    def answers(self, exercise: str) -> bool:
        """Whether it is meant for this exercise: `Problem 3` is, written as `Problem-3`, too."""
        return plain(self.name) == plain(exercise)


def cells_of(source: str, count: object = None, runnable: bool = True) -> list[Cell]:
    """The answers in a cell: several, each from its magic on, where cells were merged."""
    first = cell_of(source, count, runnable)
    if first is None or source.count("%%answer") == 1 or len(source) > LARGEST:
        return [first] if first else []
    lines = _lines(_cleaned(source))
    begins = [number for number, line in enumerate(lines) if line[:1] == "%" and MAGIC.match(line)]
    merged = pairwise([0, *begins[1:MERGED], len(lines)])
    parts = ("\n" * begin + "\n".join(lines[begin:end]) for begin, end in merged)
    return [cell for part in parts if (cell := cell_of(part, count, runnable))]


def cell_of(source: str, count: object = None, runnable: bool = True) -> Cell | None:
    """The answer in a cell; None for one that is none."""
    head = "\n".join(_lines(source[:HEAD])) if "%%answer" in source[:HEAD] else ""
    above = OTHERS.match(head).end()
    for number, line in enumerate(head[above:].split("\n"), head.count("\n", 0, above)):
        # In text the magic may be written as code.
        if magic := MAGIC.match(line if runnable else line.strip().strip("`")):
            suffix = magic[2].lower().strip("'\"") if magic[2] else None
            counted = count if type(count) is int else None
            return Cell(magic[1], suffix, source, number, counted, runnable)
        if not ABOVE.match(line):
            return None
    return None


def _cleaned(source: str) -> str:
    """As IPython takes a cell: without what it is indented by, and without prompts."""
    lines = _lines(_dedented(source))
    for first, every in PROMPTS:
        if first.match(lines[0]) or (len(lines) > 1 and every.match(lines[1])):
            lines = [every.sub("", line, count=1) for line in lines]
    return "\n".join(lines)


def _dedented(source: str) -> str:
    return dedent(source) if source.lstrip("\r\n")[:1].isspace() else source


def _lines(source: str) -> list[str]:
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def plain(name: str) -> str:
    """The name as it is compared: `Problem-03` is `problem_3`."""
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    return re.sub(r"(?<!\d)0+(?=\d)", "", letters)


def part_of(suffix: str | None, parts: tuple[str, ...]) -> str | None:
    """The part that is answered by `%%answer NAME.suffix`; None when the exercise has none such."""
    part = CELLS.get(suffix) if suffix else parts[0]
    return part if part in parts else None


def counting(cells: Iterable[Cell]) -> Cell:
    """The one that counts of several: the one that was run last, else the last."""
    return max(enumerate(cells), key=lambda numbered: (numbered[1].count or 0, numbered[0]))[1]


def begun_with_magic(lines: list[str]) -> list[str]:
    """The lines of a cell that answers with its first magic at the top, as IPython wants it.

    An input transformer; any other cell stays as it is.
    """
    cell = cell_of("".join(lines))
    if cell is None:
        return lines
    above = enumerate(lines[: cell.number])
    magics = [number for number, line in above if OTHER_MAGIC.match(line)]
    if magics:
        return lines[magics[0] :]
    return f"{cell.magic}\n{cell.text}".splitlines(keepends=True)
