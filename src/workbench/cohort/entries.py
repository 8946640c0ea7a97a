"""The files that an archive holds: those that its list names, and those that it leaves out.

Of an archive its list is read, which is at its end. Where that is damaged, a file may lie there
whole and in no list: who handed it in would be passed over without a word.
"""

import struct
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO

HEAD, LENGTH = b"PK\3\4", 30  # of what stands before each file
SIZE, NAME = 18, 26  # where it says how long the file is, and how long its name and what follows it
IN_UTF8 = 1 << 11
BEHIND = (0, 12, 16, 20, 24)  # bytes behind a file, which tell its sizes once more in several forms


class Unlisted(zipfile.ZipInfo):
    """A file that the archive's list leaves out."""


def files_in(archive: zipfile.ZipFile, file: IO[bytes], most: int) -> list[zipfile.ZipInfo]:
    """Its files, and up to so many of which its list says nothing; no folders."""
    listed = archive.infolist()
    unlisted = islice(_unlisted(file, listed, archive.start_dir), most)
    return [entry for entry in (*listed, *unlisted) if not _is_folder(entry)]


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    """Whether it only says that there is a folder: one that holds bytes is a file after all."""
    return entry.filename.endswith("/") and not entry.file_size


def _unlisted(file: IO[bytes], listed: Sequence[zipfile.ZipInfo], end: int) -> Iterator[Unlisted]:
    """The files of which nobody speaks, from the end of one that is listed to the next."""
    begin = 0
    for entry in sorted(listed, key=lambda one: one.header_offset):
        yield from _between(file, begin, entry.header_offset)
        begin = entry.header_offset + _head(file, entry.header_offset)[0] + entry.compress_size
    yield from _between(file, begin, end)


def _between(file: IO[bytes], begin: int, end: int) -> Iterator[Unlisted]:
    """The files from here to there, as far as each says where it ends."""
    while begin + LENGTH <= end:
        for at in (begin + more for more in BEHIND):
            length, size, name = _head(file, at)
            if length and at < end:
                break
        else:
            return
        yield Unlisted(name)
        begin = at + length + size


def _head(file: IO[bytes], at: int) -> tuple[int, int, str]:
    """How long what stands before a file is, and the file itself, and its name; nothing where none
    begins."""
    try:
        file.seek(at)
        head = file.read(LENGTH)
    except (OSError, OverflowError, ValueError):  # of an archive that is damaged otherwise
        return 0, 0, ""
    if len(head) < LENGTH or head[:4] != HEAD:
        return 0, 0, ""
    (flags,), (size,) = struct.unpack_from("<H", head, 6), struct.unpack_from("<I", head, SIZE)
    name, more = struct.unpack_from("<HH", head, NAME)
    coded = "utf-8" if flags & IN_UTF8 else "cp437"
    return LENGTH + name + more, size, file.read(name).decode(coded, "replace")
