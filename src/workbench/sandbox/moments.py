"""What a file holds whenever its writer could be killed: at each call that could change it."""

import contextlib
import hashlib
from collections.abc import Iterable

from workbench.sandbox import writes
from workbench.sandbox.folder import Folder

MAPPED = "mapped"  # a state beside the digests: the file was changed as memory, byte by byte
MOST_WATCHED = 1 << 20  # bytes of a watched file: far more than any right answer writes
Identity = tuple[int, int]  # of a file: device and inode


class Moments:
    """The states of files in a job's folder, the watched names.

    states: of each name, digests of what it held, in order, each as often as it had come to be so.
    """

    def __init__(self, folder: Folder, watched: Iterable[str]):
        self.states: dict[str, list[str | None]] = {name: [] for name in watched}
        self._held: dict[str, tuple[bytes | None, str | None]] = {}  # content and digest, by name
        self._folder = folder
        # What files that may be written as memory held when it was last looked at.
        self._mapped: dict[Identity, str | None] = {}

    def look(self, listener: int) -> None:
        """Note what the files hold at a call that could change one, then let the call happen."""
        with contextlib.suppress(FileNotFoundError):  # the writer was killed before it was heard
            call = writes.next_write(listener)
            for name, states in self.states.items():
                self._note(name, states)
            if file := writes.mapped(call):
                self._mapped.setdefault(file, None)
            if self._mapped:
                self._remember()
            writes.proceed(listener, call)

    def _note(self, name: str, states: list[str | None]) -> None:
        content = self._folder.read(name, MOST_WATCHED)
        before, state = self._held.get(name, (None, None))
        if content != before:  # to compare takes less than to digest
            state = digest(content)
            self._held[name] = content, state
        # A write to memory is no call: the file is another one than at the last look, or not.
        if self._mapped and self._mapped.get(self._identity(name), state) != state:
            states.append(MAPPED)
        if not states or states[-1] != state:
            states.append(state)

    def _remember(self) -> None:
        for beside in {name.rpartition("/")[0] for name in self.states}:
            for name in self._folder.names(beside):
                file = self._identity(path := f"{beside}/{name}".lstrip("/"))
                if file in self._mapped:
                    self._mapped[file] = digest(self._folder.read(path, MOST_WATCHED))

    def _identity(self, name: str) -> Identity | None:
        return self._folder.identity(name)


def digest(content: bytes | None) -> str | None:
    """SHA-256 of what a file holds, None when there is none."""
    return None if content is None else hashlib.sha256(content).hexdigest()
