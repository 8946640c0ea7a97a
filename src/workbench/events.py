"""Every kind of event: the state that it leaves its task in, and what its ``detail`` holds."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from typing import (
    Any,
    NamedTuple,
    NotRequired,
    TypedDict,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

INTERRUPTED = "interrupted"  # the error of an attempt that its workbench did not survive
STOPPED = "stopped"  # and of one that somebody has ended by Stop
MOST = 1e15  # seconds, or events; what is beyond is no number of a run
NO_ITEM = "no such item"  # why what is in a loop over fewer items, or none, is skipped


class Question(TypedDict, total=False):
    """What a task asks a person: to choose of ``options`` (``multiple``: several of them, without a
    choice the ``defaults``), to fill in ``fields``, which have these values so far."""

    subject: str
    body: str
    options: list[str]
    multiple: bool
    defaults: list[str]
    fields: dict[str, Any]


class Retry(TypedDict):
    """Why another attempt follows (None: a sensor has to look again), after ``delay`` seconds, or
    after the answer to what it ``asks``."""

    error: str | None
    delay: float
    asks: NotRequired[Question]


class Conclusion(TypedDict, total=False):
    """How an engine sums up a run: its own word for the state, what a flow returned, its error."""

    state: str
    returned: str
    error: str


class Output(TypedDict):
    """Where a value lies and what it is: ``summary`` is one line, ``digest`` a short fingerprint of
    the content. ``file`` is relative to the run's folder, None where it could not be stored, and
    then ``problem`` says why."""

    file: str | None
    type: str
    summary: str
    digest: str | None
    problem: str | None


class LogFile(TypedDict):
    """Where an attempt's log lies, relative to the run's folder."""

    file: str


class Injection(TypedDict):
    """How every coming attempt of the task is to fail; None: as before, by its own doing."""

    how: str | None


class Growth(TypedDict, total=False):
    """What appeared while the run was under way; every part may be missing.

    ``edges`` are (upstream, downstream), ``labels`` (upstream, downstream, label), ``notes`` by
    task; ``expands`` names templates, in whose place their instances stand from now on.
    """

    tasks: list[str]
    edges: list[list[str]]
    labels: list[list[str]]
    notes: dict[str, dict[str, str]]
    expands: list[str]


Detail = None | str | Retry | Conclusion | Output | LogFile | Injection | Growth


class Kind(NamedTuple):
    """``state`` is the task's afterwards (None: as it was), ``detail`` the type of the payload."""

    state: str | None
    detail: Any


# An error, a reason for being left out, and what an engine said of a success, is one line of text.
# The succeeded and failed of the run itself (task None) may carry a Conclusion. A real scheduler's
# history does not say why it tried again.
# fmt: off - it is a table
KINDS: Mapping[str, Kind] = {
    "queued": Kind("queued", None),
    "started": Kind("running", None),
    "succeeded": Kind("success", None | str | Conclusion),
    "failed": Kind("failed", None | str | Conclusion),
    "retrying": Kind("retrying", None | Retry),
    "skipped": Kind("skipped", None | str),
    "upstream_failed": Kind("upstream_failed", None | str),
    "cached": Kind("cached", None | str),
    "cleared": Kind("pending", None),
    "output": Kind(None, Output),
    "log": Kind(None, LogFile),
    "injected": Kind(None, Injection),
    "stopped": Kind(None, None),
    "graph": Kind(None, Growth),
}
# fmt: on
STATE_OF = {name: kind.state for name, kind in KINDS.items() if kind.state}
# The states in which a task has an output, has failed or never can run, and has ended.
DONE = frozenset({"success", "cached"})
FAILED = frozenset({"failed", "upstream_failed"})
FINISHED = DONE | FAILED | {"skipped"}


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``at`` is seconds since the run began, ``task`` is None for the run
    itself; what ``detail`` is depends on the kind, see `KINDS`."""

    seq: int
    at: float
    task: str | None
    kind: str
    attempt: int | None = None
    detail: Any = None  # read from a file, so that no checker can vouch for it being a Detail

    @property
    def is_sound(self) -> bool:
        """Whether its fields and payload are what its kind says; a file may hold anything."""
        placed = _fits(self.seq, int) and _fits(self.at, float) and _fits(self.task, str | None)
        if not (placed and isinstance(self.kind, str) and self.kind in KINDS):
            return False
        begun = self.kind == "started" and self.task is not None  # which makes it an attempt's
        if not _fits(self.attempt, int if begun else int | None):
            return False
        declared = KINDS[self.kind].detail  # None: nobody reads what is there
        return declared is None or _fits(self.detail, declared)

    @property
    def error(self) -> str | None:
        """What went wrong, in one line; None for a kind in which nothing did."""
        if self.kind not in ("failed", "retrying", "upstream_failed"):
            return None
        return self.detail.get("error") if isinstance(self.detail, dict) else self.detail


def _fits(value: Any, declared: Any) -> bool:
    """Whether a value of JSON is of a type; whole numbers count something. A truth value is no
    number, nor is what cannot be reckoned with. A dictionary may have keys that are not declared: a
    later workbench may write more."""
    if declared is int:
        return type(value) is int and 0 <= value < MOST
    if declared is float:
        return type(value) in (int, float) and -MOST < value < MOST
    if is_typeddict(declared):
        if not (isinstance(value, dict) and declared.__required_keys__ <= value.keys()):
            return False
        return all(_fits(value[key], kind) for key, kind in _fields(declared) if key in value)
    kind, arguments = get_origin(declared), get_args(declared)
    if kind in (list, dict):
        parts = value.values() if isinstance(value, dict) else value
        return isinstance(value, kind) and all(_fits(part, arguments[-1]) for part in parts)
    if arguments:  # of a union
        return any(_fits(value, one) for one in arguments)
    return declared is Any or isinstance(value, declared or NoneType)


@functools.cache
def _fields(declared: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(get_type_hints(declared).items())
