"""Opening files under names that the learner's code may have given to something else."""

import os
import stat
from pathlib import Path
from typing import BinaryIO


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
