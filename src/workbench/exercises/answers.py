"""Answers, read out of a notebook or a plain file."""

import codecs
import json
import os
import re
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbench.exercises.cells import CELLS, Cell, cell_of, cells_of, counting, part_of
from workbench.exercises.scripts import cells_of_script
from workbench.graph import PipelineError
from workbench.sandbox.regular import itself

SUFFIXES = {".py": "code", ".md": "prose", ".txt": "prose", ".ipynb": "notebook"}
LARGEST = 24 << 20  # bytes of a file: a notebook with pictures in its outputs is far below
LARGEST_PART = 1 << 20  # characters of an answer
LARGEST_CELL = 2 * LARGEST_PART  # of a cell that are looked at: enough to see that it is too large
MOST_VALUES = 600_000  # in a notebook's JSON: what they take in memory is many times their text
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')  # ++, *+: not a step back is remembered
FENCED = re.compile(r"(?ms)^```[^\n]*\n(.*?)^```")  # code in Markdown
# Of those that Python reads, the ones that are read in a time that grows with their length.
CODING = re.compile(
    rb"(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*"
    rb"((?:cp|windows-)125\d|iso-?8859-\d+|latin-?\d+)\b",
    re.I,
)
TOO_LOW = "Line {} of a cell is {}: above it only comments and cell magics may stand."
NOT_CODE = "The cell {} is none that is run; it is read all the same."
MOST_LINES = 1000  # of a cell in which an answer is looked for
Source = tuple[str, object, bool]  # of a cell, its execution count, whether it can be run


@dataclass(frozen=True)
class Answer:
    """The parts of a submission; None for one that is not in it.

    notes: what a report says first: which cell counts, which file could not be read; unread: the
    parts that may lie in such a file.
    """

    code: str | None = None
    prose: str | None = None
    show: str | None = None
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def part(self, name: str) -> str | None:
        """The part "code", "prose" or "show"."""
        return {"code": self.code, "prose": self.prose, "show": self.show}[name]

    @property
    def empty(self) -> bool:
        return not any((part or "").strip() for part in (self.code, self.prose, self.show))

    def same_as(self, other: "Answer | None") -> bool:
        """Whether every part that is there is word for word the other's."""
        if other is None:
            return False
        pairs = ((self.part(name), other.part(name)) for name in CELLS.values())
        return all(
            (mine or "").split() == (theirs or "").split()
            for mine, theirs in pairs
            if mine is not None
        )


def read_submission(name: str, parts: tuple[str, ...], file: Path, links: bool = True) -> Answer:
    """Read an answer to the exercise `name`; files of one name and other endings are its parts.

    links: whether the file may be one, which could lead to somebody else's.
    Raise PipelineError, which says what to mend, when it is none.
    """
    kind = SUFFIXES.get(file.suffix)
    if kind is None:
        endings = ", ".join(SUFFIXES)
        raise PipelineError(
            f"{file.name}: an answer is a notebook or a file that ends in {endings}"
        )
    if kind not in (*parts, "notebook"):
        wanted = " and ".join(parts)
        raise PipelineError(f"{file.name}: {name} has no {kind}; it is answered with {wanted}")
    texts, notes, faults, unread = {}, [], [], []
    # Of what lies beside it no step may be a link; where it lies itself is its owner's business.
    beside = _beside(file.parent.resolve() / file.name if links else file, parts)
    for path, may_link in [(file, links), *((path, False) for path in beside)]:
        try:
            told, said = _told(name, parts, path, may_link)
        except PipelineError as error:
            faults.append(error)
            unread += parts if SUFFIXES[path.suffix] == "notebook" else [SUFFIXES[path.suffix]]
            continue
        texts = told | texts
        notes += said
    if not texts:
        raise faults[0]
    lost = tuple(part for part in unread if part not in texts)
    return Answer(**texts, notes=(*notes, *map(str, faults)), unread=lost)


def _beside(file: Path, parts: tuple[str, ...]) -> list[Path]:
    """The files beside this one that are its other parts; no link, which could lead anywhere."""
    beside = {}
    for suffix, kind in SUFFIXES.items():
        sibling = file.with_suffix(suffix)
        ordinary = os.path.isfile(sibling) and not os.path.islink(sibling)
        if ordinary and kind in parts and kind != SUFFIXES[file.suffix]:
            beside.setdefault(kind, sibling)
    return [*beside.values()]


def _told(
    name: str, parts: tuple[str, ...], file: Path, links: bool
) -> tuple[dict[str, str], list[str]]:
    """The parts in one file, and what is to be said of them; raise PipelineError for none."""
    text, kind = _text(file, links), SUFFIXES[file.suffix]
    if kind == "notebook":
        sources = _sources(file, text)
        answers = [cell for source in sources for cell in cells_of(*source)]
        return _parts(name, parts, file.name, answers, sources)
    if len(text) <= LARGEST_PART and (cells := cells_of_script(text)):
        return _parts(name, parts, file.name, cells)
    return {kind: written(text, file.name)}, []


