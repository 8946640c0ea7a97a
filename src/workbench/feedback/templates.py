"""Pages that stand alone: one file each, nothing requested from anywhere, no word taken as code."""

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from workbench.exercises.report import QUOTED
from workbench.sandbox.message import printable

FOLDER = Path(__file__).parent / "pages"
MEANT = re.compile(r"([\\`*\[\]#|<>~]|(?<!\w)_|_(?!\w))")  # what Markdown takes for its own


def page(template: str, /, **content: object) -> str:
    """The template filled in; where a script of its name lies beside it, with that."""
    path = FOLDER / f"{Path(template).stem}.js"
    script = path.read_text(encoding="utf-8") if path.exists() else ""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    given = {"style": Markup(style), "script": Markup(script), "hash": digest, **content}
    return printable(_environment().get_template(template).render(given))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"told": told, "plain": plain}
    return environment


def told(text: str) -> Markup:
    """A text as HTML, with `code` in it as code."""
    return Markup(QUOTED.sub(r"<code>\1</code>", escape(text)))


def plain(text: str, indent: int = 0) -> str:
    """A text as Markdown that means nothing but itself, with `code` in it as code."""
    parts = QUOTED.split(text)
    quoted = [part if number % 2 else MEANT.sub(r"\\\1", part) for number, part in enumerate(parts)]
    return "`".join(quoted).replace("\n", "\n" + " " * indent)
