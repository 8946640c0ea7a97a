"""Every file of an export: folders and zips, also within each other, within limits.

Nothing is unpacked onto the disk; links, and paths that lead out of an archive, are never opened.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from workbench.cohort.entries import Unlisted, files_in
from workbench.cohort.moments import of_entry
from workbench.cohort.spool import Spool
from workbench.exercises.contents import LARGEST
from workbench.graph import PipelineError
from workbench.sandbox.regular import opened_below

DEEPEST = 3  # archives within each other
MOST = 100_000  # files of an export
# Of an archive within another, with those within it: bytes, and files that no tool has left.
LARGEST_ARCHIVE, MOST_INSIDE = 512 << 20, 20_000
# Archives within one may be as large as so many of it: nothing makes one packed again much smaller.
SMALL, TIMES = 1 << 20, 30
LONGEST_NAME, LONGEST_PATH, LONGEST_WAY = 255, 1000, 40  # bytes; characters; folders
LEFT_BY_TOOLS = {".git", ".ipynb_checkpoints", "__macosx", "__pycache__", ".venv", "venv"}
LEFT_BY_TOOLS |= {"node_modules", ".vscode", ".idea", ".github", ".workbench", ".ds_store"}
OPENED = ("~$", "._")  # of a word processor, of a Mac
LINK = "it is a link; the file itself has to be handed in"
OUTSIDE = "its path leads out of the archive"
TOOLS = "left there by a tool"
NAMELESS = "a file without a name"
UNNAMED = "its name is longer than a file system takes, or lies too deep"
TOO_MUCH = "an archive that holds too much"
ENTRY = b"PK\1\2"  # what each entry of an archive's list begins with
# Of any other, reading a part unpacks all that this part was made of: a gigabyte out of a kilobyte.
BY_PARTS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
OTHERWISE = "packed in a way that is not opened; only what is deflated is"
ENCRYPTED, BROKEN = "the archive is encrypted", "the archive is broken"
UNLISTED = "the archive is damaged: its list leaves this file out; it has to be got once more"
EMPTY, DEEP = "an archive without a file", "an archive too large, or too deep within others"
PACKED = (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)
DAMAGE += (MemoryError, OverflowError, struct.error, zlib.error)


@dataclass(frozen=True)
class Exported:
    """One file: where in the export; refused: why it is not opened; waits: whether a person has to
    look at what is refused; times: of each archive that it lies in, from outside, and of itself,
    how many parts of its path follow, and when it was put there by what is around it."""

    path: PurePosixPath
    size: int = 0
    times: tuple[tuple[int, datetime | None], ...] = ((0, None),)
    refused: str = ""
    waits: bool = False
    opening: Callable[[], IO[bytes] | None] = lambda: None

    def came(self, number: int) -> tuple[int, datetime | None]:
        """The entry of `times` of the outermost file in which, or above which, the part of this
        number is: what is said inside of it, whoever packed it has written."""
        return next(one for one in self.times if len(self.path.parts) - one[0] > number)

    def read(self) -> bytes | None:
        """Its bytes; None for one that is not to be opened, too large or damaged."""
        try:
            file = None if self.refused or self.size > LARGEST else self.opening()
            if file is None:
                return None
            with file:
                content = file.read(LARGEST + 1)
        except DAMAGE:
            return None
        return content if len(content) <= LARGEST else None


@dataclass
class _Allowance:
    """What is still looked at of an archive: bytes of archives in it, of anything, and files."""

    copies: int
    size: int = field(default_factory=lambda: LARGEST_ARCHIVE)
    files: int = field(default_factory=lambda: MOST_INSIDE)

    def covers(self, entries: Sequence[zipfile.ZipInfo]) -> bool:
        """Whether these are not too much; if so, they are what was looked at."""
        own = sum(not _by_tool(PurePosixPath(entry.filename)) for entry in entries)
        size = sum(entry.file_size for entry in entries)
        enough = own <= self.files and size <= self.size
        if enough:
            self.files, self.size = self.files - own, self.size - size
        return enough


def files_of(export: Path, stack: ExitStack) -> list[Exported]:
    """Every file of a folder or a zip; raise PipelineError where it is neither, or endless.

    What is open stays so until the stack is closed.
    """
    if export.is_dir():
        exported = list(_in_folder(export, Spool(stack)))
    elif export.is_file() and zipfile.is_zipfile(export):  # not a pipe, which is waited for
        file = stack.enter_context(export.open("rb"))
        exported = list(_in_zip(file, Exported(PurePosixPath()), Spool(stack), None))
        if refused := next((file.refused for file in exported if not file.path.parts), ""):
            raise PipelineError(f"{export}: {refused}; download it once more")
    else:
        raise PipelineError(f"{export}: it is neither a folder nor a zip; give one of the two")
    if not exported:
        raise PipelineError(f"{export}: there is no file in it; give what was downloaded")
    return put_together(exported, _by_tool)


def put_together(
    exported: Iterable[Exported], whose: Callable[[PurePosixPath], PurePosixPath | None]
) -> list[Exported]:
    """The files, and in the place of those that a tool has left, one for what it left them in."""
    tools: dict[PurePosixPath, int] = {}
    kept = []
    for file in exported:
        if by := whose(file.path):
            tools[by] = tools.get(by, 0) + 1
        else:
            kept.append(file)
    left = (Exported(path, refused=f"{TOOLS} ({count} files)") for path, count in tools.items())
    return sorted([*kept, *left], key=lambda one: one.path)


def _by_tool(path: PurePosixPath) -> PurePosixPath | None:
    """The outermost part of the path that a tool has left."""
    parts = (
        part.casefold() in LEFT_BY_TOOLS or part.startswith(OPENED) or part.endswith(".swp")
        for part in path.parts
    )
    number = next((number for number, left in enumerate(parts, 1) if left), None)
    return PurePosixPath(*path.parts[:number]) if number else None


def _in_folder(folder: Path, spool: Spool) -> Iterator[Exported]:
    count, unread = 0, []
    for root, folders, names in os.walk(folder, onerror=unread.append):
        folders.sort()
        linked = [name for name in folders if os.path.islink(os.path.join(root, name))]
        for name in sorted([*names, *linked]):
            if (count := count + 1) > MOST:
                raise PipelineError(
                    f"{folder}: it holds more than {MOST:,} files; give a part of it"
                )
            file = Path(root, name)
            yield from _one_file(folder, PurePosixPath(file.relative_to(folder)), spool)
    for error in unread:
        path = PurePosixPath(Path(error.filename).relative_to(folder))
        yield Exported(path, refused=f"the folder cannot be read: {error.strerror}", waits=True)


def _one_file(folder: Path, path: PurePosixPath, spool: Spool) -> Iterator[Exported]:
    try:
        status = (folder / path).lstat()
    except OSError as error:  # a path that is longer than the system takes
        yield Exported(path, refused=f"it cannot be read: {error.strerror}", waits=True)
        return
    if unnamed := _unnamed(path):
        yield unnamed
        return
    modified = None
    with suppress(ValueError, OverflowError):  # of a year that no calendar has
        modified = datetime.fromtimestamp(status.st_mtime, UTC)
    if stat.S_ISLNK(status.st_mode):
        yield Exported(path, refused=LINK)
    elif not stat.S_ISREG(status.st_mode):
        yield Exported(path, refused="it is no ordinary file")
    else:
        exported = Exported(
            path, status.st_size, ((0, modified),), opening=lambda: opened_below(folder, path)
        )
        yield from _unpacked(exported, spool)


def _unpacked(
    exported: Exported, spool: Spool, depth: int = 0, left: _Allowance | None = None
) -> Iterator[Exported]:
    """The file, or what it holds where it is a zip.

    left: what may still be looked at of the archive that it lies in, None outside of any.
    """
    name = exported.path.name.casefold()
    if name.endswith(PACKED):
        yield replace(exported, refused="an archive of a kind that is not opened", waits=True)
    elif not name.endswith(".zip"):
        yield exported
    elif depth >= DEEPEST or exported.size > LARGEST_ARCHIVE:
        yield replace(exported, refused=DEEP, waits=True)
    else:
        begin = spool.end
        if refused := _copied(exported, spool, left.copies if left else LARGEST_ARCHIVE):
            spool.drop(begin)
            yield replace(exported, refused=refused, waits=True)
        else:
            left = left or _Allowance(SMALL + TIMES * exported.size)
            left.copies -= spool.end - begin
            yield from _in_zip(spool.since(begin), exported, spool, left, depth + 1)


def _unnamed(path: PurePosixPath) -> Exported | None:
    """What is said of a path that no file system would have: to read in it could take for ever."""
    longest = max(len(part.encode(errors="replace")) for part in path.parts)
    if (
        longest <= LONGEST_NAME
        and len(path.parts) <= LONGEST_WAY
        and len(str(path)) <= LONGEST_PATH
    ):
        return None
    cut = PurePosixPath(*(part[:40] for part in path.parts[:3]), "…")
    return Exported(cut, refused=UNNAMED, waits=True)


def _copied(exported: Exported, target: Spool, left: int) -> str:
    """Copy an archive; why not, where it is larger than it says, or lists more than is read."""
    try:
        with exported.opening() as source:
            entries, end = MOST, b""
            while part := source.read(min(1 << 20, left + 1)):
                left, entries = left - len(part), entries - (end + part).count(ENTRY)
                end = part[1 - len(ENTRY) :]
                if left < 0 or entries < 0:
                    return TOO_MUCH
                target.write(part)
    except (*DAMAGE, AttributeError):
        return BROKEN
    return ""


def _in_zip(
    file: IO[bytes],
    above: Exported,
    spool: Spool,
    left: _Allowance | None,
    depth: int = 1,
) -> Iterator[Exported]:
    try:
        archive = zipfile.ZipFile(file)
        entries = files_in(archive, file, MOST)
    except DAMAGE:
        yield Exported(above.path, refused=BROKEN, waits=True)
        return
    if not entries and above.path.parts:
        yield Exported(above.path, refused=EMPTY, waits=True)
        return
    if left and not left.covers(entries):
        yield Exported(above.path, refused=TOO_MUCH, waits=True)
        return
    if len(entries) > MOST:
        yield Exported(above.path, refused=f"an archive of more than {MOST:,} files", waits=True)
        return
    for entry in entries:
        yield from _unpacked_entry(archive, entry, above, spool, left, depth)


def _unpacked_entry(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    above: Exported,
    spool: Spool,
    left: _Allowance | None,
    depth: int,
) -> Iterator[Exported]:
    name, when = entry.filename.replace("\\", "/"), of_entry(entry.date_time)
    inside = PurePosixPath(name)
    parts = [part for part in inside.parts if part not in ("..", "/")]
    path = above.path / PurePosixPath(*parts or [NAMELESS])
    if unnamed := _unnamed(path):
        yield unnamed
    elif not parts:
        yield Exported(path, refused=NAMELESS, waits=True)
    elif isinstance(entry, Unlisted):
        yield Exported(path, refused=UNLISTED, waits=True)
    elif inside.is_absolute() or ".." in inside.parts or name[1:2] == ":":
        yield Exported(path, refused=OUTSIDE)
    elif stat.S_ISLNK(entry.external_attr >> 16):
        yield Exported(path, refused=LINK)
    elif entry.flag_bits & 1:
        yield Exported(path, refused=ENCRYPTED, waits=True)
    elif entry.compress_type not in BY_PARTS:
        yield Exported(path, refused=OTHERWISE, waits=True)
    else:
        times = (*((below + len(parts), time) for below, time in above.times), (0, when))
        exported = Exported(path, entry.file_size, times, opening=lambda: archive.open(entry))
        yield from _unpacked(exported, spool, depth, left)
