"""One value as HTML, by its kind; anything else by its repr. Knows no run."""

import base64
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from workbench import storage

ROWS, CHARACTERS = 8, 2_000  # of a table, of a text


def shown(value: Any) -> str:
    """Tables with their shape, figures as pictures, paths with sizes, numbers large."""
    if hasattr(value, "to_html") and hasattr(value, "head"):
        return _frame(value)
    if hasattr(value, "savefig"):
        return _figure(value)
    if isinstance(value, bool) or value is None:
        return f"<code>{value}</code>"
    if isinstance(value, int):
        return f"<span class='wb-number'>{value:,}</span>"
    if isinstance(value, float):
        return f"<span class='wb-number'>{value:,.6g}</span>"
    if isinstance(value, (Path, str)) and (path := _path(value)):
        return path
    return _text(value)


def note(text: str) -> str:
    """A sentence of the workbench's own beside the values."""
    return f"<p class='wb-note'>{escape(text)}</p>"


def _frame(frame: Any) -> str:
    rows = frame.head(ROWS).to_html(border=0, max_cols=20, classes="wb-table")
    more = f"; the first {ROWS} rows" if len(frame) > ROWS else ""
    return note(f"{storage.summary(frame)}{more}") + f"<div class='wb-wide'>{rows}</div>"


def _figure(figure: Any) -> str:
    picture = BytesIO()
    figure.savefig(picture, format="png", bbox_inches="tight")
    data = base64.b64encode(picture.getvalue()).decode()
    titles = ", ".join(filter(None, (axes.get_title() for axes in figure.axes)))
    return f"<img alt='figure {escape(titles)}' src='data:image/png;base64,{data}'>"


def _path(value: Path | str) -> str | None:
    """The path with its size, when there is such a file or folder; a plain word is none."""
    try:
        path = Path(value)
        if not path.exists() or (isinstance(value, str) and "/" not in value and "." not in value):
            return None
        if path.is_dir():
            size = f"folder of {sum(1 for _ in path.iterdir()):,} files"
        else:
            size = f"{path.stat().st_size:,} bytes"
    except (OSError, ValueError):
        return None
    return f"<code>{escape(str(value))}</code> <span class='wb-note'>{size}</span>"


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    parts = [f"<pre>{escape(text[:CHARACTERS])}</pre>"]
    if hasattr(value, "shape"):  # an array: its kind and shape, without what it holds
        parts.insert(0, note(storage.summary(value).split("(")[0]))
    if len(text) > CHARACTERS:
        parts.append(note(f"the first {CHARACTERS:,} of {len(text):,} characters"))
    return "".join(parts)
