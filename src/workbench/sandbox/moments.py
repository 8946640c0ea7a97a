"""What a file holds whenever its writer could be killed: at each call that could change it."""

import contextlib
import hashlib

from workbench.sandbox import writes
from workbench.sandbox.folder import Folder

MAPPED = "mapped"  # a state beside the digests: the file was changed as memory, byte by byte
MOST_WATCHED = 1 << 20  # bytes of a watched file: far more than any right answer writes
Identity = tuple[int, int]  # of a file: device and inode


class Moments:
    """The states of a file in a job's folder, of which the watched name is one.

    states: digests of what it held, in order, each as often as it had come to be so.
    """

    def __init__(self, folder: Folder, watched: str):
        self.states: list[str | None] = []
        self._folder, self._watched = folder, watched
        # What files that may be written as memory held when it was last looked at.
        self._mapped: dict[Identity, str | None] = {}

    def look(self, listener: int) -> None:
        """Note what the file holds at a call that could change it, then let the call happen."""
        with contextlib.suppress(FileNotFoundError):  # the writer was killed before it was heard
            call = writes.next_write(listener)
            self._note()
            if file := writes.mapped(call):
                self._mapped.setdefault(file, None)
            if self._mapped:
                self._remember()
            writes.proceed(listener, call)

    def _note(self) -> None:
        state = digest(self._folder.read(self._watched, MOST_WATCHED))
        # A write to memory is no call: the file is another one than at the last look, or not.
        if self._mapped and self._mapped.get(self._identity(self._watched), state) != state:
            self.states.append(MAPPED)
        if not self.states or self.states[-1] != state:
            self.states.append(state)

    def _remember(self) -> None:
        beside = self._watched.rpartition("/")[0]
        for name in self._folder.names(beside):
            file = self._identity(path := f"{beside}/{name}".lstrip("/"))
            if file in self._mapped:
                self._mapped[file] = digest(self._folder.read(path, MOST_WATCHED))

    def _identity(self, name: str) -> Identity | None:
        return self._folder.identity(name)


def digest(content: bytes | None) -> str | None:
    """SHA-256 of what a file holds, None when there is none."""
    return None if content is None else hashlib.sha256(content).hexdigest()
