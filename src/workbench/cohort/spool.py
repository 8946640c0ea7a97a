"""Archives from within others: any number of them in one open file."""

import io
import os
import tempfile
from contextlib import ExitStack
from typing import IO


class Spool:
    """A file without a name, which archives are written to one behind the other."""

    def __init__(self, stack: ExitStack) -> None:
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        self._descriptor = file.fileno()
        self.end = 0

    def write(self, content: bytes) -> None:
        while content:
            written = os.pwrite(self._descriptor, content, self.end)
            self.end, content = self.end + written, content[written:]

    def since(self, begin: int) -> IO[bytes]:
        """What was written since the end was there, as a file of its own."""
        return _Part(self._descriptor, begin, self.end)

    def drop(self, begin: int) -> None:
        """Make room of what was written since the end was there."""
        os.ftruncate(self._descriptor, begin)
        self.end = begin


class _Part(io.RawIOBase):
    """The bytes of a file between two places, to be read."""

    def __init__(self, descriptor: int, begin: int, end: int) -> None:
        self._descriptor, self._begin, self._end, self._at = descriptor, begin, end, begin

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        at = offset + (self._begin, self._at, self._end)[whence]
        if at < self._begin:
            raise OSError("it would be before the first byte")
        self._at = at
        return at - self._begin

    def readinto(self, buffer) -> int:
        size = max(0, min(len(buffer), self._end - self._at))
        part = os.pread(self._descriptor, size, self._at)
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)
