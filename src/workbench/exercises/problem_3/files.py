"""The folder that `process_data` works in: what is laid out, and what is left in it."""

from collections.abc import Iterator, Sequence
from itertools import chain

from workbench.exercises.problem_3.calls import FOLDER, Call
from workbench.sandbox.job import Job
from workbench.sandbox.moments import digest

MOST_BROUGHT = 8 << 20  # bytes that an answer may have made while it was loaded
# Bytes that a file or folder counts as, beside what it holds; and each folder on the way to it,
# which is entered anew.
ENTRY = 1 << 14
LARGEST = 1 << 20  # bytes of a file: no more can be in one, and far less is in a right output

Mark = tuple[str | None, tuple[int, int] | None]  # of a file: what it holds, and when it was made


class Files:
    """The files of calls, and whatever else comes to lie beside them.

    expected: the names of all inputs and outputs so far.
    """

    def __init__(self, job: Job):
        self._job = job
        self.expected: set[str] = set()
        # What lay there when the answer had been loaded: by name, of that and of all below it.
        self._brought: dict[str, dict[str, Mark]] = {}

    def read(self, name: str) -> bytes | None:
        return self._job.read(f"{FOLDER}/{name}", LARGEST)

    def put(self, name: str, content: bytes) -> None:
        self._job.write(f"{FOLDER}/{name}", content)

    def held(self, names: Sequence[str]) -> dict[str, bytes]:
        """What files of these names hold, and those in folders of these names, but for the last of
        very many."""
        held, size = {}, 0
        for path, content in chain.from_iterable(map(self._below, names)):
            size += ENTRY + len(content or b"")
            if size > MOST_BROUGHT:
                break
            if content is not None:
                held[path] = content
        return held

    def remove(self, name: str) -> None:
        self._job.remove(f"{FOLDER}/{name}")

    def lay_out(self, planned: list[Call], before: dict[str, bytes]) -> None:
        """Put the inputs there, but for those that are, and what the outputs hold already; no other
        output."""
        self.expected |= {name for call in planned for name in call.names}
        inputs = {call.source: call for call in planned if not call.rewritten}
        for name, call in inputs.items():
            if self.read(name) != call.text:  # which takes a tenth of the time
                self.put(name, call.text)
        for name in {call.target for call in planned} - set(before):
            self.remove(name)
        for name, content in before.items():
            self.put(name, content)

    def prepare(self, call: Call) -> None:
        """Give its files the content that they get right before the call."""
        if call.rewritten:
            self._job.write(f"{FOLDER}/{call.source}", call.text, call.in_place)
        if call.over is not None:
            self._job.write(f"{FOLDER}/{call.target}", call.over, call.in_place, dated=False)

    def note_brought(self) -> None:
        """Note what an answer has made while it was loaded, as in a trial below its function."""
        self._brought, looked_at = {}, 0
        for name in sorted(self._lying() - self.expected):
            content = {}
            for path, held in self._below(name):
                looked_at += ENTRY * (1 + path.count("/")) + len(held or b"")
                if looked_at > MOST_BROUGHT:  # more than a trial makes: the rest is left there
                    return
                content[path] = self._mark(path, held)
            self._brought[name] = content

    def left(self) -> list[str]:
        """What lies there that no call is expected to make, and none of them has found so."""
        left = [
            name for name in sorted(self._lying() - self.expected) if not self._as_brought(name)
        ]
        for name in left:
            self._brought.pop(name, None)
        return left

    def _lying(self) -> set[str]:
        """What is in the folder, and in those of inputs and outputs that are in it."""
        folders = {name.rpartition("/")[0] for name in self.expected}
        names = {
            f"{folder}/{name}".lstrip("/")
            for folder in folders | {""}
            for name in self._job.names(f"{FOLDER}/{folder}".rstrip("/"))
        }
        return names - folders

    def _as_brought(self, name: str) -> bool:
        """Whether nobody has touched what has this name since the answer had been loaded."""
        content = dict(self._brought.get(name, {}))
        for path, held in self._below(name) if content else ():
            if path not in content or content.pop(path) != self._mark(path, held):
                return False
        return name in self._brought and not content

    def _mark(self, name: str, held: bytes | None) -> Mark:
        return digest(held), self._job.touched(f"{FOLDER}/{name}")

    def _below(self, name: str) -> Iterator[tuple[str, bytes | None]]:
        """The name, and all that lie in the folder that it is: each with what the file holds."""
        pending = [name]
        while pending:
            name = pending.pop()
            yield name, self.read(name)
            pending += [f"{name}/{inner}" for inner in self._job.names(f"{FOLDER}/{name}")]
