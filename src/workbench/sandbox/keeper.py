"""The processes that learners' code runs in, seen from inside; the judge talks to them in JSON lines.

zygote   has imported what answers need; forks a keeper per job
keeper   enters new namespaces, forks the warden, ends everything when the judge hangs up
warden   first process of its namespace, runs no learner's code; forks a stage for each step and clears up after it
stage    confined; calls `observe(source, given, channel)` of the job's probe, which runs the learner's code
"""

import contextlib
import gc
import hashlib
import importlib
import json
import os
import select
import signal
import socket
import stat
import sys
import time
import traceback
from itertools import pairwise
from types import ModuleType

from workbench.sandbox import confinement


class Channel:
    """How a probe speaks to the judge: plain JSON lines, one direction unless it asks."""

    def __init__(self, descriptor: int):
        self._socket = socket.socket(fileno=descriptor)
        self._lines = self._socket.makefile("rb")
        self._encode, self._decode = json.JSONEncoder().encode, json.JSONDecoder().decode

    def _send(self, kind: str, value) -> None:
        self._socket.sendall(self._encode({kind: value}).encode() + b"\n")

    def tell(self, **values) -> None:
        """Report an observation."""
        self._send("tell", values)

    def ask(self, **values) -> dict:
        """Report an observation and wait for the judge's answer."""
        self._send("ask", values)
        return self._decode(self._lines.readline().decode())

    def stage(self, criterion: str) -> None:
        """Say which criterion is being tried, so that a stopped answer is told."""
        self._send("stage", criterion)

    def done(self, error: BaseException | None = None) -> None:
        if error is None:
            return self._send("done", None)
        stopped = {MemoryError: "memory", SystemExit: "exit"}.get(type(error))
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == "answer.py"
        ]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        self._send(
            "done",
            {
                "type": type(error).__name__,
                "text": str(error)[:500],
                "line": line,
                "stopped": stopped,
            },
        )


def load(source: str) -> ModuleType:
    """Run an answer's code as the module `answer` and give the module."""
    module = ModuleType("answer")
    module.__file__ = "answer.py"
    sys.modules["answer"] = module
    exec(compile(source, "answer.py", "exec", dont_inherit=True), module.__dict__)
    return module


def main(descriptor: int, preload: list[str]) -> None:
    """Import what answers need, say so, then fork a keeper for each job that is asked for."""
    judge = socket.socket(fileno=descriptor)
    for name in preload:
        getattr(importlib.import_module(name), "warm_up", int)()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    judge.sendall(b"ready\n")
    while True:
        message, descriptors, *_ = socket.recv_fds(judge, 1 << 16, 3)
        if not message:
            return
        if os.fork() == 0:
            judge.close()
            _keep(json.loads(message), *descriptors)
        for each in descriptors:
            os.close(each)
        judge.sendall(b"forked\n")


def _keep(job: dict, command: int, talk: int, output: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    with contextlib.suppress(OSError):
        confinement._call(
            "prctl", 36, 1, 0, 0, 0
        )  # PR_SET_CHILD_SUBREAPER: orphans come to this process
    confinement.separate()
    warden = os.fork()
    if warden == 0:
        try:
            _guard(job, socket.socket(fileno=command), talk, output)
        finally:
            os._exit(1)
    os.close(talk)
    os.close(output)
    waiting = select.poll()
    waiting.register(command, select.POLLRDHUP)
    waiting.register(os.pidfd_open(warden), select.POLLIN)
    waiting.poll()
    os.kill(warden, signal.SIGKILL)
    os.waitpid(warden, 0)
    _sweep()
    os._exit(0)


def _guard(job: dict, command: socket.socket, talk: int, output: int) -> None:
    probe = importlib.import_module(job["probe"])
    home = confinement.mount(job["folder"], job["hidden"], job["readable"])
    os.chdir(home)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for line in command.makefile("rb"):
        step = json.loads(line)
        if step["apart"]:
            confinement.set_apart(os.path.join(home, step["apart"]))
        ours, theirs = socket.socketpair()
        stage = os.fork()
        if stage == 0:
            _close_all_but(talk, theirs.fileno())
            _run(probe, job | step, home, talk, theirs)
        theirs.close()
        states = _watch(stage, ours, os.path.join(home, step["watch"])) if step["watch"] else []
        _, status, usage = os.wait4(stage, 0)
        _sweep()
        signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        spent = usage.ru_utime + usage.ru_stime
        killed = signalled == signal.SIGKILL and spent >= 0.9 * job["limits"]["cpu"]
        command.sendall(
            json.dumps(
                {
                    "signal": signalled,
                    "cpu": spent,
                    "time": killed or signalled == signal.SIGXCPU,
                    "states": states,
                }
            ).encode()
            + b"\n"
        )


def _run(probe: ModuleType, step: dict, home: str, talk: int, watcher: socket.socket) -> None:
    channel = None
    try:
        os.setsid()
        os.umask(0o022)
        os.environ.clear()
        os.environ.update(
            HOME=home, TMPDIR=home, PATH="/usr/bin:/bin", LANG="C.UTF-8", **step["environ"]
        )
        if (
            "numpy" in sys.modules
        ):  # each process draws its own numbers, as if it had been started by itself
            sys.modules["numpy"].random.seed()
        channel = Channel(talk)
        limits = step["limits"] | (
            {"file_size": step["file_size"]} if step["file_size"] is not None else {}
        )
        confinement.confine(home, step["uid"], step["readable"], limits)
        if step["watch"]:
            with contextlib.suppress(
                OSError, KeyError
            ):  # a kernel or a machine that cannot: nothing is watched
                listener = confinement.report_writes()
                socket.send_fds(watcher, [b"listener"], [listener])
                os.close(listener)
        watcher.close()
        probe.observe(step["source"], step["given"], channel)
        channel.done()
    except BaseException as error:
        with contextlib.suppress(BaseException):
            channel.done(error)
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
        os._exit(0)


def _close_all_but(*kept: int) -> None:
    """The judge's line to the warden above all."""
    for low, high in pairwise([2, *sorted(kept), 1 << 16]):
        os.closerange(low + 1, high)


def _watch(stage: int, line: socket.socket, path: str) -> list[str | None]:
    """Digests of what `path` held, one after the other, at every instant at which its writer could have been killed."""
    _, descriptors, *_ = socket.recv_fds(line, 16, 1)
    if not descriptors:
        return []
    listener, states = descriptors[0], []
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    waiting.register(os.pidfd_open(stage), select.POLLIN)
    while all(place == listener for place, _ in waiting.poll()):
        with contextlib.suppress(FileNotFoundError):  # the writer was killed before it was heard
            notice = confinement.next_write(listener)
            state = digest(path)
            if not states or states[-1] != state:
                states.append(state)
            confinement.proceed(listener, notice)
    os.close(listener)
    return states


def digest(path: str) -> str | None:
    """SHA-256 of a regular file, None when there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.close(descriptor)
    with open(descriptor, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _sweep() -> None:
    """End and reap whatever this process still has below it."""
    with contextlib.suppress(ChildProcessError):  # there is nothing left
        while True:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                for process in [-1] if os.getpid() == 1 else _children():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                time.sleep(0.001)


def _children() -> list[int]:
    """Orphans come to the keeper, generation by generation, where there is no process namespace to end at once."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
            if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(name))
    return found
