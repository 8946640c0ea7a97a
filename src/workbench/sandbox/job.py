"""Running learners' code apart from the judge: forked from a warm process, confined, it only produces observations.

    with Zygote(preload=("pandas", "workbench.exercises.problem_3.probe")) as zygote:      # once, takes an import
        with zygote.job("workbench.exercises.problem_3.probe", source, Limits()) as job:   # per submission, takes a fork
            job.write("data/input.csv", b"…")                       # the job's folder; nothing else can be written
            seen = job.step("doubles", {"input": "data/input.csv"})  # a fresh process: observe(source, given, channel)
            job.read("data/output.csv")

A probe is a module with `observe(source, given, channel)`; it runs in the confined process, loads the answer with
`zygote.load(source)` and says what it sees: `channel.tell(name=value)`, `channel.stage(criterion)`, and
`channel.ask(…)`, which waits for what the judge's `serve(question) -> answer` returns. The working folder of a step is
the job's folder; all its processes are ended with it. When a step is stopped, so is the job: later steps come back
stopped, in the criterion that stopped them. What is confined, and what is not, is told in `confinement`.
"""

import contextlib
import json
import os
import random
import selectors
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
BOOT = """import json, sys
sys.path[:] = json.loads(sys.argv[1])
from workbench.sandbox import keeper
keeper.main(0, sys.argv[2:])"""


class WorkerError(RuntimeError):
    """This installation cannot run answers."""


@dataclass(frozen=True)
class Limits:
    """What a job may use: seconds for all of it, CPU seconds and MB for each process, KB of output and observations."""

    wall: float = 10
    cpu: int = 10
    memory: int = 1024
    processes: int = 64
    files: int = 256
    file_size: int = 64 << 20
    output: int = 1024
    observed: int = 4096


@dataclass(frozen=True)
class Observations:
    """What one step showed: what its probe told and asked, how it ended, the digests a watched file went through."""

    stage: str
    values: tuple[
        dict, ...
    ] = ()  # in order, each with the time `at` which it came; {"ask": …} for a question
    error: dict | None = None  # type, text and line of what was raised, if anything
    stopped: str | None = None  # time, memory, output, exit
    states: tuple[str | None, ...] = ()
    output: str = ""

    def first(self, name: str):
        """The first value told under this name, or None."""
        return next((value[name] for value in self.values if name in value), None)


class Job:
    """One submission's folder and processes."""

    def __init__(self, folder: Path, uid: int, source: str, limits: Limits, sockets: list):
        self.folder, self.limits, self.stopped = folder, limits, None
        self._uid, self._source = uid, source
        self._command, self._talk, self._output = sockets
        self._deadline = time.monotonic() + limits.wall
        self._heard, self._tail = {"talk": 0, "output": 0}, b""

    def write(self, name: str, content: bytes) -> None:
        """Put a file, which the learner's code may change, into the job's folder."""
        path = self.folder / name
        if path.parent.is_symlink():  # put there by the learner's code
            path.parent.unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o1777)
        self.remove(name)
        path.write_bytes(content)
        if os.getuid() == 0:
            os.chown(path, self._uid, self._uid)

    def remove(self, name: str) -> None:
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError:
            _erase(self.folder / name)

    def read(self, name: str, limit: int = 64 << 20) -> bytes | None:
        """The bytes of a regular file of the job's folder; None for anything else, however it is disguised."""
        try:
            descriptor = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return os.close(descriptor)
        with open(descriptor, "rb") as file:
            return file.read(limit)

    def names(self, folder: str) -> list[str]:
        with contextlib.suppress(OSError):
            return sorted(os.listdir(self.folder / folder))
        return []

    def step(self, stage: str, given: dict | None = None, serve: Callable[[dict], dict] | None = None, *,
             watch: str = "", apart: str = "", file_size: int | None = None) -> Observations:  # fmt: skip
        """Try one criterion in a process of its own.

        watch: a file whose content is looked at before each system call that could change it; apart: a folder that
        becomes a file system of its own; file_size: what a full disk would leave room for, in bytes.
        """
        if self.stopped:
            return Observations(self.stopped.stage, stopped=self.stopped.stopped)
        now, told, ended, error = stage, [], None, None
        step = {
            "source": self._source,
            "given": given or {},
            "watch": watch,
            "apart": apart,
            "file_size": file_size,
        }
        reason, rest = None, b""
        with selectors.DefaultSelector() as waiting, contextlib.suppress(OSError):
            for place in (self._command, self._talk, self._output):
                waiting.register(place, selectors.EVENT_READ)
            self._command.sendall(json.dumps(step).encode() + b"\n")
            while not reason:
                patience = 0 if ended else max(0, self._deadline - time.monotonic())
                ready = [key.fileobj for key, _ in waiting.select(patience)]
                if not ready:
                    reason = None if ended else "time"
                    break
                if self._output in ready:
                    self._tail = (self._tail + self._receive("output"))[-2000:]
                if self._talk in ready:
                    *lines, rest = (rest + self._receive("talk")).split(b"\n")
                    for message in map(_parsed, lines):
                        if "stage" in message:
                            now = str(message["stage"])
                        elif "done" in message:
                            error = message["done"] if isinstance(message["done"], dict) else {}
                        elif isinstance(message.get("ask"), dict) and serve:
                            told.append(message | {"at": time.monotonic()})
                            try:
                                reply = serve(message["ask"])
                            except (
                                LookupError,
                                TypeError,
                                ValueError,
                            ):  # no probe of ours would ask that
                                reply = {}
                            self._talk.send(json.dumps(reply).encode() + b"\n")
                        elif isinstance(message.get("tell"), dict):
                            told.append(message["tell"] | {"at": time.monotonic()})
                if self._command in ready and not ended:
                    ended = json.loads(
                        self._command.makefile("rb").readline() or b'{"time": false, "states": []}'
                    )
                for name in ("output", "talk"):
                    if (
                        self._heard[name]
                        > getattr(self.limits, "observed" if name == "talk" else name) * 1024
                    ):
                        reason = "output"
        if not reason:
            claimed = error.get("stopped") if isinstance(error, dict) else "exit"
            reason = (
                "time"
                if ended and ended["time"]
                else claimed
                if claimed in ("memory", "exit", None)
                else "exit"
            )
        states = tuple(ended["states"]) if ended else ()
        seen = Observations(
            now, tuple(told), error or None, reason, states, self._tail.decode(errors="replace")
        )
        if reason:
            self.stopped = seen
            self._hang_up()
        return seen

    def _receive(self, name: str) -> bytes:
        with contextlib.suppress(BlockingIOError):
            data = (self._talk if name == "talk" else self._output).recv(1 << 16)
            self._heard[name] += len(data)
            return data
        return b""

    def _hang_up(self) -> None:
        """End every process of the job and wait until the last is gone."""
        with contextlib.suppress(OSError):
            self._command.shutdown(socket.SHUT_WR)
            self._command.settimeout(5)
            while self._command.recv(1 << 16):
                pass

    def close(self) -> None:
        self._hang_up()
        for each in (self._command, self._talk, self._output):
            each.close()
        _erase(self.folder)


