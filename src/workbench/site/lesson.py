"""A notebook as it is shown without a kernel: its panels play, its predictions can be made."""

import re
from copy import deepcopy
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from workbench.course.acts import ENDS, RIGHT, WRONG
from workbench.course.notebooks import tags_of
from workbench.course.outputs import WIDGET
from workbench.picture import image

if TYPE_CHECKING:
    from nbformat import NotebookNode

SVG, HTML, TEXT = "image/svg+xml", "text/html", "text/plain"
REVEAL = {"code_prompt_show": "Show a right answer", "code_prompt_hide": "Hide the right answer"}
FRAME = re.compile(r'<iframe src="[^"]*/([^"/]*)"')


def shown(notebook: "NotebookNode", pages: str) -> "NotebookNode":
    """A copy of an executed notebook for the site; ``pages`` is the address of its folder of runs,
    as seen from its own page.

    Where the reader acts, a right answer is folded away; a prediction can be made on the page.
    """
    copy, cells = deepcopy(notebook), []
    copy.metadata.pop("widgets", None)  # a widget has no kernel here, and its scripts lie elsewhere
    for cell in copy.cells:
        if "injected-parameters" in tags_of(cell) or _expected(cell) == WRONG:
            continue
        if _expected(cell) == RIGHT:
            cell.metadata.tags = [*tags_of(cell), "hide-cell"]
            cell.metadata["mystnb"] = dict(REVEAL)
            if ended := _ended(cell):
                cells[-1].outputs = [_html(_form(_question(cells[-1]), ended))]
        cell.metadata.pop("workbench", None)
        if cell.cell_type == "code":
            cell.outputs = [_shown(output, pages) for output in cell.outputs]
        cells.append(cell)
    copy.cells = cells
    return copy


def played(lesson: "NotebookNode") -> list[str]:
    """The names of the files of the runs that a lesson plays."""
    outputs = [output for cell in lesson.cells for output in cell.get("outputs", ())]
    texts = [output.get("data", {}).get(HTML, "") for output in outputs]
    return [unescape(name) for text in texts for name in FRAME.findall(text)]


def _expected(cell: "NotebookNode") -> str | None:
    return cell.metadata.get("workbench", {}).get("expected")


def _ended(cell: "NotebookNode") -> list[list[Any]] | None:
    """How the tasks that were asked about ended, where that was asked."""
    told = [output.get("metadata", {}).get("workbench", {}) for output in cell.outputs]
    return next((entry["ended"] for entry in told if "ended" in entry), None)


def _question(cell: "NotebookNode") -> str:
    texts = [output.data.get(TEXT, "") for output in cell.outputs if "data" in output]
    return texts[-1].partition(" ")[2].partition("?")[0] + "?" if texts else ""


def _html(text: str) -> "NotebookNode":
    from nbformat.v4 import new_output

    return new_output("display_data", {HTML: text})


def _shown(output: "NotebookNode", pages: str) -> "NotebookNode":
    """A run as its player, an SVG as an image that can do nothing; all else as it is."""
    page = output.get("metadata", {}).pop("workbench", {}).get("page")
    data = output.get("data", {})
    if page:
        return _html(_player(data, f"{pages}/{page.rpartition('/')[2]}"))
    data.pop(WIDGET, None)
    return _html(image(data[SVG])) if SVG in data else output


def _player(data: Any, address: str) -> str:
    """What the output said, where it is more than the picture of a panel, and the run itself."""
    said = "" if WIDGET in data else data.get(HTML, "")
    return (
        f'{said}<figure class="site-player">'
        f'<iframe src="{escape(address)}" title="A recorded run, to step through" loading="lazy">'
        f'</iframe><figcaption><a href="{escape(address)}">This run on a page of its own'
        "</a></figcaption></figure>"
    )


def _form(question: str, ended: list[list[Any]]) -> str:
    """A choice for each task; the answers stand beside, for the script of the site to compare."""
    options = "".join(f"<option value='{state}'>{state}</option>" for state in ("", *ENDS))
    rows = "".join(
        f"<label>{escape(task)} <select data-seq='{seq}' data-state='{escape(state)}' "
        f"data-why='{escape(reason)}'>{options}</select></label>"
        for task, seq, state, reason in ended
    )
    return (
        f'<form class="site-predict"><p>{escape(question)}</p>{rows}'
        '<button type="submit">Compare with the run</button>'
        '<p role="status"></p></form>'
    )
