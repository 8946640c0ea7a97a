"""The script and the style of the view, read from the files beside this one.

A widget's module is loaded from a text, and a page stands alone: neither can import another file,
so that the parts are put one after the other.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
WIDGET, PAGE = ("widget",), ("moment", "player", "beside", "page")
PARTS = (
    "words",
    "dom",
    "frame",
    "drawing",
    "lanes",
    "timeline",
    "details",
    "controls",
    "forms",
    "figures",
    "view",
)


def script(*last: str) -> str:
    """The view, and the parts that show it: `WIDGET` or `PAGE`."""
    files = [FOLDER / "script" / f"{name}.js" for name in (*PARTS, *last)]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def style() -> str:
    """How the view looks."""
    return (FOLDER / "panel.css").read_text(encoding="utf-8")


def frame() -> str:
    """The page around the view, where it stands alone; a `string.Template`."""
    return (FOLDER / "page.html").read_text(encoding="utf-8")
