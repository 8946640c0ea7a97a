"""Answers, read out of a notebook or a plain file."""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbench.exercises.cells import CELLS, Cell, cell_of, cells_of, counting, part_of
from workbench.exercises.contents import text_in
from workbench.exercises.parts import FENCED, Held, in_words, is_begun, together
from workbench.exercises.scripts import cells_of_script
from workbench.graph import PipelineError

SUFFIXES = {".py": "code", ".md": "prose", ".txt": "prose", ".ipynb": "notebook"}
LARGEST_PART = 1 << 20  # characters of an answer
LARGEST_CELL = 2 * LARGEST_PART  # of a cell that are looked at: enough to see that it is too large
LINES, CELLS_OF_A_PART = 100_000, 100  # of a file, and the cells that answer one part, at most
MOST_VALUES = 600_000  # in a notebook's JSON: what they take in memory is many times their text
# ++, *+: not a step back is remembered; ?+: nor is one that does not end gone through again.
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?+')
TOO_LOW = "Line {} of a cell is {}: above it only comments and cell magics may stand."
NOT_CODE = "The cell {} is none that is run; it is read all the same."
BLANK = "Of the cells that begin with {}, one counts that holds more than the exercise begins with."
NO_PART = "A cell begins with {}, which answers no part of it: what does is {}."
ASIDE = "A text cell holds words, and none that begins with {} does: a person has to look at it."
KEEP = "keep only what answers the question"
MANY = "{} cells begin with {}, and at most {} are read; {}"
FEW = 8  # words in text cells: fewer are a headline, or a name
MOST_LINES = 1000  # of a cell in which an answer is looked for
Source = tuple[str, object, bool]  # of a cell, its execution count, whether it can be run


@dataclass(frozen=True)
class Answer:
    """The parts of a submission; None for one that is not in it.

    notes: what a report says first: which cell counts, which file could not be read; unread: the
    parts that may lie in such a file; different: what is said of files that hold different things;
    words: the lines of text that stand beside the cells which answer.
    """

    code: str | None = None
    prose: str | None = None
    show: str | None = None
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    different: str = ""
    words: frozenset[str] = frozenset()

    def part(self, name: str) -> str | None:
        """The part "code", "prose" or "show"."""
        return {"code": self.code, "prose": self.prose, "show": self.show}[name]

    @property
    def texts(self) -> dict[str, str]:
        """part → text, of those that are there."""
        return {part: text for part in CELLS.values() if (text := self.part(part)) is not None}

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


def read_submission(
    name: str,
    parts: tuple[str, ...],
    file: Path,
    links: bool = True,
    beginning: Answer | None = None,
) -> Answer:
    """Read an answer to the exercise `name`; files of one name and other endings are its parts.

    links: whether the file may be one, which could lead to somebody else's; beginning: what the
    exercise begins with, which never counts beside anything else.
    Raise PipelineError, which says what to mend, when it is none.
    """
    kind = SUFFIXES.get(file.suffix)
    if kind is None:
        endings = ", ".join(SUFFIXES)
        raise PipelineError(
            f"{file.name}: an answer is a notebook or a file that ends in {endings}"
        )
    if kind not in (*parts, "notebook"):
        text_in(file, links)  # what nobody can read is told first
        wanted = " and ".join(parts)
        raise PipelineError(f"{file.name}: {name} has no {kind}; it is answered with {wanted}")
    several, faults, lost = [], [], []
    # Of what lies beside it no step may be a link; where it lies itself is its owner's business.
    beside = _beside(file.parent.resolve() / file.name if links else file, parts)
    for path, may_link in [(file, links), *((path, False) for path in beside)]:
        try:
            text = text_in(path, may_link)
            several.append(held_in(name, parts, path.name, text, beginning))
        except PipelineError as error:
            faults.append(error)
            lost += parts if SUFFIXES[path.suffix] == "notebook" else [SUFFIXES[path.suffix]]
    whole = together(several, beginning.texts if beginning else {})
    if not whole.texts:
        raise faults[0] if faults else PipelineError(" ".join(whole.notes))
    unread = (*whole.unread, *(part for part in lost if part not in whole.texts))
    words = frozenset().union(*(held.words for held in several))
    notes = (*whole.notes, *map(str, faults))
    return Answer(**whole.texts, notes=notes, unread=unread, different=whole.different, words=words)


def _beside(file: Path, parts: tuple[str, ...]) -> list[Path]:
    """The files beside this one that are its other parts; no link, which could lead anywhere."""
    beside = {}
    for suffix, kind in SUFFIXES.items():
        sibling = file.with_suffix(suffix)
        ordinary = os.path.isfile(sibling) and not os.path.islink(sibling)
        if ordinary and kind in parts and kind != SUFFIXES[file.suffix]:
            beside.setdefault(kind, sibling)
    return [*beside.values()]


def held_in(
    name: str, parts: tuple[str, ...], where: str, text: str, beginning: Answer | None = None
) -> Held:
    """The parts in one file of this name; raise PipelineError for none."""
    kind = SUFFIXES[Path(where).suffix]
    if kind == "notebook":
        sources = _sources(where, text)
        answers = [cell for source in sources for cell in cells_of(*source)]
        return _parts(name, parts, where, answers, sources, beginning)
    text = written(text, where)
    if cells := cells_of_script(text):
        return _parts(name, parts, where, cells, (), beginning)
    return in_words(where, text, parts) if kind == "prose" else Held(where, {kind: text})


