"""The threads whose waits count: those that make a call, and those that such a one waits for."""

import sys
from threading import get_ident, get_native_id

where_threads_are = getattr(sys, "_current_frames")  # noqa: B009 - CPython's, as documented
BLOCKED = "SD"  # states of a thread that the kernel does not let run, as in proc(5)


class Callers:
    """Threads that make a call, the latest one last.

    asking: whether the judge is asked something meanwhile, which is no wait of an answer's.
    """

    def __init__(self):
        self._threads: list[tuple[int, int]] = []
        self.asking = False

    def begin(self) -> None:
        """Be one of them, until `end`."""
        self._threads.append((get_ident(), get_native_id()))

    def end(self) -> None:
        self._threads.remove((get_ident(), get_native_id()))

    def present(self) -> bool:
        """Whether this thread is one of them; where there is none, any is."""
        return not self._threads or get_ident() in dict(self._threads)

    def blocked(self) -> tuple[int, int] | None:
        """The place in the program where the latest waits for something; None where it does not."""
        if self.asking or not self._threads:
            return None
        identity, number = self._threads[-1]
        frame = where_threads_are().get(identity)
        if frame is None or _state(number) not in BLOCKED:
            return None
        return id(frame), frame.f_lasti


def _state(thread: int) -> str:
    """The kernel's letter for what a thread does; where it is not told, as if it waited."""
    try:
        with open(f"/proc/self/task/{thread}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return BLOCKED[0]
