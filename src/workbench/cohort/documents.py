"""The words of a document that is no plain text: a page, or what a word processor saves."""

import html
import io
import re
import zipfile
from html.parser import HTMLParser

from workbench.cohort.sources import BY_PARTS, DAMAGE, ENTRY, MOST
from workbench.exercises.contents import LARGEST

PAGES = (".html", ".htm")
BLOCKS = {"p", "div", "li", "tr", "pre", "table", "ul", "ol", "blockquote", "section", "article"}
BLOCKS |= {"hr", "dt", "dd", *(f"h{level}" for level in range(1, 7))}
ENDS = dict.fromkeys(BLOCKS, "\n") | {"td": " ", "th": " "}
UNSEEN = {"style", "script", "title"}
# In an OpenDocument's text, what is struck out, and what somebody has written in the margin.
ASIDE = re.compile(r"(</?(?:text:tracked-changes|office:annotation)(?=[\s/>])[^<>]*>)")
BLANKS = re.compile(r'<text:(?:s|tab)(?: text:c="(\d\d?)")?/>')
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
                text = _own(file.read(LARGEST).decode("utf-8", errors="replace"))
    except (*DAMAGE, KeyError):
        return None
    lines = ("".join(re.findall(holds, line)) for line in re.split(ends, text))
    plain = (html.unescape(ENDLESS.sub("\ufffd", line)) for line in lines)
    return "\n".join(plain).strip()


def _own(text: str) -> str:
    """The text without what stands beside it, and with its blanks."""
    own, depth = [], 0
    for part in ASIDE.split(text):
        if not ASIDE.fullmatch(part):
            own += [part] if not depth else []
        elif not part.endswith("/>"):
            depth = max(0, depth + (-1 if part.startswith("</") else 1))
    return BLANKS.sub(lambda blanks: " " * int(blanks[1] or 1), "".join(own))


class _Words(HTMLParser):
    """The text of a page as it is seen, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self._unseen = ""
        self._broken = False  # by a <br>, after which a line's end is no other

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            data = data.removeprefix("\r").removeprefix("\n") if self._broken else data
            self.heard.append(data.replace("\xa0", " "))
            self._broken = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._unseen = self._unseen or (tag if tag in UNSEEN else "")
        self._broken = tag == "br"
        if self._broken or (tag in BLOCKS and not "".join(self.heard[-1:]).endswith("\n")):
            self.heard.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = "" if tag == self._unseen else self._unseen
        self.heard.append(ENDS.get(tag, ""))
