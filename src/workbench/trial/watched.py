"""A process that runs a task and is held before each of its writes."""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from workbench.sandbox.process import end_with_parent, gain_nothing
from workbench.sandbox.writes import Call, next_write, proceed, report_writes
from workbench.trial.touched import touched

MOST = 200  # writes of one task; each costs two runs
LIMIT = 60.0  # seconds that one run may take
LOOK = 10  # milliseconds between two looks at a process that says nothing
LOOKS = 20  # times in a row that it is asleep before it counts as waiting for another process


class Watched:
    """A task that runs in a folder. Where the kernel cannot hold it, it ends unhindered.

    ``ended`` says whether it is over, ``error`` the type of what it raised, or nothing, and
    ``outside`` what it was about to change elsewhere, where it is not held. Make one only in a
    process without threads: it is forked.
    """

    def __init__(self, call: Callable[[], object], folder: Path) -> None:
        self._line, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            _run(call, folder, theirs)
        theirs.close()
        self.ended, self.error = False, ""
        self.outside: set[Path] = set()
        self._folder = folder.resolve()
        self._write: Call | None = None  # the write that it is held at
        self._looks = LOOKS
        self._deadline = time.monotonic() + LIMIT
        self._events = select.poll()
        self._events.register(self._line, select.POLLIN)
        descriptors = socket.recv_fds(self._line, 16, 1)[1]
        self._listener = descriptors[0] if descriptors else None
        if self._listener is not None:
            self._events.register(self._listener, select.POLLIN)

    def held(self) -> bool:
        """Wait until it is about to write; False when it has ended instead, or sleeps until another
        process goes on.

        Raise TimeoutError when it takes longer than a minute.
        """
        looks = 0
        while not self.ended and self._write is None:
            if self._hear():
                continue
            if time.monotonic() > self._deadline:
                self.kill()
                raise TimeoutError(f"ran for {LIMIT:.0f} s")
            looks = looks + 1 if self._asleep() else 0
            if looks >= self._looks:
                self._looks = 1  # patience is over until it is heard of again
                return False
        self._looks = LOOKS
        return not self.ended

    def _hear(self) -> bool:
        """What it writes, raises, or that it has ended; False when it says nothing for a while."""
        ready = dict(self._events.poll(LOOK))
        if ready.get(self._listener, 0) & select.POLLIN:
            with contextlib.suppress(FileNotFoundError):  # it has died meanwhile
                self._stop_at(next_write(self._listener))
        elif self._line.fileno() in ready:
            error = self._line.recv(1000).decode()
            self.error = error or self.error
            if not error:
                self.kill()
        return bool(ready)

    def _stop_at(self, call: Call) -> None:
        """Hold it at a call that can change its folder, at none that cannot."""
        paths = touched(call)
        if paths is None or any(path.is_relative_to(self._folder) for path in paths):
            self._write = call
            return
        self.outside.update(paths)
        proceed(self._listener, call)

    def proceed(self) -> bool:
        """Let it make one write, and wait for the next; False when there was none to make."""
        if not self.held():
            return False
        proceed(self._listener, self._write)
        self._write = None
        self.held()
        return True

    def finish(self) -> "Watched":
        """Let it run to its end; raise OverflowError when it writes too often."""
        writes = 0
        while not self.ended:
            if self.proceed():
                writes += 1
            if writes > MOST:
                self.kill()
                raise OverflowError(f"writes more than {MOST} times")
        return self

    def run_to_write(self, number: int) -> bool:
        """Hold it at this write, counted from 0; False when it ended before."""
        made = 0
        while made < number and not self.ended:
            if self.proceed():
                made += 1
        while not self.ended and not self.held():
            pass  # it sleeps: what it waits for, it has started itself
        return not self.ended

    def kill(self) -> None:
        """End it and what it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._line.close()
        if self._listener is not None:
            os.close(self._listener)
        self.ended = True

    def _asleep(self) -> bool:
        """Whether all its threads sleep: a slow process is not waiting for anybody."""
        with contextlib.suppress(OSError):
            threads = Path(f"/proc/{self.pid}/task").glob("*/stat")
            # The name in parentheses may hold blanks; after it comes the state.
            states = {path.read_text().rpartition(")")[2].split()[0] for path in threads}
            return states == {"S"}
        return False


def _run(call: Callable[[], object], folder: Path, line: socket.socket) -> None:
    """In the forked process: run the task, and say what it raised, if anything."""
    try:
        os.setsid()
        os.chdir(folder)
        os.umask(0o022)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        _be_watched(line)
        call()
    except BaseException as error:  # SystemExit too is how a task may end
        line.send(type(error).__name__.encode())
    finally:
        os._exit(0)


def _be_watched(line: socket.socket) -> None:
    try:
        end_with_parent()
        gain_nothing()
        listener = report_writes()
        socket.send_fds(line, [b"yes"], [listener])
        os.close(listener)
    except (OSError, KeyError, AttributeError):  # another kernel, another machine
        line.send(b"no")