def written(text: str, where: str) -> str:
    """What is written in a cell or file, its lines ended by \\n; raise PipelineError for more than
    any answer has."""
    if len(text) > LARGEST_PART:
        most = f"an answer has at most {LARGEST_PART >> 20} MB of text"
        raise PipelineError(f"{where}: {most}; {KEEP}")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _count_lines(text.count("\n"), where)
    return text


def _count_lines(number: int, where: str) -> None:
    """Raise PipelineError for more than any answer has: what is read takes its time by the line."""
    if number > LINES:
        raise PipelineError(f"{where}: an answer has at most {LINES:,} lines; {KEEP}")


def _is_crowded(text: str) -> bool:
    """Whether the JSON has more values than a notebook has, what stands in strings not counted."""
    if sum(map(text.count, "[{,")) <= MOST_VALUES:
        return False
    bare, strings = STRING.subn("", text, MOST_VALUES)
    return strings == MOST_VALUES or sum(map(bare.count, "[{,")) > MOST_VALUES


def _sources(where: str, text: str) -> list[Source]:
    """What stands in each cell; one that is none, or lost what stood in it, costs no other."""
    if _is_crowded(text):
        raise PipelineError(f"{where} holds more than a notebook does; clear its outputs")
    try:
        book = json.loads(text)
        sheets = book.get("worksheets") or [book]  # nbformat 3 has them
        cells = [cell for sheet in sheets for cell in [*sheet["cells"]]]
        sources = [_source(cell) for cell in cells if isinstance(cell, dict)]
        if cells and not sources:
            raise ValueError
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise PipelineError(f"{where} is not a notebook; save it again in JupyterLab") from None
    read = (text for text, _, is_code in sources if "%%answer" in text or not is_code)
    _count_lines(sum(text.count("\n") + text.count("\r") for text in read), where)
    return sources


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
    sources: Sequence[Source],
    beginning: Answer | None,
) -> Held:
    """The text of each part by the cell that counts; a part that cannot be read leaves the others.
    Raise PipelineError for none."""
    by_part = _by_part(name, parts, where, cells)
    none = by_part.pop(None, [])
    notes = [NO_PART.format(cell.magic, magics_of(name, parts)) for cell in none]
    if not by_part:
        magic = f"%%answer {name}"
        how = f"write `{magic}` above everything else in the code cell that answers, and save"
        others = ", ".join(sorted({cell.name for cell in cells}))[:60]
        seen = f" (it answers {others})" if others else ""
        told = f"{where} has no cell that begins with {magic}{seen}; {how}"
        raise PipelineError(" ".join([told, *_too_low(name, sources), *notes]))
    texts, faults = {}, []
    if len(by_part) < len(parts):
        notes += _too_low(name, sources)
    for part, several in by_part.items():
        own = beginning and beginning.part(part)
        answering = [cell for cell in several if not is_begun(part, cell.text, own)] or several
        if len(answering) < len(several):
            notes.append(BLANK.format(several[0].magic))
        # A cell that was turned into text answers only where none does that can be run.
        runnable = [cell for cell in answering if cell.runnable] or answering
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
    words = _words(sources)
    unread = _aside(name, parts, words, beginning)
    return Held(where, texts, notes + [str(error) for error in faults], {}, unread, words)


def _by_part(name: str, parts: tuple[str, ...], where: str, cells: list[Cell]) -> dict:
    """The cells that answer each part; raise PipelineError for more of one than are read."""
    by_part: dict[str | None, list[Cell]] = {}
    for cell in filter(lambda cell: cell.answers(name), cells):
        by_part.setdefault(part_of(cell.suffix, parts), []).append(cell)
    for several in by_part.values():
        if len(several) > CELLS_OF_A_PART:
            counted = len(several), several[0].magic, CELLS_OF_A_PART, KEEP
            raise PipelineError(f"{where}: {MANY.format(*counted)}")
    return by_part


def _aside(
    name: str, parts: tuple[str, ...], words: frozenset[str], beginning: Answer | None
) -> dict[str, str]:
    """What is said where an explanation may stand in text cells: the exercise's own do not."""
    own = words - beginning.words if beginning else ()
    magic = f"%%answer {name}{'.explain' if parts[0] != 'prose' else ''}"
    is_more = "prose" in parts and sum(len(line.split()) for line in own) >= FEW
    return {"prose": ASIDE.format(magic)} if is_more else {}


def _words(sources: Sequence[Source]) -> frozenset[str]:
    """The lines of cells that are not run and answer nothing."""
    beside = (
        text for text, _, is_code in sources if not is_code and not cell_of(text, None, False)
    )
    return frozenset(line.strip() for text in beside for line in re.split("[\r\n]", text))


def magics_of(name: str, parts: tuple[str, ...]) -> str:
    """What the cells of the parts begin with."""
    others = [key for key, part in CELLS.items() if part in parts[1:]]
    return ", ".join([f"%%answer {name}", *(f"%%answer {name}.{key}" for key in others)])


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
