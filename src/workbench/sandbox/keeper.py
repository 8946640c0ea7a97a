"""The processes that learners' code runs in, seen from inside; they speak in JSON lines.

keeper      has imported what answers need; forks a supervisor per job
supervisor  enters new namespaces, forks the warden, ends everything when the judge hangs up
warden      first process of its namespace, runs no learner's code; forks a stage for each step and
            clears up after it
stage       confined; calls `observe(source, given, channel)` of the job's probe, which runs the
            learner's code

A job is {probe, uid, namespaces, temporary, limits, readable, hidden}, a step {source, given,
watch, apart, file_size}; what they mean is told in `client` and `job`.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from types import ModuleType

from workbench.sandbox import confinement, layers, memory, notebook, place, process, root, writes
from workbench.sandbox.anchors import anchor, import_nothing_from
from workbench.sandbox.channel import Channel
from workbench.sandbox.folder import Folder
from workbench.sandbox.moments import Moments
from workbench.sandbox.stillness import Watch

CONFINED = b"confined"  # what a stage says before the answer is there
CPU_USED_UP = 0.9  # share of the CPU limit from which a kill was the kernel's
FEWEST = 64  # files that an account has to grant, or right answers fail
SUSPENDED = 20.0  # seconds beyond its limit that a job may live when its judge does nothing
LATE = 0.5  # the same, of its processes, when its judge is busy
BEAT = 0.1  # seconds between two looks at what a job holds


def main(descriptor: int, temporary: str, preload: list[str]) -> None:
    """Import what answers need, then fork a supervisor for each job that is asked for.

    The first word to the judge is which layers confine them.
    A module of `preload` may have a function `warm_up`, which is called once.
    """
    judge = socket.socket(fileno=descriptor)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= most < FEWEST:
        sys.exit(f"this account may open {most} files at once, and an answer needs {FEWEST}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # an account's under way count, too
    os.umask(0o022)  # or what a small root consists of is nobody's but the judge's to enter
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # who has started the judge may ignore it
    # A process that is not forked from this one finds out by itself that it may have no other.
    selectors.DefaultSelector = selectors.PollSelector
    holding = layers.tried()  # before an import starts threads
    if not holding.namespaces:
        process.hide_oneself()
        place.sweep(temporary)
        if os.getuid() == 0:
            anchor(*root.prefixes())
    confinement.prepare(holding.namespaces)
    notebook.lend()
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
            with contextlib.suppress(ChildProcessError):
                os.wait()  # for all of them: a job may have left much to clear
            return
        if os.fork() == 0:
            judge.close()
            try:
                _supervise(json.loads(message), *descriptors)
            finally:
                os._exit(1)
        for line in descriptors:
            os.close(line)
        judge.sendall(b"forked\n")


def _supervise(job: dict, command: int, talk: int, output: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    process.adopt_orphans()
    no_more_first = process.be_ended_first()
    process.begin_a_keyring()
    with contextlib.ExitStack() as held:
        if job["namespaces"]:
            root.separate()
            home = root.HOME
        else:
            home = held.enter_context(place.on_disk(job["temporary"], job["uid"]))
        process.hide_oneself()
        warden = os.fork()
        if warden == 0:
            try:
                _guard(job, home, socket.socket(fileno=command), talk, output)
            finally:
                os._exit(1)
        no_more_first()  # or who clears up could be ended in the place of an answer
        os.close(talk)
        os.close(output)
        waiting = select.poll()
        waiting.register(command, select.POLLRDHUP)
        waiting.register(os.pidfd_open(warden), select.POLLIN)
        waiting.poll((job["limits"]["wall"] + SUSPENDED) * 1000)
        os.kill(warden, signal.SIGKILL)
        os.waitpid(warden, 0)
        process.end_descendants()


def _guard(job: dict, home: str, command: socket.socket, talk: int, output: int) -> None:
    probe = importlib.import_module(job["probe"])  # what it lies in may not be seen from here on
    process.adopt_orphans()
    if job["namespaces"]:
        root.enter(job["uid"], job["limits"]["disk"], job["readable"], job["hidden"])
    signal.signal(signal.SIGTERM, _end)
    process.end_with_parent(signal.SIGTERM)  # who would end an answer without a supervisor?
    os.chdir(home)
    import_nothing_from(home)
    os.environ.clear()
    os.environ.update(HOME=home, TMPDIR=home, PATH="/usr/bin:/bin", LANG="C.UTF-8")
    # Without namespaces no file knows the account; getpass.getuser() asks these first.
    os.environ.update(LOGNAME=root.NAME, USER=root.NAME)
    tempfile.tempdir = home  # what was found for the judge is another place
    for standard in (1, 2):
        os.dup2(output, standard)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)  # as a pipe's
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    places = (".",) if job["namespaces"] else (".", "..")
    descriptors = [os.open(place, os.O_RDONLY | os.O_DIRECTORY) for place in places]
    folder = Folder(descriptors[0], job["uid"], *descriptors[1:])
    children = Watch(command)
    socket.send_fds(command, [b"ready"], descriptors)
    until = time.monotonic() + job["limits"]["wall"] + LATE
    for line in children.orders:
        step = json.loads(line)
        if "go on" in step:  # who had stopped has ended meanwhile
            continue
        step["hides"] = getattr(probe, "HIDDEN", False)  # it has answers run by others than itself
        for inner in step["apart"] if job["namespaces"] else ():
            root.set_apart(os.path.join(home, inner))
        try:
            ended = _tried(probe, job, step, home, folder, talk, children, until)
        except Exception as error:  # of this process's own, which is not held against the answer
            ended = {"fault": f"{type(error).__name__}: {error}"}
        command.sendall(json.dumps(ended).encode() + b"\n")
        if "fault" in ended:
            return


def _end(*_: object) -> None:
    process.end_descendants()
    os._exit(1)


def _tried(
    probe: ModuleType,
    job: dict,
    step: dict,
    home: str,
    folder: Folder,
    talk: int,
    children: Watch,
    until: float,
) -> dict:
    """Run a step in a stage of its own, and end it at this time, whatever its judge does.

    {time, memory, output: whether its CPU time, the job's memory or the files that it may have were
    used up, states: digests, confined: whether it came to run the answer}.
    """
    ours, theirs = socket.socketpair()
    stage = os.fork()
    if stage == 0:
        children.end()
        process.close_all_but(talk, theirs.fileno())
        _act(probe, job, step, home, talk, theirs)
    theirs.close()
    listener, confined = _begun(ours)
    ours.close()
    if not confined:
        os.kill(stage, signal.SIGKILL)
    limit = (job["limits"]["memory"] << 20) + memory.resident()
    moments = Moments(folder, step["watch"])

    def used_up() -> str:
        waiting = memory.in_sockets() if job["namespaces"] else 0
        if memory.exceeded(stage, limit - waiting, step["hides"]):
            return "memory"
        if time.monotonic() > until:
            return "time"
        # The kernel bounds it in a small root. Elsewhere to remove them takes longer than to write.
        return "output" if not job["namespaces"] and folder.exceeds(root.INODES) else ""

    exceeded = _awaited(stage, listener, moments, used_up, children)
    _, status, usage = os.wait4(stage, 0)
    process.end_descendants()
    spent = (usage.ru_utime + usage.ru_stime) / job["limits"]["cpu"]
    exceeded = exceeded or ("time" if _out_of_time(status, spent) else "")
    told = {reason: exceeded == reason for reason in ("time", "memory", "output")}
    return told | {"states": moments.states, "confined": confined}


def _out_of_time(status: int, spent: float) -> bool:
    """Whether the kernel has ended a process for its CPU time, of which it spent this share: who
    ignores SIGXCPU is killed a second later."""
    signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    killed = signalled == signal.SIGKILL and spent >= CPU_USED_UP
    return killed or signalled == signal.SIGXCPU


def _act(
    probe: ModuleType, job: dict, step: dict, home: str, talk: int, watcher: socket.socket
) -> None:
    """Be the stage: give up what an answer does not need, let the probe observe it, and end."""
    channel, leave = None, os._exit
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        os.umask(0o022)
        process.begin_anew()
        channel = Channel(talk)
        size = {} if step["file_size"] is None else {"file_size": step["file_size"]}
        limits = job["limits"] | size
        if step["watch"]:
            _be_watched(watcher)
        lone = step["apart"] and not job["namespaces"]
        moved_into = os.path.join(home, step["apart"][-1]) if lone else ""
        given = home, job["uid"], job["readable"], job["hidden"], limits, moved_into
        confinement.confine(*given, step["held"], step["hides"])
        watcher.send(CONFINED)
        watcher.close()
        end = channel.ending()
        probe.observe(step["source"], step["given"], channel)
        end()
    except BaseException as error:
        with contextlib.suppress(BaseException):
            channel.done(error)
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
        leave(0)


def _be_watched(watcher: socket.socket) -> None:
    # On a kernel or a machine that cannot stop a write, nothing is watched. Before the limits: of
    # one account's answers, each could hold as many descriptors under way as those allow to send.
    with contextlib.suppress(OSError, KeyError):
        process.gain_nothing()  # what only root may do without, and an ordinary user not
        listener = writes.report_writes()
        socket.send_fds(watcher, [b"listener"], [listener])
        os.close(listener)


def _begun(line: socket.socket) -> tuple[int | None, bool]:
    """The descriptor that hears of a stage's writes, if there is one; whether it is confined."""
    said, descriptors, *_ = socket.recv_fds(line, 16, 1)
    while not said.endswith(CONFINED) and (more := line.recv(16)):
        said += more
    return descriptors[0] if descriptors else None, said.endswith(CONFINED)


def _awaited(
    stage: int, listener: int | None, moments: Moments, used_up: Callable[[], str], children: Watch
) -> str:
    """Wait until a stage has ended, or end it when the job has used something up; give what."""
    exceeded, looked = "", time.monotonic()
    waiting, ended = select.poll(), os.pidfd_open(stage)
    judge = children.orders.fileno()
    for descriptor in filter(None, (ended, listener, children.news, judge)):
        waiting.register(descriptor, select.POLLIN)
    while not exceeded:
        ready = [descriptor for descriptor, _ in waiting.poll(BEAT * 1000)]
        if ended in ready:
            break
        if children.news in ready or judge in ready:
            children.see(stage, judge in ready, moments)
        if listener in ready:
            moments.look(listener)
        if time.monotonic() - looked > BEAT:
            children.tell_of_work()  # before the other, which may wake who had stopped
            exceeded, looked = used_up(), time.monotonic()
    if exceeded:
        os.kill(stage, signal.SIGKILL)
    for descriptor in filter(None, (ended, listener)):
        os.close(descriptor)
    return exceeded
