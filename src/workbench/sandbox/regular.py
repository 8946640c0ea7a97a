"""Opening files under names that the learner's code may have given to something else."""

import errno
import os
import stat
from contextlib import ExitStack
from pathlib import Path, PurePath
from typing import BinaryIO

FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
ITSELF = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # no link, and no wait for a pipe's other end

OWN = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)  # errors that say nothing of what is opened


class whatever_it_is:
    """Pass over what is refused because of what somebody has put there; raise OSError for what this
    process lacks itself, which is not held against anybody."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        return isinstance(error, OSError) and error.errno not in OWN


def opened(path: str | Path, folder: int | None = None) -> BinaryIO | None:
    """The regular file of this name, in the folder of a descriptor.

    None for a link, pipe, device, folder, or nothing at all.
    """
    with whatever_it_is():
        return _file(os.open(path, ITSELF, dir_fd=folder))
    return None


def _file(descriptor: int) -> BinaryIO | None:
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return open(descriptor, "rb")
    os.close(descriptor)
    return None


def opened_below(top: str | Path, path: PurePath) -> BinaryIO | None:
    """The regular file of this path below a folder: no step of it follows a link.

    None for anything else; a step may have become one since the folder was listed.
    """
    with whatever_it_is():
        return _file(_below(top, path))
    return None


def opened_itself(path: Path) -> BinaryIO | None:
    """The regular file of this path, of which no step is a link; None for anything else."""
    with whatever_it_is():
        return _file(itself(path))
    return None


def itself(path: str | Path, _: int = 0) -> int:
    """The descriptor of a file, as `open` takes it for an opener; raise OSError for a path with a
    step that is a link."""
    whole = Path(path).absolute()
    return _below(whole.anchor, whole.relative_to(whole.anchor))


def _below(top: str | Path, path: PurePath) -> int:
    with ExitStack() as held:
        above = None
        for step, links in ((top, 0), *((part, os.O_NOFOLLOW) for part in path.parts[:-1])):
            above = os.open(step, FOLDER | links, dir_fd=above)
            held.callback(os.close, above)
        return os.open(path.name, ITSELF, dir_fd=above)
