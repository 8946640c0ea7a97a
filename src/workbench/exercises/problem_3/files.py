"""The folder that `process_data` works in: what is laid out, and what is left in it."""

import hashlib

from workbench.exercises.problem_3.calls import FOLDER, Call
from workbench.sandbox.job import Job, Observations

MOST_BROUGHT = 200  # files and folders that an answer may have made while it was loaded
LARGEST = 1 << 20  # bytes of a file: no more can be in one, and far less is in a right output


class Files:
    """The files of calls, and whatever else comes to lie beside them.

    expected: the names of all inputs and outputs so far.
    """

    def __init__(self, job: Job):
        self._job = job
        self.expected: set[str] = set()
        self._brought: dict[str, dict | None] = {}  # what lay there when the answer had been loaded

    def read(self, name: str) -> bytes | None:
        return self._job.read(f"{FOLDER}/{name}", LARGEST)

    def remove(self, name: str) -> None:
        self._job.remove(f"{FOLDER}/{name}")

    def lay_out(self, planned: list[Call], before: dict[str, bytes]) -> None:
        """Put the inputs there, and what the outputs hold already; no other output."""
        self.expected |= {name for call in planned for name in call.names}
        inputs = {call.source: call for call in planned if not call.rewritten}
        for name, call in inputs.items():
            self._job.write(f"{FOLDER}/{name}", call.text)
        for name in {call.target for call in planned} - set(before):
            self.remove(name)
        for name, content in before.items():
            self._job.write(f"{FOLDER}/{name}", content)

    def prepare(self, call: Call) -> None:
        """Give its files the content that they get right before the call."""
        if call.rewritten:
            self._job.write(f"{FOLDER}/{call.source}", call.text)
        if call.over is not None:
            self._job.write(f"{FOLDER}/{call.target}", call.over)

    def note_brought(self) -> None:
        """Note what an answer has made while it was loaded, as in a trial below its function."""
        self._brought = {name: self._content(name) for name in self._lying() - self.expected}

    def left(self) -> list[str]:
        """What lies there that no call is expected to make, and none of them has found so."""
        return [
            name
            for name in sorted(self._lying() - self.expected)
            if (brought := self._brought.get(name)) is None or self._content(name) != brought
        ]

    def _lying(self) -> set[str]:
        """What is in the folder, and in those of inputs and outputs that are in it."""
        folders = {name.rpartition("/")[0] for name in self.expected}
        names = {
            f"{folder}/{name}".lstrip("/")
            for folder in folders | {""}
            for name in self._job.names(f"{FOLDER}/{folder}".rstrip("/"))
        }
        return names - folders

    def _content(self, name: str) -> dict[str, bytes | None] | None:
        """What a file holds, or every one that lies in a folder, by its name; None for too many."""
        content, pending = {}, [name]
        while pending and len(content) < MOST_BROUGHT:
            name = pending.pop()
            content[name] = self.read(name)
            pending += [f"{name}/{inner}" for inner in self._job.names(f"{FOLDER}/{name}")]
        return None if pending else content


def half_done(
    call: Call, before: bytes | None, complete: bytes | None, observed: Observations
) -> str:
    """What a kill at one of the moments that were watched would have left."""
    states = list(observed.states)
    if _digest(before) in states:  # what an answer did while it was loaded is no call
        states = states[states.index(_digest(before)) :]
    if {_digest(before), _digest(complete)}.issuperset(states):
        return ""
    left = "no output" if before and None in states else "part of an output"
    expected = "the older one, complete" if before else "none, or all of it"
    return f"killed while it was writing, {call} would have left {left}; expected {expected}."


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
