"""Where a job's folder lies on a machine that has no small root for it: in the temporary folder."""

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from workbench.sandbox.erasing import erase
from workbench.sandbox.root import SHARED

PREFIX = "workbench-job-"
PATIENCE = 5.0  # seconds in which a folder is emptied again and again
FEWEST = 3  # times that this is tried at least
BEING_MADE = f"{PREFIX}new-"  # until its maker has locked it
FRESH = 60.0  # seconds in which that may be so


@contextlib.contextmanager
def on_disk(temporary: str, user: int) -> Iterator[str]:
    """A folder that only the judge and this user can enter, gone afterwards."""
    temporary = _entered_by_all(temporary)
    with _opened(temporary) as parent:
        outer = Path(tempfile.mkdtemp(prefix=BEING_MADE, dir=temporary))
        try:  # what follows needs room, too
            with _opened(outer) as held:
                # It is in use until the last process of the job is gone.
                fcntl.flock(held, fcntl.LOCK_EX)
                outer = outer.rename(str(outer).replace(BEING_MADE, PREFIX))
                (outer / "job").mkdir(0o700)
                if user != os.getuid():
                    os.chown(outer, 0, user)
                    outer.chmod(0o710)
                    os.chown(outer / "job", user, user)
                yield str(outer / "job")
        finally:
            _remove(outer.name, parent)
            if user != os.getuid():
                _clear(SHARED, user)


def sweep(temporary: str) -> None:
    """Remove what jobs have left that were killed with everything above them: nobody holds it."""
    with contextlib.suppress(OSError), _opened(_entered_by_all(temporary)) as parent:
        for name in os.listdir(parent):
            with contextlib.suppress(OSError):
                if name.startswith(PREFIX):
                    _removed_if_left(name, parent)


def _clear(folder: str, user: int) -> None:
    """Remove what this user, whom nobody else is, has in a folder of everybody's."""
    with contextlib.suppress(OSError), _opened(folder) as parent, os.scandir(parent) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.stat(follow_symlinks=False).st_uid == user:
                    erase(entry.name, parent)


def _remove(name: str, parent: int) -> None:
    """Again where somebody, as a judge who is late, has put something there meanwhile."""
    until = time.monotonic() + PATIENCE
    for tries in count(1):
        try:
            with _opened(name, parent) as held:
                for inner in os.listdir(held):
                    erase(inner, held)
            os.rmdir(name, dir_fd=parent)
        except OSError:  # one try may take longer than all that is waited for
            if tries >= FEWEST and time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _entered_by_all(temporary: str) -> str:
    """This folder, or one that another user than root may enter, too."""
    way = (Path(temporary), *Path(temporary).parents)
    closed = os.getuid() == 0 and not all(folder.stat().st_mode & 0o1 for folder in way)
    return "/tmp" if closed else temporary


def _removed_if_left(name: str, parent: int) -> None:
    with _opened(name, parent) as held:
        state = os.fstat(held)
        made = not name.startswith(BEING_MADE) or time.time() - state.st_ctime > FRESH
        if made and state.st_uid == os.getuid():
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(name, parent)


@contextlib.contextmanager
def _opened(path: str | Path, parent: int | None = None) -> Iterator[int]:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    descriptor = os.open(path, flags, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
