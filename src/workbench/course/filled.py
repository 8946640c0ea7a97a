"""The places of a notebook where the reader acts, as they are when somebody has acted there.

A cell tagged ``act`` ships blank; its metadata hold what is written there rightly and wrongly:
``{"workbench": {"filled": source, "wrong": source}}``.
"""

from copy import deepcopy
from typing import TYPE_CHECKING

from workbench.course.acts import RIGHT, WRONG, YOURS
from workbench.course.notebooks import tags_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

ICON_OF = {"wrong": WRONG, "filled": RIGHT}


def with_acts(notebook: "NotebookNode") -> "NotebookNode":
    """A copy in which each blank cell is followed by the wrong one and the right one."""
    acted = deepcopy(notebook)
    acted.cells = [cell for blank in notebook.cells for cell in _variants(blank)]
    return acted


def _variants(blank: "NotebookNode") -> list["NotebookNode"]:
    if "act" not in tags_of(blank):
        return [blank]
    cells, sources = [_marked(blank, YOURS)], blank.metadata.get("workbench", {})
    for name, icon in ICON_OF.items():
        if name in sources:
            cell = _marked(blank, icon)
            cell.source, cell.id = sources[name], f"{blank.get('id', 'cell')}-{name}"
            cells.append(cell)
    return cells


def _marked(cell: "NotebookNode", icon: str) -> "NotebookNode":
    marked = deepcopy(cell)
    marked.metadata["workbench"] = {"expected": icon}
    return marked


def fault_of(executed: "NotebookNode") -> str | None:
    """Which of these cells was not answered as it should have been, if any, in one line."""
    for cell in executed.cells:
        icon = cell.metadata.get("workbench", {}).get("expected")
        if icon and not _answer(cell).startswith(icon):
            number, answer = cell.execution_count, _answer(cell) or "nothing"
            return f"cell [{number}] was to be answered with {icon}, and was with: {answer}"
    return None


def _answer(cell: "NotebookNode") -> str:
    texts = [output.data.get("text/plain", "") for output in cell.outputs if "data" in output]
    return texts[-1] if texts else ""
