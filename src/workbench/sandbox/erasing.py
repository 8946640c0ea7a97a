"""Removing what the learner's code has left, of any depth, number and mode, by many hands at once.

A disk that gives each block back as it goes takes milliseconds for a folder, and as many for
sixteen folders at a time.
"""

import contextlib
import os
from collections import deque
from collections.abc import Callable, Collection
from functools import partial
from threading import Thread

PATH = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
HELD = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
HANDS = 16
HANDFUL = 32  # files that one hand takes at once
FILLED = 32  # folders for which there is another shelf
WORTH = 4  # handfuls, or folders, for which there is another hand


def entered(name: str, parent: int) -> int:
    """Open a folder, whatever its mode; raise OSError where it is none."""
    with contextlib.suppress(PermissionError):
        folder = os.open(name, HELD | os.O_NOFOLLOW, dir_fd=parent)
        if os.fstat(folder).st_mode & 0o700 == 0o700:  # as nearly all are
            return folder
        os.close(folder)
    path = os.open(name, PATH | os.O_DIRECTORY, dir_fd=parent)
    try:
        if os.fstat(path).st_mode & 0o700 != 0o700:
            # The descriptor's own entry is no link that anybody could have placed.
            os.chmod(f"/proc/self/fd/{path}", 0o700)
        return os.open(".", HELD, dir_fd=path)
    finally:
        os.close(path)


def put_away(name: str, parent: int, aside: int) -> None:
    """Remove a file of this name; move a folder to where it is erased later, which takes no time.

    aside: the descriptor of a folder of the same file system.
    """
    if not _unlinked(name, parent):
        _move(name, parent, f".{os.urandom(8).hex()}", aside)


def erase(name: str, parent: int) -> None:
    """Remove whatever has the name; raise OSError where the kernel refuses.

    What lies deeper is brought up first, so that no depth is too much.
    """
    if _unlinked(name, parent):
        return
    pending, folders, handfuls, shelves = [name], [], [], _Shelves(parent)
    try:
        while pending:
            folder = pending.pop()
            files = _left_in(folder, parent, pending, shelves)
            handfuls += [(folder, files[at : at + HANDFUL]) for at in range(0, len(files), HANDFUL)]
            folders.append(folder)
    finally:  # on a full disk there is room to go on when some of it is gone
        _by_many(partial(_emptied, parent), handfuls)
        _by_many(partial(os.rmdir, dir_fd=parent), folders)
        _by_many(partial(os.rmdir, dir_fd=parent), shelves.made)


class _Shelves:
    """Where folders are brought up to: several, for of one folder only one hand removes at a time.

    made: those that have to be removed in the end.
    """

    def __init__(self, parent: int):
        self.made: list[str] = []
        self._parent, self._count = parent, 0

    def place(self) -> str:
        """A new name, relative to the parent."""
        self._count += 1
        if self._count % FILLED == 0 and len(self.made) < HANDS:
            shelf = f".{os.urandom(8).hex()}"
            with contextlib.suppress(OSError):  # no room: there are the others, or the parent
                os.mkdir(shelf, 0o700, dir_fd=self._parent)
                self.made.append(shelf)
        shelf = f"{self.made[self._count % len(self.made)]}/" if self.made else ""
        return f"{shelf}.{os.urandom(8).hex()}"


def _unlinked(name: str, parent: int) -> bool:
    """Whether nothing has the name any more; a folder's it may be still."""
    try:
        os.unlink(name, dir_fd=parent)
    except FileNotFoundError:
        return True
    except (IsADirectoryError, PermissionError):
        return False
    return True


def _left_in(name: str, parent: int, folders: list[str], shelves: _Shelves) -> list[str]:
    """The files of a folder; the folders in it are brought up, and added under their new names."""
    descriptor, files = entered(name, parent), []
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    moved = shelves.place()
                    _move(entry.name, descriptor, moved, parent)
                    folders.append(moved)
                else:
                    files.append(entry.name)
    finally:
        os.close(descriptor)
    return files


def _move(name: str, parent: int, moved: str, into: int) -> None:
    os.close(entered(name, parent))  # only what may be written can be moved
    os.rename(name, moved, src_dir_fd=parent, dst_dir_fd=into)


def _emptied(parent: int, handful: tuple[str, list[str]]) -> None:
    folder, files = handful
    descriptor = entered(folder, parent)
    try:
        for file in files:
            os.unlink(file, dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _by_many(remove: Callable[..., None], things: Collection) -> None:
    """Remove each of them; raise the first error when all were tried."""
    rest, errors = deque(things), []

    def help_out() -> None:
        while rest:
            with contextlib.suppress(IndexError):  # another hand has taken the last
                try:
                    remove(rest.popleft())
                except OSError as error:
                    errors.append(error)

    helpers = [Thread(target=help_out) for _ in range(min(HANDS, len(rest) // WORTH))]
    begun = []
    with contextlib.suppress(RuntimeError):  # an account that may have no more: then with fewer
        for helper in helpers:
            helper.start()
            begun.append(helper)
    help_out()
    for helper in begun:
        helper.join()
    if errors:
        raise errors[0]
