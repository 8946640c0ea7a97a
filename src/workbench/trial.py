"""Proof by trial: a task runs twice, two at once, and is killed before each of its writes; what it leaves is compared.

    prove(write_report, "report.csv", given={"report.csv": "yesterday's figures"})

Each trial has a fresh working folder that begins with the files ``given``. The process is really killed, at a system
call that was about to change a file.
"""

import contextlib
import hashlib
import os
import pickle
import select
import shutil
import signal
import socket
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from workbench.graph import PipelineError
from workbench.sandbox import process
from workbench.sandbox.writes import next_write, proceed, report_writes

MOST = 200  # writes of one task; each costs two runs
LIMIT = 60.0  # seconds that one run may take
LOOKS = 20  # times, 10 ms apart, that a process is found asleep before it counts as waiting for another one
Folder = dict[str, tuple[str, str]]  # name → what it is in words, digest
COLUMNS = ("trial", "what is left", "after another run")


@dataclass(frozen=True)
class Trial:
    """What one trial left in the folder, and what another run made of that (empty where there was none)."""

    name: str
    left: str
    again: str
    good: bool


@dataclass(frozen=True)
class Proof:
    """The trials of one task; kills with equal outcomes share one. No kills: the kernel cannot stop a write."""

    task: str
    kills: int
    trials: tuple[Trial, ...]

    @property
    def good(self) -> bool:
        """Whether nobody could tell from the folder how often, beside whom or how long the task ran."""
        return all(trial.good for trial in self.trials)

    def __repr__(self) -> str:
        rows = [COLUMNS, *self._rows()]
        widths = [max(len(row[place]) for row in rows) for place in range(3)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n  ".join([self._title(), *lines])

    def _repr_mimebundle_(self, **_) -> dict[str, str]:
        head = "".join(f"<th scope='col'>{title}</th>" for title in COLUMNS)
        rows = ("<td>".join(map(escape, row)) for row in self._rows())
        body = "".join(f"<tr><th scope='row'>{row}" for row in rows)
        table = f"<table style='text-align:left'><caption>{escape(self._title())}</caption><tr>{head}{body}</table>"
        return {"text/html": table, "text/plain": repr(self)}

    def _title(self) -> str:
        bad = sum(not trial.good for trial in self.trials)
        verdict = (
            f"{bad} of {len(self.trials)} outcomes are bad" if bad else "every outcome is good"
        )
        return f"{self.task}: {verdict}" + (
            "" if self.kills else " (not killed: this kernel cannot stop a write)"
        )

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (f"{'✓' if each.good else '✗'} {each.name}", each.left, each.again)
            for each in self.trials
        ]


def prove(task: Callable, *arguments, given: Mapping[str, str | bytes] | None = None) -> Proof:
    """Call ``task(*arguments)`` once, twice, two at a time, and killed before each write; compare the folders.

    Raise PipelineError when it fails already on its own, writes more than 200 times, or takes longer than a minute.
    """
    from joblib.externals.loky import ProcessPoolExecutor

    pool = ProcessPoolExecutor(1)  # a process without threads, in which it is safe to fork
    try:
        return pool.submit(_prove, task, arguments, dict(given or {})).result()
    except pickle.PicklingError as error:
        reason = str(error.__cause__ or error).strip('\n"').rpartition("\n")[2]
        raise PipelineError(
            f"{task!r} is tried in a process of its own and cannot be sent there: {reason}"
        ) from None
    finally:
        pool.shutdown(kill_workers=True)


def _prove(task: Callable, arguments: tuple, given: dict) -> Proof:
    name = getattr(task, "__name__", None) or repr(task)
    with tempfile.TemporaryDirectory(prefix="workbench-") as root:
        try:
            return _tried(name, Path(root, "trial"), lambda: task(*arguments), given)
        except (OverflowError, TimeoutError) as error:
            raise PipelineError(f"{name!r} {error}; try it on less data") from None


def _tried(name: str, folder: Path, call: Callable, given: dict) -> Proof:
    _renew(folder, given)
    before = look(folder)
    first = Attempt(call, folder).finish()
    if first.error:
        raise PipelineError(
            f"{name!r} raised {first.error} when it ran once; prove what works once"
        )
    once = look(folder)
    trials = [
        Trial(
            "once",
            ", ".join(f"{file} ({what})" for file, (what, _) in once.items()) or "nothing",
            "",
            True,
        )
    ]

    def compare(title: str, *attempts: Attempt) -> None:
        left, error = look(folder), next((each.error for each in attempts if each.error), "")
        trials.append(Trial(title, _told(left, (once,), error), "", left == once and not error))

    compare("twice", Attempt(call, folder).finish())
    _renew(folder, given)
    pair = Attempt(call, folder), Attempt(call, folder)
    for each in (
        pair
    ):  # both have read before either writes, and then one write at a time: what they do is no luck
        each.held()
    while not all(each.ended for each in pair):
        for each in pair:
            each.proceed()
    compare("two at once", *pair)
    cases: dict[tuple[str, str], bool] = {}
    kills = 0
    while _killed(call, _renew(folder, given), kills):
        kills += 1
        left, again = look(folder), Attempt(call, folder).finish()
        after = look(folder)
        known = {file: what for file, what in left.items() if file in before or file in once}
        good = (
            known in (before, once) and after == once and not again.error
        )  # what the next run clears away is no harm
        cases[_told(left, (before, once)), _told(after, (once,), again.error)] = good
    for number, (texts, good) in enumerate(cases.items(), 1):
        trials.append(Trial(f"killed, case {number}" if len(cases) > 1 else "killed", *texts, good))
    return Proof(name, kills, tuple(trials))


