"""Stored outputs of notebooks: renewed from an executed copy, the same after every run."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.course.notebooks import read, tags_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"  # names a model that lives in one kernel only


def store(executed: Path, notebook: Path) -> None:
    """Put the outputs of an executed copy into the notebook itself, without anything that differs
    between runs."""
    import nbformat

    target = read(notebook)
    cells = read(executed).cells
    ran = [cell for cell in cells if "injected-parameters" not in tags_of(cell)]
    count = 0
    for number, (cell, done) in enumerate(zip(target.cells, ran, strict=True)):
        cell.id = f"cell-{number}"
        kept = {"tags": tags_of(cell), "workbench": cell.metadata.get("workbench")}
        cell.metadata = {name: value for name, value in kept.items() if value}
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_cleaned(output, count) for output in done.outputs]
    target.metadata = METADATA
    beside = notebook.with_suffix(".part")
    nbformat.write(target, beside)
    shutil.move(beside, notebook)


def _cleaned(output: "NotebookNode", count: int) -> "NotebookNode":
    if output.output_type == "execute_result":
        output.execution_count = count
    if "data" in output:
        output.data.pop(WIDGET, None)
        output.metadata.pop("workbench", None)  # a run of this one execution
    if output.output_type == "stream":
        output.pop("metadata", None)
    return output
