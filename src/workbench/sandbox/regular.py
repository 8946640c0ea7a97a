"""Opening files under names that the learner's code may have given to something else."""

import os
import stat
from contextlib import ExitStack
from pathlib import Path, PurePath
from typing import BinaryIO

FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC


def opened(path: str | Path, folder: int | None = None) -> BinaryIO | None:
    """The regular file of this name, in the folder of a descriptor.

    None for a link, pipe, device, folder, or nothing at all.
    """
    try:
        # Not following a link, and not waiting for a pipe's other end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return open(descriptor, "rb")
    os.close(descriptor)
    return None


def opened_below(top: str | Path, path: PurePath) -> BinaryIO | None:
    """The regular file of this path below a folder: no step of it follows a link.

    None for anything else; a step may have become one since the folder was listed.
    """
    with ExitStack() as held:
        above = None
        try:
            for step, links in ((top, 0), *((part, os.O_NOFOLLOW) for part in path.parts[:-1])):
                above = os.open(step, FOLDER | links, dir_fd=above)
                held.callback(os.close, above)
        except OSError:
            return None
        return opened(path.name, above)