def _told(left: Folder, expected: tuple[Folder, ...], error: str = "") -> str:
    """In words how a folder differs from what could be expected; a name drawn at random is shown as ``*.part``."""
    found = [f"raised {error}"] if error else []
    names = {name for folder in expected for name in folder}
    for title, folder in zip(("as before", "as once")[-len(expected) :], expected, strict=True):
        if {name: what for name, what in left.items() if name in names} == folder:
            found.append(title)
            expected = (folder,)
            break
    for name in sorted(names | left.keys()):
        known = [folder[name] for folder in expected if name in folder]
        if name not in names:
            found.append(f"*{Path(name).suffix} is left over")
        elif name not in left:
            found += [f"{name} is gone"] if len(known) == len(expected) else []
        elif left[name] not in known:
            what, wanted = left[name][0], known[-1][0]
            found.append(f"{name}: {what}, {'but others' if what == wanted else f'not {wanted}'}")
    return "; ".join(dict.fromkeys(found)) or "part as before, part as once"


class Attempt:
    """A process that runs the task in ``folder`` and is held before each write, where the kernel can."""

    def __init__(self, call: Callable, folder: Path) -> None:
        self._line, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            _run(call, folder, theirs)
        theirs.close()
        self.ended, self.error, self._notice, self._looks = False, "", None, LOOKS
        self._deadline = time.monotonic() + LIMIT
        self._waiting = select.poll()
        self._waiting.register(self._line, select.POLLIN)
        self._listener, *_ = (*socket.recv_fds(self._line, 16, 1)[1], None)
        if self._listener is not None:
            self._waiting.register(self._listener, select.POLLIN)

    def held(self) -> bool:
        """Wait until it is about to write; False when it has ended instead, or sleeps until somebody else goes on."""
        looks = 0
        while not self.ended and self._notice is None:
            ready = dict(self._waiting.poll(10))
            if ready.get(self._listener, 0) & select.POLLIN:
                with contextlib.suppress(FileNotFoundError):  # it has died meanwhile
                    self._notice = next_write(self._listener)
            elif self._line.fileno() in ready:
                said = self._line.recv(1000).decode()
                self.error = said or self.error
                if not said:
                    self.kill()
            elif time.monotonic() > self._deadline:
                self.kill()
                raise TimeoutError(f"ran for {LIMIT:.0f} s")
            else:
                looks = looks + 1 if self._asleep() else 0
                if looks >= self._looks:
                    self._looks = 1  # patience is over until it is heard of again
                    return False
        self._looks = LOOKS
        return not self.ended

    def proceed(self) -> bool:
        """Let it make one write, and wait for the next; False when there was none to make."""
        writes = self.held()
        if writes:
            proceed(self._listener, self._notice)
            self._notice = None
            self.held()
        return writes

    def finish(self) -> "Attempt":
        writes = 0
        while not self.ended:
            writes += self.proceed()
            if writes > MOST:
                self.kill()
                raise OverflowError(f"writes more than {MOST} times")
        return self

    def kill(self) -> None:
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
            states = [
                path.read_text().rpartition(")")[2].split()[0]
                for path in Path(f"/proc/{self.pid}/task").glob("*/stat")
            ]
            return set(states) == {"S"}
        return False


def _run(call: Callable, folder: Path, line: socket.socket) -> None:
    """In the forked process: run the task and say what it raised, if anything."""
    try:
        os.setsid()
        os.chdir(folder)
        os.umask(0o022)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        try:
            process.end_with_parent()
            process.gain_nothing()
            listener = report_writes()
            socket.send_fds(line, [b"yes"], [listener])
            os.close(listener)
        except (OSError, KeyError, AttributeError):
            line.send(b"no")
        call()
    except BaseException as error:  # SystemExit too is how a task may end
        line.send(type(error).__name__.encode())
    finally:
        os._exit(0)


def _killed(call: Callable, folder: Path, writes: int) -> bool:
    """Run the task and kill it after that many writes; False when it has made them all, or cannot be stopped."""
    attempt = Attempt(call, folder)
    while not attempt.ended and (writes or not attempt.held()):
        writes -= attempt.proceed()
    if attempt.ended:
        return False
    attempt.kill()
    return True


def _renew(folder: Path, given: dict) -> Path:
    """The folder, with the given files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def look(folder: Path) -> Folder:
    """Every file below ``folder``, as a reader finds it: a database by what it says, since its bytes always change."""
    found = {}
    for path in sorted(
        folder.rglob("*"), key=lambda path: (path.suffix != ".db", path)
    ):  # reading ends what a crash left
        if path.is_file():
            database = path.suffix == ".db"
            content, unit = (
                _dumped(path) if database else path.read_bytes(),
                "row" if database else "line",
            )
            count = content.count(b"\nINSERT INTO " if database else b"\n")
            what = f"{count} {unit}{'s' * (count != 1)}"
        elif path.is_dir() or path.is_symlink():
            content, what = b"", "folder" if path.is_dir() else "link"
        else:
            continue
        found[path.relative_to(folder).as_posix()] = what, hashlib.sha256(content).hexdigest()
    return found


def _dumped(database: Path) -> bytes:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump()).encode()
