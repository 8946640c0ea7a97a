"""A learner's answers, carried from the notebook they wrote in into a newer one.

Answers are the cells that begin with `%%answer`, by their part, and the places of a lesson where
the reader acts, by their cell. What else was changed stays in the older notebook, and is counted.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.course.notebooks import tags_of
from workbench.exercises.cells import cell_of
from workbench.wording import counted

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class Carried:
    """The newer notebook with the answers in it. ``left``: cells of code or text in the older one
    that are neither answers nor in the newer one."""

    content: bytes
    answers: int
    left: int

    def __str__(self) -> str:
        told = "the newer one is in its place"
        if self.answers:
            told += f", with {counted(self.answers, 'answer')} of yours"
        if self.left:
            told += f"; {counted(self.left, 'other cell')} of yours it does not have"
        return told


def carry(mine: bytes, new: bytes, given: Collection[str] = ()) -> Carried | None:
    """The newer notebook with the learner's answers; None where theirs cannot be read. What is
    ``given``, the marks of its cells as they came, is nobody's answer."""
    import nbformat

    newer = _read(new)
    try:
        older = _read(mine)
        own = [cell for cell in older.cells if mark(cell.source.encode()) not in given]
    except Exception:  # nbformat raises whatever it stumbles over
        return None
    answers, taken = _answers(own), set()
    for cell in newer.cells:
        written = answers.get(_place(cell))
        if written is not None and written != cell.source:
            cell.source = written
            taken.add(_place(cell))
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
    there = {cell.source.strip() for cell in newer.cells} | {""}
    left = sum(cell.source.strip() not in there for cell in own)
    return Carried((nbformat.writes(newer) + "\n").encode(), len(taken), left)


def sources_of(content: bytes) -> list[str]:
    """The sources of a notebook's cells, as it came."""
    return [cell.source for cell in _read(content).cells]


def mark(content: bytes) -> str:
    """What a file or a cell is known by."""
    return hashlib.sha256(content).hexdigest()[:16]


def _read(content: bytes) -> "NotebookNode":
    import nbformat

    return nbformat.reads(content.decode(), as_version=4)


def _answers(cells: Iterable["NotebookNode"]) -> dict[str, str]:
    """Place → the source of the cell that counts for it, as a judge would take it."""
    places: dict[str, list] = defaultdict(list)
    for number, cell in enumerate(cells):
        if (place := _place(cell)) and cell.source.strip():
            places[place].append((cell.get("execution_count") or 0, number, cell.source))
    return {place: max(written)[2] for place, written in places.items()}


def _place(cell: "NotebookNode") -> str | None:
    """What tells one place for an answer from the others: its magic, or what is right there."""
    if answer := cell_of(cell.source):
        return answer.magic
    if "act" not in tags_of(cell):
        return None
    return cell.metadata.get("workbench", {}).get("filled") or cell.get("id")
