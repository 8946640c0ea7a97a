"""Running code that is not trusted apart from the judge: forked from a warm process, confined.

    with Keeper(preload=("pandas", "my.probe")) as keeper:      # once, takes an import
        with keeper.job("my.probe", source, Limits()) as job:   # per submission, takes a fork
            job.write("data/input.csv", b"…")        # the job's folder; nothing else can be written
            observed = job.step("doubles", {"input": "data/input.csv"})      # a fresh process
            job.read("data/output.csv")

A probe is a module with `observe(source, given, channel)`; it runs in the confined process, loads
the answer with `channel.load(source)` and says what it sees: `channel.tell(name=value)`,
`channel.stage(criterion)`, and `channel.ask(…)`, which waits for what the judge's
`serve(question) -> answer` returns. One that has answers run by `apart` has `HIDDEN = True`. What
it calls by `channel.stilling()` holds all of the job at its return, while the judge's `look(told)`
looks at the folder. The working folder of a step is the job's folder; all its processes are ended
with it. What is confined, and what is not, is told in `confinement`.
"""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import chain

from workbench.sandbox import users
from workbench.sandbox.folder import Folder
from workbench.sandbox.job import USUAL, Job, Limits, WorkerError
from workbench.sandbox.layers import Layers
from workbench.sandbox.process import sending, take_bytes_alone

# A bare interpreter has neither this project nor the current folder on its path.
# What it is told on its line stands in no file of /proc, where answers could read it.
BOOT = """import json, os, sys
sys.path[:], environ, *told = json.loads(open(0, "rb", closefd=False).readline())
os.environ.update(environ)
from workbench.sandbox import keeper
keeper.main(0, *told)"""
BARE = {
    **{"PATH": os.defpath, "LANG": "C.UTF-8"},
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    # Otherwise each thread of an answer takes 64 MB of its addresses, and no memory, for a heap.
    "MALLOC_ARENA_MAX": "2",
}
# Seconds: an import on a machine that is busy; a fork, which is all that a warm process does.
START, FORK, END, MOMENT = 300.0, 20.0, 5.0, 0.5
CLEARED = 120.0  # seconds that this process waits in its end for what still has to be cleared
CLEARING: list[subprocess.Popen] = []


@dataclass
class Keeper:
    """A warm process that forks one confined process family per job. Use it as a context manager.

    preload: modules that it imports; readable: folders that answers may read beside the Python
    installation; hidden: folders that they must not see; environ: variables of the warm process,
    of which answers see none.
    """

    preload: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    environ: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> "Keeper":
        """Start the process, which tells its layers; raise WorkerError when it does not come up."""
        self._lock, self._jobs, self._is_over = threading.Lock(), set[Job](), False
        self._line, theirs = socket.socketpair()
        environ = {"HOME": os.path.expanduser("~")} | self.environ
        paths = [path for path in sys.path if path]
        told = json.dumps([paths, environ, tempfile.gettempdir(), self.preload])
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", BOOT],
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=BARE,
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        with contextlib.suppress(OSError):  # it has not come up, and says why below
            self._line.sendall(told.encode() + b"\n")
        self.layers = Layers(**json.loads(self._acknowledged(START)))
        return self

    def __exit__(self, *_) -> None:
        """Let it end. What jobs have left may take longer to be cleared than a report may wait."""
        self._line.close()
        self.process.stderr.close()
        try:
            self.process.wait(MOMENT)
        except subprocess.TimeoutExpired:
            CLEARING.append(self.process)

    def end_jobs(self) -> None:
        """End its jobs, and any that is still to come, from any thread."""
        self._is_over = True
        for job in [*self._jobs]:
            job.end()

    @contextlib.contextmanager
    def job(self, probe: str, source: str, limits: Limits = USUAL) -> Iterator[Job]:
        """A fresh folder and process family for one submission; both are gone afterwards.

        Raise WorkerError where it cannot be confined by the layers that hold here.
        """
        with users.lent() as uid, self._begun(probe, source, limits, uid) as job:
            yield job

    @contextlib.contextmanager
    def _begun(self, probe: str, source: str, limits: Limits, uid: int) -> Iterator[Job]:
        described = {
            "probe": probe,
            "uid": uid,
            "namespaces": self.layers.namespaces,
            "temporary": tempfile.gettempdir(),
            "limits": asdict(limits),
            "readable": self.readable,
            "hidden": self.hidden,
        }
        lines = self._forked(described)
        held, *above = _descriptors(lines)
        job = Job(Folder(held, uid, *above), uid, source, limits, lines)
        self._jobs.add(job)
        if self._is_over:  # asked after it is added, or it could be missed
            job.end()
        try:
            yield job
        finally:
            self._jobs.discard(job)
            job.close()

    def _forked(self, described: dict) -> list[socket.socket]:
        """Let the keeper fork a family; give the job's ends of its command, talk and output."""
        pairs = [socket.socketpair() for _ in range(3)]
        for ours, _ in pairs[1:]:  # the warden hands over its job's folder
            take_bytes_alone(ours)
        with self._lock:
            descriptors = [theirs.fileno() for _, theirs in pairs]
            self._line.settimeout(FORK)
            try:
                with sending():
                    socket.send_fds(self._line, [json.dumps(described).encode()], descriptors)
                for _, theirs in pairs:
                    theirs.close()
                self._acknowledged(FORK)
            except BaseException:  # a family that has begun ends when nobody holds its lines
                for line in chain(*pairs):
                    line.close()
                raise
        return [ours for ours, _ in pairs]

    def _acknowledged(self, seconds: float) -> bytes:
        """Wait for its word; raise WorkerError, with what it said last, when there is none."""
        self._line.settimeout(seconds)
        with contextlib.suppress(OSError):
            if word := self._line.recv(256):
                return word
        self._ended()
        # A family that outlives it for a moment may have its standard error still.
        os.set_blocking(self.process.stderr.fileno(), False)
        said = self.process.stderr.read() or b""
        lines = said.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else "no message"
        raise WorkerError(
            f"the worker did not start: {reason}; `workbench doctor` says what is missing"
        )

    def _ended(self) -> None:
        """Wait until the process has ended, which it does at once unless it is stuck."""
        self._line.close()
        try:
            self.process.wait(END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _descriptors(lines: list[socket.socket]) -> list[int]:
    """The job's folder, which its warden sends when it is confined itself, and the one above it
    where there is no small root."""
    lines[0].settimeout(FORK)
    with contextlib.suppress(OSError):
        if descriptors := socket.recv_fds(lines[0], 16, 2)[1]:
            return descriptors
    for line in lines:
        line.close()
    raise WorkerError("an answer could not be confined as others are; try once more")


@atexit.register
def _all_cleared() -> None:
    """Wait for whoever still clears up; who interrupts that leaves them to it."""
    until = time.monotonic() + CLEARED
    with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        for process in CLEARING:
            process.wait(max(0.0, until - time.monotonic()))


@cache
def layers_here() -> Layers:
    """The layers that hold on this machine; none where no worker starts."""
    try:
        with Keeper() as keeper:
            return keeper.layers
    except (WorkerError, OSError):
        return Layers()
