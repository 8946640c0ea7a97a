"""The small notebook on which a panel is opened."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.catalog.finding import Choice, chosen
from workbench.record import Record

WORDS = """# {name}

Run the cell below (*Shift + Enter*): the panel opens. **Step** runs one attempt of one ready task,
**Back** goes to an earlier moment, **Inject failure** breaks the selected task. What it writes lies
in the folder that the first line makes. For a task that cannot run here a value can stand in:
`step(thing, stand_in={{"task": value}})`.

{source}
"""
RUN = """from workbench import start, step

start()
{load}
step(thing{more})"""
SHOWN = """from html import escape

from IPython.display import HTML
from workbench import Record

page = escape(Record.load({path!r}).page())
frame = f'<iframe srcdoc="{{page}}" style="width:100%; height:85vh; border:0"></iframe>'
HTML(f"<div>{{frame}}</div>")"""


def notebook_of(
    path: str, name: str | None, folder: Path, stand_in: Mapping[str, Any] | None = None
) -> Path:
    """A notebook in ``folder`` that opens the panel on what ``path`` means; the same for the same.
    Values ``stand_in`` for tasks.

    Raise PipelineError where that is not clear, and OSError where it cannot be written.
    """
    import nbformat

    choice = chosen(path, name)
    source = str(choice.file or path)
    words = WORDS.format(name=choice.name, source=f"`{source}`")
    more = f", stand_in={dict(stand_in)!r}" if stand_in else ""
    code = _code(choice, path, more)
    cells = [nbformat.v4.new_markdown_cell(words), nbformat.v4.new_code_cell(code)]
    for number, cell in enumerate(cells):
        cell.id = f"step-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "-", choice.name).strip("-.") or "thing"
    target = folder / f"{stem}.ipynb"
    nbformat.write(notebook, target)
    return target


def _code(choice: Choice, path: str, more: str) -> str:
    if isinstance(choice.thing, Record):
        return SHOWN.format(path=str(choice.file))
    if choice.file:
        load = f"thing = things_in({str(choice.file)!r})[{choice.name!r}]"
        return RUN.replace("start, step", "start, step, things_in").format(load=load, more=more)
    module = path.partition(":")[0]
    lines = ["import sys", f"sys.path.append({str(Path.cwd())!r})"]
    lines.append(f"from {module} import {choice.name} as thing")
    return RUN.format(load="\n".join(lines), more=more)
