"""What of the chapter is covered, and where: the tags of executed cells, and ``chapter.toml``.

A code cell is tagged ``chapter:D3`` or ``erratum:17``; a test that shows an erratum is named after
it, ``test_erratum_17_…`` or ``test_errata_17_18_…``.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.course.notebooks import FOLDERS, notebooks_in, read, tags_of
from workbench.graph import PipelineError

if TYPE_CHECKING:
    from nbformat import NotebookNode

ERRATA = "errata"
_TAG = re.compile(r"(chapter|erratum):(\w+)")
_TEST = re.compile(r"^def (test_errat(?:um|a)((?:_\d+)+)\w*)\(", re.M)


@dataclass(frozen=True)
class Evidence:
    """A code cell, by its number among the code cells, or a test. ``ran``: executed, and no error
    came out."""

    file: str
    cell: int | None
    ran: bool
    test: str = ""

    @property
    def within(self) -> str:
        """Where in the file it is."""
        return self.test or f"cell [{self.cell}]"


@dataclass(frozen=True)
class Item:
    """Something the chapter has, or an erratum, with what covers it."""

    section: str
    id: str
    title: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def covered(self) -> bool:
        """Whether anything that ran covers it."""
        return any(evidence.ran for evidence in self.evidence)

    def where(self, ran: bool = True) -> str:
        """What ran (or did not) in words: ``3.4-prefect [4] [6], test_errata::test_erratum_17``."""
        cells: dict[str, str] = {}
        for evidence in self.evidence:
            if evidence.ran == ran:
                name = Path(evidence.file).stem
                if evidence.file.startswith("exercises/"):
                    name = f"exercise {name}"
                within = f" [{evidence.cell}]" if evidence.cell else f"::{evidence.test}"
                cells[name] = cells.get(name, "") + within
        return ", ".join(name + within for name, within in cells.items())


def survey(root: Path) -> tuple[Item, ...]:
    """Every id of the chapter and every erratum with what covers it under ``root``, in the
    chapter's order.

    Raise PipelineError for a tag or a test that names what the chapter does not have.
    """
    chapter = tomllib.loads(Path(__file__).with_name("chapter.toml").read_text(encoding="utf-8"))
    covering: dict[str, list[Evidence]] = {id: [] for section in chapter.values() for id in section}
    for id, evidence in (*_cells(root), *_tests(root)):
        if id not in covering:
            raise PipelineError(f"{evidence.file}, {evidence.within}: the chapter has no {id!r}")
        covering[id].append(evidence)
    return tuple(
        Item(section, id, title, tuple(covering[id]))
        for section, titles in chapter.items()
        for id, title in titles.items()
    )


def _cells(root: Path) -> Iterator[tuple[str, Evidence]]:
    for path in notebooks_in(root / folder for folder in FOLDERS):
        file, number = path.relative_to(root).as_posix(), 0
        for cell in read(path).cells:
            if cell.cell_type == "code":
                number += 1
            for tag in tags_of(cell):
                if match := _TAG.fullmatch(tag):
                    yield match[2], Evidence(file, number, _ran(cell))


def _ran(cell: "NotebookNode") -> bool:
    if cell.get("execution_count") is None:
        return False
    return all(output.output_type != "error" for output in cell.outputs)


def _tests(root: Path) -> Iterator[tuple[str, Evidence]]:
    for path in sorted((root / "tests").glob("test_*.py")):
        file = path.relative_to(root).as_posix()
        for name, numbers in _TEST.findall(path.read_text(encoding="utf-8")):
            for number in numbers.strip("_").split("_"):
                yield number, Evidence(file, None, True, name)
