"""What a file holds whenever its writer could be killed: at each call that could change it."""

import contextlib
import hashlib
from collections.abc import Iterable

from workbench.sandbox import writes
from workbench.sandbox.folder import Folder

MAPPED = "mapped"  # a state beside the digests: the file was changed as memory, byte by byte
MOST_WATCHED = 1 << 20  # bytes of a watched file: far more than any right answer writes
# Names, and bytes, beside watched files that are read at one call: meanwhile nothing else of the
# job is looked at.
MOST_NAMES, MOST_READ = 256, 16 << 20
Identity = tuple[int, int]  # of a file: device and inode


class Moments:
    """The states of files in a job's folder, the watched names.

    states: of each name, digests of what it held, in order, each as often as it had come to be so.
    """

    def __init__(self, folder: Folder, watched: Iterable[str]):
        self.states: dict[str, list[str | None]] = {name: [] for name in watched}
        self._held: dict[str, tuple[bytes | None, str | None]] = {}  # content and digest, by name
        self._folder, self._names, self._too_many = folder, folder.names, False
        # What files that may be written as memory held when it was last looked at.
        self._mapped: dict[Identity, str | None] = {}

    def look(self, listener: int) -> None:
        """Note what the files hold at a call that could change one, then let the call happen."""
        # The writer was killed before it was heard.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            call = writes.next_write(listener)
            for name, states in self.states.items():
                self._note(name, states)
            any_of_them = False
            try:
                if file := writes.mapped(call):
                    self._mapped.setdefault(file, None)
            except PermissionError:
                any_of_them = True
            if self._mapped or any_of_them:
                self._remember(any_of_them)
            writes.proceed(listener, call)

    def stop(self) -> None:
        """Note what was written as memory since the last such call, before the judge looks."""
        for name, states in self.states.items() if self._mapped else ():
            self._note(name, states)

    def go_on(self) -> None:
        """What the judge has written meanwhile was not written as memory."""
        if self._mapped:
            self._remember(any_of_them=False)

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

    def _remember(self, any_of_them: bool) -> None:
        """What files hold that can be written as memory, beside the watched ones.

        any_of_them: whether each may have become one.
        """
        if self._too_many:
            return
        folders, read = {name.rpartition("/")[0] for name in self.states}, 0
        beside = [f"{one}/{name}".lstrip("/") for one in folders for name in self._names(one)]
        for name in beside[:MOST_NAMES]:
            file = self._identity(name)
            if file in self._mapped or (file and any_of_them):
                content = self._folder.read(name, min(MOST_WATCHED, MOST_READ - read))
                self._mapped[file] = digest(content)
                read += len(content or b"")
        self._too_many = len(beside) > MOST_NAMES or read >= MOST_READ
        for states in self.states.values() if self._too_many else ():
            states.append(MAPPED)  # what no right answer has is not looked at

    def _identity(self, name: str) -> Identity | None:
        return self._folder.identity(name)


def digest(content: bytes | None) -> str | None:
    """SHA-256 of what a file holds, None when there is none."""
    return None if content is None else hashlib.sha256(content).hexdigest()
