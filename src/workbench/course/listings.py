"""Files that a lesson runs and a reader unfolds: more lines than a cell should have."""

from html import escape
from pathlib import Path

FOLDER = Path(__file__).with_name("files")  # in .txt: a lesson's text, no modules of this package


class Listing(str):
    """The text of a file: folded on a page, whole in words."""

    __repr__ = str.__str__

    def _repr_html_(self) -> str:
        lines = sum(map(bool, self.splitlines()))
        return f"<details><summary>{lines} lines</summary><pre>{escape(self)}</pre></details>"


def listing(name: str) -> Listing:
    """Write the course's file of that name into the current folder, and give it to be looked at."""
    text = (FOLDER / f"{name}.txt").read_text()
    Path(name).write_text(text)
    return Listing(text)
