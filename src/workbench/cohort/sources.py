"""Every file of an export: folders and zips, also within each other, within limits.

Nothing is unpacked onto the disk; links, and paths that lead out of an archive, are never opened.
"""

import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from workbench.exercises.answers import LARGEST
from workbench.graph import PipelineError
from workbench.sandbox.regular import opened

DEEPEST = 3  # archives within each other
MOST = 100_000  # files of an export
LARGEST_ARCHIVE = 512 << 20  # bytes of an archive within another
LEFT_BY_TOOLS = {".git", ".ipynb_checkpoints", "__macosx", "__pycache__", ".venv", "venv"}
LEFT_BY_TOOLS |= {"node_modules", ".vscode", ".idea", ".github", ".workbench", ".ds_store"}
OPENED = ("~$", "._")  # of a word processor, of a Mac
LINK = "it is a link; the file itself has to be handed in"
OUTSIDE = "its path leads out of the archive"
TOOLS = "left there by a tool"
NAMELESS = "a file without a name"
ENCRYPTED, BROKEN = "the archive is encrypted", "the archive is broken"
PACKED = (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)


@dataclass(frozen=True)
class Found:
    """One file: where in the export; refused: why it is not opened; modified: by the archive or
    the disk; waits: whether a person has to look at what is refused."""

    path: PurePosixPath
    size: int = 0
    modified: datetime | None = None
    refused: str = ""
    waits: bool = False
    opening: Callable[[], IO[bytes] | None] = lambda: None

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


def files_of(export: Path, stack: ExitStack) -> list[Found]:
    """Every file of a folder or a zip; raise PipelineError where it is neither, or endless.

    What is open stays so until the stack is closed.
    """
    if export.is_dir():
        found = list(_in_folder(export, stack))
    elif export.is_file() and zipfile.is_zipfile(export):  # not a pipe, which is waited for
        found = list(_in_zip(export.open("rb"), PurePosixPath(), stack, 1))
    else:
        raise PipelineError(f"{export}: it is neither a folder nor a zip; give one of the two")
    return put_together(found, _by_tool)


def put_together(
    found: Iterable[Found], whose: Callable[[PurePosixPath], PurePosixPath | None]
) -> list[Found]:
    """The files, and in the place of those that a tool has left, one for what it left them in."""
    tools: dict[PurePosixPath, int] = {}
    kept = []
    for one in found:
        if by := whose(one.path):
            tools[by] = tools.get(by, 0) + 1
        else:
            kept.append(one)
    left = (Found(path, refused=f"{TOOLS} ({count} files)") for path, count in tools.items())
    return sorted([*kept, *left], key=lambda one: one.path)


def _by_tool(path: PurePosixPath) -> PurePosixPath | None:
    """The outermost part of the path that a tool has left."""
    parts = (
        part.casefold() in LEFT_BY_TOOLS or part.startswith(OPENED) or part.endswith(".swp")
        for part in path.parts
    )
    number = next((number for number, left in enumerate(parts, 1) if left), None)
    return PurePosixPath(*path.parts[:number]) if number else None


def _in_folder(folder: Path, stack: ExitStack) -> Iterator[Found]:
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
            yield from _one_file(file, PurePosixPath(file.relative_to(folder)), stack)
    for error in unread:
        path = PurePosixPath(Path(error.filename).relative_to(folder))
        yield Found(path, refused=f"the folder cannot be read: {error.strerror}", waits=True)


def _one_file(file: Path, path: PurePosixPath, stack: ExitStack) -> Iterator[Found]:
    try:
        status = file.lstat()
    except OSError as error:  # a path that is longer than the system takes
        yield Found(path, refused=f"it cannot be read: {error.strerror}", waits=True)
        return
    modified = None
    with suppress(ValueError, OverflowError):  # of a year that no calendar has
        modified = datetime.fromtimestamp(status.st_mtime, UTC)
    if stat.S_ISLNK(status.st_mode):
        yield Found(path, refused=LINK)
    elif not stat.S_ISREG(status.st_mode):
        yield Found(path, refused="it is no ordinary file")
    else:
        found = Found(path, status.st_size, modified, opening=lambda: opened(file))
        yield from _unpacked(found, stack, 0)


def _unpacked(found: Found, stack: ExitStack, depth: int) -> Iterator[Found]:
    """The file, or what it holds where it is a zip."""
    name = found.path.name.casefold()
    if name.endswith(PACKED):
        yield replace(found, refused="an archive of a kind that is not opened", waits=True)
    elif not name.endswith(".zip"):
        yield found
    elif depth >= DEEPEST or found.size > LARGEST_ARCHIVE:
        yield replace(found, refused="an archive too large, or too deep within others", waits=True)
    else:
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        if _copied(found, file):
            yield from _in_zip(file, found.path, stack, depth + 1)
        else:
            yield replace(found, refused=BROKEN, waits=True)


def _copied(found: Found, target: IO[bytes]) -> bool:
    """Copy it, unless it turns out to be larger than it says."""
    try:
        with found.opening() as source:
            left = LARGEST_ARCHIVE
            while part := source.read(min(1 << 20, left + 1)):
                left -= len(part)
                if left < 0:
                    return False
                target.write(part)
    except (*DAMAGE, AttributeError):
        return False
    return True


def _in_zip(file: IO[bytes], above: PurePosixPath, stack: ExitStack, depth: int) -> Iterator[Found]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(file)))
    except DAMAGE:
        file.close()
        yield Found(above, refused=BROKEN, waits=True)
        return
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if depth > 1 and sum(entry.file_size for entry in entries) > LARGEST_ARCHIVE:
        yield Found(above, refused="an archive that holds too much", waits=True)
        return
    if len(entries) > MOST:
        yield Found(above, refused=f"an archive of more than {MOST:,} files", waits=True)
        return
    for entry in entries:
        yield from _unpacked_entry(archive, entry, above, stack, depth)


def _unpacked_entry(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    above: PurePosixPath,
    stack: ExitStack,
    depth: int,
) -> Iterator[Found]:
    name = entry.filename.replace("\\", "/")
    inside = PurePosixPath(name)
    parts = [part for part in inside.parts if part not in ("..", "/")]
    path = above / PurePosixPath(*parts or [NAMELESS])
    if not parts or inside.is_absolute() or ".." in inside.parts or name[1:2] == ":":
        yield Found(path, refused=OUTSIDE)
    elif stat.S_ISLNK(entry.external_attr >> 16):
        yield Found(path, refused=LINK)
    elif entry.flag_bits & 1:
        yield Found(path, refused=ENCRYPTED, waits=True)
    else:
        found = Found(path, entry.file_size, _time(entry), opening=lambda: archive.open(entry))
        yield from _unpacked(found, stack, depth)


def _time(entry: zipfile.ZipInfo) -> datetime | None:
    """When the file was last changed; None where the archive does not say, which is 1980."""
    try:
        return datetime(*entry.date_time).astimezone() if entry.date_time[0] > 1980 else None
    except ValueError:
        return None
