"""The words of a document that is no plain text: a page, or what a word processor saves."""

import html
import io
import re
import zipfile
from html.parser import HTMLParser

from workbench.cohort.sources import BY_PARTS, DAMAGE, ENTRY, MOST
from workbench.exercises.answers import LARGEST_PART

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
LARGEST = 4 << 20  # bytes of a text unpacked, with all that is said of how it looks
LONGEST_PAGE = 1 << 18  # bytes: the time that a page takes may grow with the square of its length
ENDLESS = re.compile(r"&#x?[0-9a-f]{9,}", re.I)  # the number of no sign there is


def is_readable(suffix: str, content: bytes) -> bool:
    """Whether there may be words in it: no more is read than what shows that."""
    return suffix in PAGES or bool(_unpacked(suffix, content, 1))


def words_of(suffix: str, content: bytes) -> str | None:
    """The words, a line for each paragraph; None for what is no such document, is damaged or has
    more of them than any answer."""
    if suffix in PAGES:
        words = _of_page(content[:LONGEST_PAGE].decode("utf-8", errors="replace"))
    else:
        text = _unpacked(suffix, content, LARGEST)
        words = text and _of_text(text.decode("utf-8", errors="replace"), *ARCHIVES[suffix][1:])
    return None if words is None or len(words) > LARGEST_PART else words.strip()


def _of_page(page: str) -> str | None:
    words = _Words()
    try:
        words.feed(ENDLESS.sub("\ufffd", page))
    except Exception:  # whatever the library stumbles over in somebody's page is that page's fault
        return None
    return "".join(words.heard)


def _unpacked(suffix: str, content: bytes, size: int) -> bytes | None:
    """So much of the text in an archive; None for what is none, is damaged or too large."""
    if suffix not in ARCHIVES or content.count(ENTRY) > MOST:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entry = archive.getinfo(ARCHIVES[suffix][0])
            if entry.compress_type not in BY_PARTS or entry.file_size > LARGEST:
                return None
            with archive.open(entry) as file:
                return file.read(size)
    except (*DAMAGE, KeyError):
        return None


def _of_text(text: str, ends: str, holds: str) -> str:
    # By patterns, not by a parser: an entity is expanded nowhere.
    lines = ("".join(re.findall(holds, line)) for line in re.split(ends, _own(text)))
    return "\n".join(html.unescape(ENDLESS.sub("\ufffd", line)) for line in lines)


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
