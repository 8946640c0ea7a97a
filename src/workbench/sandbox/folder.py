"""A job's folder, held open: whatever the learner's code makes of it, nothing outside is reached.

Names are relative to it; every step of the way is taken from a descriptor and follows no link.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from itertools import islice

from workbench.sandbox.regular import opened

MOST_NAMES = 10_000  # that are listed: far more than any right answer makes
MOST_LEVELS = 100  # of folders in folders, which no right answer makes either
PATH = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """Files in the folder of this descriptor, which it owns.

    owner: the user whom what is written belongs to, where that is not the writer.
    """

    def __init__(self, descriptor: int, owner: int):
        self._descriptor, self._owner = descriptor, owner

    def read(self, name: str, limit: int) -> bytes | None:
        """The first bytes of a regular file; None for anything else, in any guise."""
        with contextlib.suppress(OSError), self._parent(name) as (parent, last):
            if file := opened(last, parent):
                with file:
                    return file.read(limit)
        return None

    def identity(self, name: str) -> tuple[int, int] | None:
        """Device and inode of a regular file."""
        with contextlib.suppress(OSError), self._parent(name) as (parent, last):
            if file := opened(last, parent):
                with file:
                    status = os.fstat(file.fileno())
                return status.st_dev, status.st_ino
        return None

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, in place of whatever had its name; raise OSError without room."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._parent(name, make=True) as (parent, last):
            erase(last, parent)
            with open(os.open(last, flags, 0o644, dir_fd=parent), "wb") as file:
                os.fchmod(file.fileno(), 0o644)  # whatever the judge's own mask says
                self._give(file.fileno())
                file.write(content)

    def remove(self, name: str) -> None:
        """Take a file, or whatever has its name, away."""
        with contextlib.suppress(OSError), self._parent(name) as (parent, last):
            erase(last, parent)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; not more than any right answer makes."""
        with (
            contextlib.suppress(OSError),
            self._parent(f"{folder}/") as (parent, _),
            os.scandir(parent) as entries,
        ):
            return sorted(entry.name for entry in islice(entries, MOST_NAMES))
        return []

    def exceeds(self, most: int) -> bool:
        """Whether more files and folders than this are in it, or folders in folders without end."""
        count, pending = 0, ["."]
        while pending and count <= most:
            within = pending.pop()
            if within.count("/") > MOST_LEVELS:
                return True
            with (
                contextlib.suppress(OSError),  # what is gone meanwhile is not counted
                self._parent(f"{within}/") as (parent, _),
                os.scandir(parent) as entries,
            ):
                for entry in islice(entries, most + 1):
                    count += 1
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(f"{within}/{entry.name}")
        return count > most

    def close(self) -> None:
        os.close(self._descriptor)

    @contextlib.contextmanager
    def _parent(self, name: str, make: bool = False) -> Iterator[tuple[int, str]]:
        """The descriptor of the folder that a name stands in, and the name's last part."""
        *folders, last = name.split("/")
        with contextlib.ExitStack() as opened:
            parent = self._descriptor
            for folder in folders:
                if make:
                    self._make(folder, parent)
                parent = entered(folder, parent)
                opened.callback(os.close, parent)
            yield parent, last

    def _make(self, name: str, parent: int) -> None:
        """See to it that this is a folder."""
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                return
            erase(name, parent)
        os.mkdir(name, 0o700, dir_fd=parent)
        descriptor = entered(name, parent)
        self._give(descriptor)
        os.close(descriptor)

    def _give(self, descriptor: int) -> None:
        if os.getuid() == 0:
            os.fchown(descriptor, self._owner, self._owner)


def entered(name: str, parent: int) -> int:
    """Open a folder, whatever its mode; raise OSError where it is none."""
    path = os.open(name, PATH | os.O_DIRECTORY, dir_fd=parent)
    try:
        if os.fstat(path).st_mode & 0o700 != 0o700:
            # The descriptor's own entry is no link that anybody could have placed.
            os.chmod(f"/proc/self/fd/{path}", 0o700)
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=path)
    finally:
        os.close(path)


def erase(name: str, parent: int) -> None:
    """Remove whatever has the name; raise OSError where the kernel refuses.

    What lies deeper is brought up first, so that no depth is too much.
    """
    pending = [name]
    while pending:
        name = pending.pop()
        try:
            os.unlink(name, dir_fd=parent)
        except FileNotFoundError:
            continue
        except (IsADirectoryError, PermissionError):
            pending += _emptied(name, parent)
            os.rmdir(name, dir_fd=parent)


def _emptied(name: str, parent: int) -> list[str]:
    """Remove the files of a folder and bring its folders up; give the names that these have now."""
    descriptor, folders = entered(name, parent), []
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.name, dir_fd=descriptor)
                    continue
                os.close(entered(entry.name, descriptor))  # only what may be written can be moved
                folders.append(f".{os.urandom(8).hex()}")
                os.rename(entry.name, folders[-1], src_dir_fd=descriptor, dst_dir_fd=parent)
    finally:
        os.close(descriptor)
    return folders
