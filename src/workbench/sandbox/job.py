"""One submission being tried: its folder, its steps, and what they show."""

import math
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.sandbox.folder import Folder
from workbench.sandbox.lines import Lines
from workbench.sandbox.message import error_of, printable
from workbench.sandbox.regular import whatever_it_is

USED_UP = ("time", "memory", "output")
# What there is to say of a step that nothing was said of: it was cut short, or the warden was.
ENDED = dict.fromkeys(USED_UP, False) | {"states": {}, "confined": True, "fault": ""}
SILENT = ENDED | {"fault": "its process was ended by somebody else"}
# What a judge raises over an observation that no probe of ours would make.
ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
Serve = Callable[[dict], dict]
Look = Callable[[dict], None]


class WorkerError(RuntimeError):
    """This installation cannot run answers."""


@dataclass(frozen=True)
class Limits:
    """What a job may use.

    wall: seconds for all of it; silence: of those, in which its processes say nothing and wait, not
    for their turn on a machine that is busy; cpu: seconds of each process; memory: MB, of all its
    processes in sum; disk: MB, in a small root; file_size: bytes; output, observed: KB of what is
    printed and of what the probe tells; network: whether it needs a loopback and sockets with
    names, which outside a small root are everybody's.
    """

    wall: float = 10
    silence: float = math.inf
    cpu: int = 10
    memory: int = 1024
    disk: int = 256
    processes: int = 64
    files: int = 256
    file_size: int = 64 << 20
    output: int = 1024
    observed: int = 4096
    network: bool = False


USUAL = Limits()


@dataclass(frozen=True)
class Observations:
    """What one step showed.

    values: what its probe told, in order, each with the time `at` which it came; {"ask": …} for a
    question. error: {type, text, line} of what was raised, if anything. stopped: time, memory,
    output or exit. states: the digests that each watched file went through, by name, and "mapped"
    where it was written as memory. output: the end of what was printed.
    """

    stage: str
    values: tuple[dict, ...] = ()
    error: dict | None = None
    stopped: str | None = None
    states: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    output: str = ""

    def first(self, name: str):
        """The first value told under this name, or None."""
        return next((value[name] for value in self.values if name in value), None)

    def texts(self, name: str) -> list[str]:
        """The texts in the first list told under this name; none where no list was."""
        told = self.first(name)
        return [part for part in told if isinstance(part, str)] if isinstance(told, list) else []


