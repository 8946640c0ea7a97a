"""The words of a document that is no plain text: a page, or what a word processor saves."""

import html
import io
import re
import zipfile
from html.parser import HTMLParser

from workbench.cohort.sources import BY_PARTS, DAMAGE, ENTRY, MOST
from workbench.exercises.contents import LARGEST

PAGES = (".html", ".htm")
BLOCKS = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4"}
# Where the text lies in the archive that such a file is, what ends a line in it, and what holds it.
ARCHIVES = {
    ".docx": ("word/document.xml", r"</w:p>|<w:br/>", r"<w:t(?: [^<>]*)?>([^<]*)"),
    ".odt": ("content.xml", r"</text:(?:p|h)>|<text:line-break/>", r"(?<=>)[^<]+"),
}
READ = (*PAGES, *ARCHIVES)
LONGEST_PAGE = 1 << 18  # bytes: the time that a page takes may grow with the square of its length
ENDLESS = re.compile(r"&#x?[0-9a-f]{9,}", re.I)  # the number of no sign there is


def words_of(suffix: str, content: bytes) -> str | None:
    """The words, a line for each paragraph; None for what is no such document, or damaged."""
    if suffix in PAGES:
        words = _Words()
        page = content[:LONGEST_PAGE].decode("utf-8", errors="replace")
        words.feed(ENDLESS.sub("\ufffd", page))
        return "".join(words.heard).strip()
    return _of_archive(content, *ARCHIVES[suffix]) if suffix in ARCHIVES else None


def _of_archive(content: bytes, name: str, ends: str, holds: str) -> str | None:
    # By patterns, not by a parser: an entity is expanded nowhere.
    if content.count(ENTRY) > MOST:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entry = archive.getinfo(name)
            if entry.compress_type not in BY_PARTS:
                return None
            with archive.open(entry) as file:
                text = file.read(LARGEST).decode("utf-8", errors="replace")
    except (*DAMAGE, KeyError):
        return None
    lines = ("".join(re.findall(holds, line)) for line in re.split(ends, text))
    plain = (html.unescape(ENDLESS.sub("\ufffd", line)) for line in lines)
    return "\n".join(plain).strip()


class _Words(HTMLParser):
    """The text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def handle_data(self, data: str) -> None:
        self.heard.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.heard.append("\n" if tag in BLOCKS else "")