@dataclass
class Zygote:
    """A warm process that forks one confined process family per job. Use it as a context manager."""

    preload: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()  # folders that answers may read beside the Python installation
    environ: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> "Zygote":
        self._lock = threading.Lock()
        self._judge, theirs = socket.socketpair()
        quiet = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        environ = {"PATH": os.defpath, "LANG": "C.UTF-8", **quiet, **self.environ}
        paths = json.dumps([path for path in sys.path if path])
        self._process = subprocess.Popen([sys.executable, "-I", "-c", BOOT, paths, *self.preload], stdin=theirs,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ, cwd="/",
                                         start_new_session=True)  # fmt: skip
        theirs.close()
        self._acknowledged()
        return self

    def __exit__(self, *_) -> None:
        self._judge.close()
        self._process.wait()
        self._process.stderr.close()

    def _acknowledged(self) -> None:
        if not self._judge.recv(16):
            self._process.wait()
            lines = self._process.stderr.read().decode(errors="replace").strip().splitlines() or [
                "no message"
            ]
            raise WorkerError(
                f"the worker did not start: {lines[-1]}; `workbench doctor` says what is missing"
            )

    @contextlib.contextmanager
    def job(self, probe: str, source: str, limits: Limits = Limits()):
        """A fresh folder and process family for one submission; both are gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="workbench-"))
        folder.chmod(0o1777)
        uid = 1_500_000_000 + random.SystemRandom().randrange(100_000_000)
        project = PACKAGE.parents[1]
        hidden = [
            PACKAGE / "judge",
            *(project / name for name in ("solutions", "tests", ".workbench")),
        ]
        job = {"probe": probe, "folder": str(folder), "uid": uid, "limits": asdict(limits), "readable": self.readable,
               "hidden": [str(path) for path in hidden if path.is_dir()], "environ": self.environ}  # fmt: skip
        pairs = [socket.socketpair() for _ in range(3)]
        with self._lock:
            socket.send_fds(
                self._judge, [json.dumps(job).encode()], [theirs.fileno() for _, theirs in pairs]
            )
            for _, theirs in pairs:
                theirs.close()
            self._acknowledged()
        ours = [mine for mine, _ in pairs]
        for each in ours[1:]:
            each.setblocking(False)
        job = Job(folder, uid, source, limits, ours)
        try:
            yield job
        finally:
            job.close()


def _erase(folder: Path) -> None:
    """Remove a folder, even one that is nested deeper than Python can follow."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL, check=False)


def _parsed(line: bytes) -> dict:
    with contextlib.suppress(ValueError, RecursionError):
        message = json.loads(line)
        if isinstance(message, dict):
            return message
    return {}
