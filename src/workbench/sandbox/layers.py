"""Which layers of confinement hold on this machine: tried, not looked up."""

import contextlib
import errno
import json
import os
from dataclasses import asdict, dataclass

from workbench.sandbox import confinement, process, root, users
from workbench.sandbox.job import USUAL, WorkerError

UNFILTERED = "make system calls that no answer needs"


@dataclass(frozen=True)
class Layers:
    """What confines an answer, beside the limits, which always hold.

    namespaces: it sees its own processes, network and small root only; landlock: the version that
    bounds what it may open, 0 for none; own_user: it runs as another user than its judge;
    filtered: system calls that no answer needs are refused to it.
    """

    namespaces: bool = False
    landlock: int = 0
    own_user: bool = False
    filtered: bool = False

    @property
    def level(self) -> str:
        """Give "full" where namespaces, Landlock and the filter of calls hold, "limits" where
        neither of the first two does, else "partial"."""
        holding = self.namespaces, self.landlock > 0
        if all(holding) and self.filtered:
            return "full"
        return "partial" if any(holding) else "limits"

    @property
    def open(self) -> str:
        """What an answer may do beyond its own folder, in words; nothing where all layers hold."""
        if self.level == "limits":
            whose = "everybody may" if self.own_user else "its judge may"
            beyond = [f"read and write what {whose}", "fill the disk"]
        else:
            beyond = [] if self.namespaces else ["fill the disk"]
        return ", and ".join(beyond if self.filtered else [*beyond, UNFILTERED])

    def __str__(self) -> str:
        holding = {
            "namespaces": self.namespaces,
            f"Landlock {self.landlock}": self.landlock,
            "a filter of system calls": self.filtered,
            "a user of its own": self.own_user,
        }
        names = [name for name, holds in holding.items() if holds]
        return f"{self.level} ({', '.join([*names, 'limits'])})"

    def as_json(self) -> dict:
        """The level and what it mostly follows from; of the filter the level alone tells."""
        told = {"level": self.level, **asdict(self)}
        del told["filtered"]
        return told


def tried() -> Layers:
    """Confine a process that runs nothing, step by step as one that runs an answer.

    It is forked: call this before anything has started a thread.
    """
    return next(filter(None, map(_told, (True, False))), Layers())


def _told(namespaces: bool) -> Layers | None:
    """What holds in a process with or without namespaces; None where there is none with them."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError, WorkerError):
            _confined(namespaces, writer)
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return Layers(**json.loads(told)) if told else None


def _confined(namespaces: bool, writer: int) -> None:
    with users.lent() as user:
        _confined_as(user, namespaces, writer)


def _confined_as(user: int, namespaces: bool, writer: int) -> None:
    judge = os.getuid()
    if namespaces:
        root.separate()
        if os.fork():  # the namespace of processes begins with this one
            os.wait()
            return
        root.enter(user, 1, [], [])
    home = root.HOME if namespaces else "/nowhere"
    landlock = confinement.confine(home, user, [], [], asdict(USUAL))
    layers = Layers(namespaces, landlock, os.getuid() != judge, _filtered())
    os.write(writer, json.dumps(asdict(layers)).encode())


def _filtered() -> bool:
    """Whether a call is refused that no answer needs, and that here changes nothing."""
    try:
        process.kernel("personality", 0xFFFFFFFF)  # asks for it, no more
    except OSError as error:
        return error.errno == errno.ENOSYS
    return False