def written(text: str, where: str) -> str:
    """What is written in a cell or file, its lines ended by \\n; raise PipelineError for more than
    any answer has."""
    if len(text) > LARGEST_PART:
        most = f"an answer has at most {LARGEST_PART >> 20} MB of text"
        raise PipelineError(f"{where}: {most}; keep only what answers the question")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _text(file: Path, links: bool) -> str:
    try:
        status = file.stat(follow_symlinks=links)
        ordinary = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
        text = None
        if ordinary and status.st_size <= LARGEST:
            # Not more than its size: the kernel's own files have none, and some never end.
            with open(file, "rb", opener=_without_waiting if links else itself) as opened:
                content = opened.read(status.st_size)
            text = content.decode(encoding_of(content, file.suffix)).replace("\r\n", "\n")
        # One sign beyond those of most languages makes a text four times as large in memory.
        if text is None or sys.getsizeof(text) > 2 * LARGEST + sys.getsizeof(""):
            most = f"an answer is an ordinary file of at most {LARGEST >> 20} MB"
            raise PipelineError(f"{file}: {most}; clear its outputs")
        return text
    except (OSError, UnicodeDecodeError, LookupError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise PipelineError(f"{file}: {why}; give the path of a notebook or text file") from None


def encoding_of(head: bytes, suffix: str) -> str:
    """How a text is encoded that begins so: UTF-8, or UTF-16 where Windows has written it, or as
    a file of Python's says of itself."""
    if suffix == ".py" and (said := CODING.match(head)):
        return said[1].decode()
    return "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _is_crowded(text: str) -> bool:
    """Whether the JSON has more values than a notebook has, what stands in strings not counted."""
    if sum(map(text.count, "[{,")) <= MOST_VALUES:
        return False
    bare, strings = STRING.subn("", text, MOST_VALUES)
    return strings == MOST_VALUES or sum(map(bare.count, "[{,")) > MOST_VALUES


def _sources(file: Path, text: str) -> list[Source]:
    """What stands in each cell; one that is none, or lost what stood in it, costs no other."""
    if _is_crowded(text):
        raise PipelineError(f"{file.name} holds more than a notebook does; clear its outputs")
    try:
        book = json.loads(text)
        sheets = book.get("worksheets") or [book]  # nbformat 3 has them
        cells = [cell for sheet in sheets for cell in [*sheet["cells"]]]
        sources = [_source(cell) for cell in cells if isinstance(cell, dict)]
        if cells and not sources:
            raise ValueError
        return sources
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise PipelineError(f"{file.name} is not a notebook; save it again in JupyterLab") from None


def _source(cell: dict) -> Source:
    written = cell.get("source", cell.get("input"))  # nbformat 3 calls it input
    lines = written if isinstance(written, list) else [written]
    text = "".join(line for line in lines if isinstance(line, str))[:LARGEST_CELL]
    count = cell.get("execution_count", cell.get("prompt_number"))
    return text, count, cell.get("cell_type") == "code"


def _parts(
    name: str,
    parts: tuple[str, ...],
    where: str,
    cells: list[Cell],
    sources: Sequence[Source] = (),
) -> tuple[dict[str, str], list[str]]:
    """The text of each part by the cell that counts, and what is to be said; a part that cannot
    be read leaves the others. Raise PipelineError for none."""
    by_part: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.answers(name) and (part := part_of(cell.suffix, parts)):
            by_part.setdefault(part, []).append(cell)
    if not by_part:
        magic = f"%%answer {name}"
        how = f"write `{magic}` above everything else in the code cell that answers, and save"
        others = ", ".join(sorted({cell.name for cell in cells}))[:60]
        seen = f" (it answers {others})" if others else ""
        told = f"{where} has no cell that begins with {magic}{seen}; {how}"
        raise PipelineError(" ".join([told, *_too_low(name, sources)]))
    texts, notes, faults = {}, [], []
    if len(by_part) < len(parts):
        notes += _too_low(name, sources)
    for part, several in by_part.items():
        # A cell that was turned into text answers only where none does that can be run.
        runnable = [cell for cell in several if cell.runnable] or several
        if len(runnable) > 1:
            notes.append(_several(runnable))
        if not runnable[0].runnable:
            notes.append(NOT_CODE.format(runnable[0].magic))
        try:
            texts[part] = text_of(part, counting(runnable))
        except PipelineError as error:
            faults.append(error)
    if not texts:
        raise faults[0]
    return texts, notes + [str(error) for error in faults]


def _too_low(name: str, sources: Sequence[Source]) -> list[str]:
    """What is said of cells that would answer if nothing stood above."""
    sources = [source for source, *_ in sources if "%%answer" in source and not cell_of(source)]
    lines = (line for source in sources for line in enumerate(source.splitlines()[:MOST_LINES], 1))
    cells = ((number, cell_of(line)) for number, line in lines if "%%answer" in line)
    low = (TOO_LOW.format(at, cell.magic) for at, cell in cells if cell and cell.answers(name))
    return [*islice(low, 2)]


def _several(cells: list[Cell]) -> str:
    cell = counting(cells)
    ran = f"the one that was run last, [{cell.count}]," if cell.count else "the last one"
    return f"{len(cells)} cells begin with {cell.magic}; {ran} counts."


def text_of(part: str, cell: Cell) -> str:
    """What a cell answers, as this part."""
    text = written(cell.text, cell.magic)
    if part != "code":
        return text
    fenced = None if cell.runnable else FENCED.search(text)
    return f"\n{fenced[1] if fenced else text}"  # lines have the numbers that they have in the cell
