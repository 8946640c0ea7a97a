"""The runs that an executed notebook shows, kept beside its copy as pages that play them.

An output says where its run lies below the workbench's home, which is gone when the notebook has
ended; from then on it says which page plays it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


def keep(notebook: "NotebookNode", home: Path, copy: Path) -> None:
    """Write a page for each run that an output tells of and in which something has happened; the
    outputs name their page, as it lies beside ``copy``. A run that cannot be read has none."""
    pages: dict[str, str | None] = {}
    for output in (output for cell in notebook.cells for output in cell.get("outputs", ())):
        told = output.get("metadata", {}).get("workbench", {})
        if folder := told.pop("run", None):
            if folder not in pages:
                pages[folder] = _page(home / folder, copy, len(pages) + 1)
            if pages[folder]:
                told["page"] = pages[folder]


def _page(folder: Path, copy: Path, number: int) -> str | None:
    from workbench import journal
    from workbench.record import Record

    target = copy.with_suffix(".runs") / f"{number}-{folder.name}.html"
    try:
        # Its notebook was executed a moment ago.
        record = Record.load(folder / journal.NAME, own=True)
        if not len(record):
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        record.page(target)
    except Exception:  # of whatever a notebook has left there: its copy then has a picture
        return None
    return f"{target.parent.name}/{target.name}"
