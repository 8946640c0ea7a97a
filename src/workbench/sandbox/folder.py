"""A job's folder, held open: whatever the learner's code makes of it, nothing outside is reached.

Names are relative to it; every step of the way is taken from a descriptor and follows no link.
"""

import contextlib
import os
import stat
from itertools import islice

from workbench.sandbox.erasing import entered, erase, put_away
from workbench.sandbox.regular import ITSELF, opened, whatever_it_is

MOST_NAMES = 10_000  # that are listed: far more than any right answer makes
MOST_LEVELS = 100  # of folders in folders, which no right answer makes either


class _Parent:
    """The descriptor of a folder, which is closed at the end unless it is lent, and a name in it.

    No generator: judging asks for thousands.
    """

    __slots__ = ("_descriptor", "_name", "_own")

    def __init__(self, descriptor: int, name: str, own: bool):
        self._descriptor, self._name, self._own = descriptor, name, own

    def __enter__(self) -> tuple[int, str]:
        return self._descriptor, self._name

    def __exit__(self, *_: object) -> None:
        if self._own:
            os.close(self._descriptor)


class Folder:
    """Files in the folder of this descriptor, which it owns.

    owner: the user whom what is written belongs to, where that is not the writer; above: the
    descriptor of the folder that it lies in, where that takes what would need time to be erased.
    """

    def __init__(self, descriptor: int, owner: int, above: int | None = None):
        self._descriptor, self._owner, self._above = descriptor, owner, above

    def read(self, name: str, limit: int) -> bytes | None:
        """The first bytes of a regular file; None for anything else, in any guise."""
        with whatever_it_is(), self._parent(name) as (parent, last):
            descriptor = os.open(last, ITSELF, dir_fd=parent)
            try:
                status = os.fstat(descriptor)
                if stat.S_ISREG(status.st_mode):  # at once, into no more memory than that takes
                    return os.read(descriptor, min(limit, status.st_size))
            finally:
                os.close(descriptor)
        return None

    def identity(self, name: str) -> tuple[int, int] | None:
        """Device and inode of a regular file."""
        with whatever_it_is(), self._parent(name) as (parent, last):
            if file := opened(last, parent):
                with file:
                    status = os.fstat(file.fileno())
                return status.st_dev, status.st_ino
        return None

    def touched(self, name: str) -> tuple[int, int] | None:
        """Inode of a regular file, and when anything about it was changed last."""
        with whatever_it_is(), self._parent(name) as (parent, last):
            status = os.stat(last, dir_fd=parent, follow_symlinks=False)
            return (status.st_ino, status.st_ctime_ns) if stat.S_ISREG(status.st_mode) else None
        return None

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, in place of whatever had its name; raise OSError without room."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._parent(name, make=True) as (parent, last):
            self._clear(last, parent)
            with open(os.open(last, flags, 0o644, dir_fd=parent), "wb") as file:
                os.fchmod(file.fileno(), 0o644)  # whatever the judge's own mask says
                self._give(file.fileno())
                file.write(content)

    def overwrite(self, name: str, content: bytes, dated: bool) -> bool:
        """Let a regular file of the owner's hold this, and stay the file that it is; whether it
        does. dated: whether that changes it now, and not when it was changed last.

        Only while nothing of the owner's runs: of a writer's own files, one that has another name
        stays as it is, for that may be anywhere.
        """
        flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with whatever_it_is(), self._parent(name) as (parent, last):
            with open(os.open(last, flags, dir_fd=parent), "wb") as file:
                status = os.fstat(file.fileno())
                alone = status.st_nlink == 1 or self._owner != os.getuid()
                if not (stat.S_ISREG(status.st_mode) and status.st_uid == self._owner and alone):
                    return False
                file.write(content)
                file.truncate()
                file.flush()
                if not dated:
                    os.utime(file.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
            return True
        return False

    def remove(self, name: str) -> None:
        """Take a file, or whatever has its name, away."""
        with whatever_it_is(), self._parent(name) as (parent, last):
            self._clear(last, parent)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; not more than any right answer makes."""
        with (
            whatever_it_is(),
            self._parent(f"{folder}/") as (parent, _),
            os.scandir(parent) as entries,
        ):
            return sorted(entry.name for entry in islice(entries, MOST_NAMES))
        return []

    def exceeds(self, most: int) -> bool:
        """Whether more files and folders than this are in it, what was taken away among them, or
        folders in folders without end."""
        top = self._descriptor if self._above is None else self._above
        count, way = 0, [(top, ["."])]  # of each level: its descriptor, the folders to be entered
        try:
            while way and count <= most and len(way) <= MOST_LEVELS + 3:
                parent, folders = way[-1]
                if not folders:
                    way.pop()
                    if parent != top:
                        os.close(parent)
                    continue
                with whatever_it_is():  # what is gone meanwhile is not counted
                    below: list[str] = []
                    way.append((entered(folders.pop(), parent), below))
                    with os.scandir(way[-1][0]) as entries:
                        for entry in islice(entries, most + 1):
                            count += 1
                            if entry.is_dir(follow_symlinks=False):
                                below.append(entry.name)
            return count > most or bool(way)
        finally:
            for descriptor, _ in way:
                if descriptor != top:
                    os.close(descriptor)

    def close(self) -> None:
        os.close(self._descriptor)
        if self._above is not None:
            os.close(self._above)

    def _clear(self, name: str, parent: int) -> None:
        """Let nothing have this name, however much it holds."""
        if self._above is None:
            erase(name, parent)
        else:
            put_away(name, parent, self._above)

    def _parent(self, name: str, make: bool = False) -> "_Parent":
        """The folder that a name stands in, and the name's last part; raise OSError for none."""
        *folders, last = name.split("/")
        parent = self._descriptor
        try:
            for folder in folders:
                if make:
                    self._make(folder, parent)
                above, parent = parent, entered(folder, parent)
                if above != self._descriptor:
                    os.close(above)
        except OSError:
            if parent != self._descriptor:
                os.close(parent)
            raise
        return _Parent(parent, last, parent != self._descriptor)

    def _make(self, name: str, parent: int) -> None:
        """See to it that this is a folder."""
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                return
            self._clear(name, parent)
        os.mkdir(name, 0o700, dir_fd=parent)
        descriptor = entered(name, parent)
        self._give(descriptor)
        os.close(descriptor)

    def _give(self, descriptor: int) -> None:
        if self._owner != os.getuid():
            os.fchown(descriptor, self._owner, self._owner)
