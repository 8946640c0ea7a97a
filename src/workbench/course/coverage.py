"""What of the chapter is covered, and where: the tags of executed cells, read against ``chapter.toml``.

A code cell is tagged ``chapter:D3`` or ``erratum:17``; a test that shows an erratum is named after it,
``test_erratum_17_…`` or ``test_errata_17_18_…``.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.course.notebooks import notebooks, read
from workbench.graph import PipelineError

FOLDERS = ("notebooks", "exercises", "solutions")
ERRATA = "errata"
_TAG = re.compile(r"(chapter|erratum):(\w+)")
_TEST = re.compile(r"^def (test_errat(?:um|a)((?:_\d+)+)\w*)\(", re.M)


@dataclass(frozen=True)
class Place:
    """A code cell, by its number among the code cells, or a test. ``ran``: executed, and no error came out."""

    file: str
    cell: int | None
    ran: bool
    test: str = ""


@dataclass(frozen=True)
class Item:
    """Something the chapter has, or an erratum, with the places that cover it."""

    section: str
    id: str
    title: str
    places: tuple[Place, ...] = ()

    @property
    def covered(self) -> bool:
        return any(place.ran for place in self.places)

    def where(self, ran: bool = True) -> str:
        """The places that ran (or did not) in words: ``3.4-prefect [4] [6], test_errata::test_erratum_17_old``."""
        cells: dict[str, str] = {}
        for place in self.places:
            if place.ran == ran:
                name = Path(place.file).stem
                name = f"exercise {name}" if place.file.startswith("exercises/") else name
                cells[name] = cells.get(name, "") + (
                    f" [{place.cell}]" if place.cell else f"::{place.test}"
                )
        return ", ".join(name + rest for name, rest in cells.items())


def survey(root: Path) -> tuple[Item, ...]:
    """Every id of the chapter and every erratum with its places under ``root``, in the chapter's order.

    Raise PipelineError for a tag or a test that names what the chapter does not have.
    """
    chapter = tomllib.loads(Path(__file__).with_name("chapter.toml").read_text(encoding="utf-8"))
    found: dict[str, list[Place]] = {id: [] for section in chapter.values() for id in section}
    for id, place in (*_cells(root), *_tests(root)):
        if id not in found:
            raise PipelineError(
                f"{place.file}, {place.test or f'cell [{place.cell}]'}: the chapter has no {id!r}"
            )
        found[id].append(place)
    named = (
        (section, id, title) for section, titles in chapter.items() for id, title in titles.items()
    )
    return tuple(Item(section, id, title, tuple(found[id])) for section, id, title in named)


def _cells(root: Path) -> Iterator[tuple[str, Place]]:
    for path in notebooks(root / folder for folder in FOLDERS):
        number = 0
        for cell in read(path).cells:
            number += cell.cell_type == "code"
            ran = cell.get("execution_count") is not None and not any(
                o.output_type == "error" for o in cell.outputs
            )
            for tag in cell.metadata.get("tags", ()):
                if named := _TAG.fullmatch(tag):
                    yield named[2], Place(path.relative_to(root).as_posix(), number, ran)


def _tests(root: Path) -> Iterator[tuple[str, Place]]:
    for path in sorted((root / "tests").glob("test_*.py")):
        for name, numbers in _TEST.findall(path.read_text(encoding="utf-8")):
            for number in numbers.strip("_").split("_"):
                yield number, Place(path.relative_to(root).as_posix(), None, True, name)
