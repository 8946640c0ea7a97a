"""The processes that learners' code runs in, seen from inside; they speak in JSON lines.

keeper      has imported what answers need; forks a supervisor per job
supervisor  enters new namespaces, forks the warden, ends everything when the judge hangs up
warden      first process of its namespace, runs no learner's code; forks a stage for each step and
            clears up after it
stage       confined; calls `observe(source, given, channel)` of the job's probe, which runs the
            learner's code

A job is {probe, folder, uid, limits, readable, hidden}, a step {source, given, watch, apart,
file_size}; what they mean is told in `client` and `job`.
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
import sys
from dataclasses import asdict
from types import ModuleType

from workbench.sandbox import confinement, layers, writes
from workbench.sandbox.channel import Channel
from workbench.sandbox.process import adopt_orphans, close_all_but, end_descendants
from workbench.sandbox.regular import opened

CPU_USED_UP = 0.9  # share of the CPU limit from which a kill was the kernel's


def main(descriptor: int, preload: list[str]) -> None:
    """Import what answers need, then fork a supervisor for each job that is asked for.

    The first word to the judge is which layers confine them.
    A module of `preload` may have a function `warm_up`, which is called once.
    """
    judge = socket.socket(fileno=descriptor)
    holding = layers.tried()  # before an import starts threads
    for name in preload:
        module = importlib.import_module(name)
        if hasattr(module, "warm_up"):
            module.warm_up()
    gc.freeze()  # what is warm stays shared: no collection in a child touches its pages
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    judge.sendall(json.dumps(asdict(holding)).encode())
    while True:
        message, descriptors, *_ = socket.recv_fds(judge, 1 << 16, 3)
        if not message:
            return
        if os.fork() == 0:
            judge.close()
            _supervise(json.loads(message), *descriptors)
        for line in descriptors:
            os.close(line)
        judge.sendall(b"forked\n")


def _supervise(job: dict, command: int, talk: int, output: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    with contextlib.suppress(OSError):
        adopt_orphans()
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
    end_descendants()
    os._exit(0)


def _guard(job: dict, command: socket.socket, talk: int, output: int) -> None:
    probe = importlib.import_module(job["probe"])  # before the folder it lies in may be hidden
    home = confinement.mount(job["folder"], job["hidden"], job["readable"])
    os.chdir(home)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for line in command.makefile("rb"):
        step = json.loads(line)
        if step["apart"]:
            confinement.set_apart(os.path.join(home, step["apart"]))
        ended = _tried(probe, job, step, home, talk)
        command.sendall(json.dumps(ended).encode() + b"\n")


def _tried(probe: ModuleType, job: dict, step: dict, home: str, talk: int) -> dict:
    """Run a step in a stage of its own; {time: whether its CPU time was up, states: digests}."""
    ours, theirs = socket.socketpair()
    stage = os.fork()
    if stage == 0:
        close_all_but(talk, theirs.fileno())
        _act(probe, job, step, home, talk, theirs)
    theirs.close()
    states = _watched(stage, ours, os.path.join(home, step["watch"])) if step["watch"] else []
    ours.close()
    _, status, usage = os.wait4(stage, 0)
    end_descendants()
    signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    spent = usage.ru_utime + usage.ru_stime
    # An answer that ignores SIGXCPU is killed by the kernel a second later.
    killed = signalled == signal.SIGKILL and spent >= CPU_USED_UP * job["limits"]["cpu"]
    return {"time": killed or signalled == signal.SIGXCPU, "states": states}


def _act(
    probe: ModuleType, job: dict, step: dict, home: str, talk: int, watcher: socket.socket
) -> None:
    """Be the stage: give up what an answer does not need, let the probe observe it, and end."""
    channel = None
    try:
        os.setsid()
        os.umask(0o022)
        os.environ.clear()
        os.environ.update(HOME=home, TMPDIR=home, PATH="/usr/bin:/bin", LANG="C.UTF-8")
        if "numpy" in sys.modules:
            # Each process draws its own numbers, as if it had been started by itself.
            sys.modules["numpy"].random.seed()
        channel = Channel(talk)
        limits = job["limits"]
        if step["file_size"] is not None:
            limits = limits | {"file_size": step["file_size"]}
        confinement.confine(home, job["uid"], job["readable"], limits)
        if step["watch"]:
            _be_watched(watcher)
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


def _be_watched(watcher: socket.socket) -> None:
    # On a kernel or a machine that cannot stop a write, nothing is watched.
    with contextlib.suppress(OSError, KeyError):
        listener = writes.report_writes()
        socket.send_fds(watcher, [b"listener"], [listener])
        os.close(listener)


def _watched(stage: int, line: socket.socket, path: str) -> list[str | None]:
    """Digests of what `path` held, in order, whenever its writer could have been killed."""
    _, descriptors, *_ = socket.recv_fds(line, 16, 1)
    if not descriptors:
        return []
    listener, states = descriptors[0], []
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    waiting.register(os.pidfd_open(stage), select.POLLIN)
    while all(ready == listener for ready, _ in waiting.poll()):
        with contextlib.suppress(FileNotFoundError):  # the writer was killed before it was heard
            notification = writes.next_write(listener)
            state = digest(path)
            if not states or states[-1] != state:
                states.append(state)
            writes.proceed(listener, notification)
    os.close(listener)
    return states


def digest(path: str) -> str | None:
    """SHA-256 of a regular file, None when there is none."""
    file = opened(path)
    if file is None:
        return None
    with file:
        return hashlib.sha256(file.read()).hexdigest()