class Job:
    """One submission's folder and processes.

    When a step is stopped, so is the job: later steps come back stopped, in the criterion that
    stopped them.
    """

    def __init__(
        self, folder: Folder, uid: int, source: str, limits: Limits, lines: list[socket.socket]
    ):
        self.uid, self.limits = uid, limits
        self.stopped: Observations | None = None
        self._folder, self._source, self._stage = folder, source, ""
        self._resting = False  # whether the process of the step before waits for another
        seconds = limits.wall, limits.silence
        self._lines = Lines(lines, *seconds, limits.observed * 1024, limits.output * 1024)

    def write(self, name: str, content: bytes, kept: bool = False, dated: bool = True) -> None:
        """Put a file, which the learner's code may change, into the job's folder.

        A job that has left no room for it is stopped. kept: whether it is to be the one that is
        there already, if it can be, as while the job is held still; dated: whether as changed now.
        """
        with whatever_it_is():
            if not (kept and self._folder.overwrite(name, content, dated)):
                self._folder.write(name, content)
            return
        self.stopped = self.stopped or Observations(self._stage, stopped="output")

    def remove(self, name: str) -> None:
        """Take a file, or whatever has its name, out of the job's folder."""
        self._folder.remove(name)

    def read(self, name: str, limit: int = 64 << 20) -> bytes | None:
        """The bytes of a regular file of the job's folder; None for anything else, in any guise."""
        return self._folder.read(name, limit)

    def touched(self, name: str) -> tuple[int, int] | None:
        """Which regular file of the job's folder has the name, and when it was changed last."""
        return self._folder.touched(name)

    def names(self, folder: str) -> list[str]:
        """The names in a folder of the job's folder, sorted."""
        return self._folder.names(folder)

    def step(
        self,
        stage: str,
        given: dict | None = None,
        serve: Serve | None = None,
        look: Look | None = None,
        *,
        watch: Sequence[str] = (),
        apart: Sequence[str] = (),
        file_size: int | None = None,
        kept: bool = False,
    ) -> Observations:
        """Try one criterion in a process of its own.

        given: what the probe gets; serve: answers what it asks; look: is called, with the last
        thing told since the look before, whenever the job is held still (`Channel.stilling`).
        watch: files whose content is looked at before each system call that could change one;
        apart: folders, the last in the first, that become file systems (outside a small root it
        alone); file_size: bytes a full disk has; kept: whether the process may rest until the next.

        Raise WorkerError where its process could not be confined, or watched.
        """
        if self.stopped:
            return Observations(self.stopped.stage, stopped=self.stopped.stopped)
        self._stage = stage
        step = {"source": self._source, "given": given or {}}
        step |= {"watch": watch, "apart": apart, "file_size": file_size, "held": bool(look)}
        testimony = _Testimony(stage, kept)
        ended, exceeded = self._heard(step, testimony, serve, look)
        if fault := _fault(ended):
            self._lines.hang_up()
            raise WorkerError(f"an answer could not be {fault}; try once more")
        stopped = exceeded or _why_stopped(ended, testimony.error)
        observed = Observations(
            testimony.stage,
            tuple(testimony.values),
            testimony.error or None,
            stopped,
            ended["states"],
            printable(self._lines.tail),
        )
        if stopped:
            self.stopped = observed
            self._lines.hang_up()
        return observed

    def _heard(
        self, step: dict, testimony: "_Testimony", serve: Serve | None, look: Look | None
    ) -> tuple[dict, str | None]:
        """Take in what is said during a step; how it ended, and which limit it exceeded."""
        ended, seen = None, 0
        if self._resting and not testimony.kept:
            self._dismiss()
        if not self._resting:
            self._lines.order(step)
        elif not self._lines.reply({"next": step["given"]}):
            return ENDED, "output"
        self._resting = False
        for sender, message in self._lines.messages():
            if sender == "limit":
                return ENDED, message["exceeded"]
            if sender == "warden":
                ended = ENDED | message
                continue
            if sender == "still":
                told, seen = testimony.values[seen:], len(testimony.values)
                if look:
                    look(told[-1] if told else {})
                self._lines.order({"go on": True})  # also who stops without being meant to
                continue
            reply = testimony.hear(message, serve)
            if reply is not None and not self._lines.reply(reply):
                return ENDED, "output"
            if testimony.rests:
                self._resting = True
                return ENDED, None
        if ended:
            return ended, None
        return (ENDED, "time") if not self._lines.remaining else (SILENT, None)

    def _dismiss(self) -> None:
        """Let the process that rests come to its end; who does not waits until the time is up."""
        self._resting = False
        self._lines.reply({"next": None})
        for sender, _ in self._lines.messages():
            if sender == "still":
                self._lines.order({"go on": True})

    def end(self) -> None:
        """End what runs, from any thread; what is shown from now on is nothing of the answer's."""
        self._lines.cut()

    def close(self) -> None:
        """End what runs; the folder goes with it."""
        self._lines.close()
        self._folder.close()


@dataclass
class _Testimony:
    """What a probe has said so far; error is False as long as it has not said that it is done.

    kept: whether it may rest; rests: whether it does.
    """

    stage: str
    kept: bool = False
    rests: bool = False
    values: list[dict] = field(default_factory=list)
    error: dict | bool = False

    def hear(self, message: dict, serve: Serve | None) -> dict | None:
        """Take a message in; give the reply, if it asks for one."""
        if isinstance(message.get("stage"), str):
            self.stage = message["stage"]
        elif "done" in message:
            self.error = error_of(message["done"])
        elif "rest" in message:
            self.rests = self.kept
        elif isinstance(message.get("ask"), dict) and serve:
            self.values.append({"ask": message["ask"], "at": time.monotonic()})
            try:
                return serve(message["ask"])
            except ODD:  # no probe of ours would ask that
                return {}
        elif isinstance(message.get("tell"), dict):
            told = message["tell"] | {"at": time.monotonic()}
            told.pop("ask", None)  # the name of what was asked, which is always a dictionary
            self.values.append(told)
        return None


def _fault(ended: dict) -> str:
    """What could not be done with an answer, for no fault of its own; nothing where all could."""
    if not ended["confined"]:  # it has not begun
        return "confined as others are"
    return ended["fault"] and f"observed: {ended['fault']}"


def _why_stopped(ended: dict, error: dict | bool) -> str | None:
    """Why a step counts as stopped that kept within its limits; None when its probe was done."""
    if used_up := [reason for reason in USED_UP if ended[reason]]:
        return used_up[0]
    if error is False:  # the process ended without a word
        return "exit"
    claimed = error.get("stopped")
    return claimed if claimed in ("memory", "exit", None) else "exit"
