"""The text that a file holds, in whatever encoding editors save it."""

import codecs
import os
import re
import stat
import sys
from pathlib import Path

from workbench.graph import PipelineError
from workbench.sandbox.regular import itself

LARGEST = 24 << 20  # bytes of a file: a notebook with pictures in its outputs is far below
WHAT, GIVE = "it is not UTF-8 text", "give the path of a notebook or text file"
WIDE = "it is not UTF-8, but UTF-16 or UTF-32 without a mark, or no text; save it as UTF-8"
# Of those that Python reads, the ones that are read in a time that grows with their length.
CODING = re.compile(
    rb"(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*"
    rb"((?:cp|windows-)125\d|iso-?8859-\d+|latin-?\d+)\b",
    re.I,
)


def text_in(file: Path, links: bool) -> str:
    """The text of a file, which may be a link or not; raise PipelineError for none."""
    content = None
    try:
        status = file.stat(follow_symlinks=links)
        ordinary = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
        if ordinary and status.st_size <= LARGEST:
            # Not more than its size: the kernel's own files have none, and some never end.
            with open(file, "rb", opener=_without_waiting if links else itself) as opened:
                content = opened.read(status.st_size)
    except OSError as error:
        raise PipelineError(f"{file}: {error.strerror or WHAT}; {GIVE}") from None
    return decoded(content, file)


def decoded(content: bytes | None, file: Path) -> str:
    """The text of a file that holds this, None standing for what is no ordinary file or too large;
    raise PipelineError for what is no text."""
    try:
        encoding = encoding_of(content or b"", file.suffix)
        text = None if content is None else content.decode(encoding).replace("\r\n", "\n")
    except (UnicodeDecodeError, LookupError):
        why = WIDE if b"\0" in content else f"{WHAT}; {GIVE}"
        raise PipelineError(f"{file}: {why}") from None
    if text and "\0" in text:  # each sign has two or four bytes, most of them zero
        raise PipelineError(f"{file}: {WIDE}")
    # One sign beyond those of most languages makes a text four times as large in memory.
    if text is None or sys.getsizeof(text) > 2 * LARGEST + sys.getsizeof(""):
        most = f"an answer is an ordinary file of at most {LARGEST >> 20} MB"
        raise PipelineError(f"{file}: {most}; clear its outputs")
    return text


def encoding_of(head: bytes, suffix: str) -> str:
    """How a text is encoded that begins so: UTF-8, or with a mark UTF-16 or UTF-32, or as
    a file of Python's says of itself."""
    if suffix == ".py" and (said := CODING.match(head)):
        return said[1].decode()
    if head[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    return "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
