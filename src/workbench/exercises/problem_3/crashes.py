"""The calls by which it is seen what a crash leaves, and what else is seen by them."""

from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from workbench.exercises.problem_3 import calls
from workbench.exercises.problem_3.calls import FOLDER, Call
from workbench.exercises.problem_3.tables import Table


@dataclass(frozen=True)
class Crashes:
    """Calls of one process, whose writes are watched: to an output that is not there, over an older
    one, with failures, over what another process has made, on many rows, and without a folder.

    failures: what goes wrong, and the call in which it does; made: what the other process has made
    by the call `again`; remains, torn: what a call like the first of these that was killed has
    left, and what is wrong with its output; kept: what outputs hold already.
    """

    fresh: Call
    call: Call
    failures: list[tuple[str, Call]]
    again: Call
    made: bytes
    many: list[Call]
    lost: Call
    remains: list[str]
    torn: str
    kept: dict[str, bytes]

    @cached_property
    def failing(self) -> list[Call]:
        return [call for _, call in self.failures]

    @property
    def tried(self) -> dict[str, list[Call]]:
        """The calls by the criterion that they try, in their order."""
        first = [self.fresh, self.call, *self.failing]
        return {
            "crash_safe": first,
            "idempotent": [self.again],
            "doubles": [*self.many, self.lost],
        }

    @property
    def previous(self) -> bytes:
        """What the output of `call` holds already."""
        return self.kept[self.call.target]

    def older(self, call: Call) -> bytes:
        """What the output of a call that fails holds in the beginning, or right before it."""
        return self.kept[call.target] if call.over is None else call.over

    @property
    def watched(self) -> list[str]:
        names = self.call.target, self.fresh.target, self.call.source, self.lost.target
        return [f"{FOLDER}/{name}" for name in names]

    @property
    def apart(self) -> list[str]:
        """Folders that are file systems of their own."""
        return [FOLDER, f"{FOLDER}/{calls.folders(self.call)[1]}"]


def planned(
    crash: Call,
    length: int,
    rows: Table,
    without: tuple[Call, ...],
    left: tuple[Call, list[str], str],
    own: tuple[Call, bytes],
    draw: Random,
) -> Crashes:
    """Calls with the files of `crash`.

    length: bytes of a complete output of it; rows: as many as any table has; without: calls whose
    output is not there, of the last its folder, too; left: a call like the first of these that was
    killed, what it has left, and what is wrong with its output; own: a call and what another
    process has made of it.
    """
    (fresh, *many, lost), (killed, *rest) = without, left
    failures = calls.with_a_failure(crash, length, draw, killed, rest[0])
    call = calls.over_an_older(crash, rows, draw)
    again, made = replace(own[0], may_fail=True), own[1]
    kept = calls.before_a_crash(call, [one for _, one in failures]) | {again.target: made}
    return Crashes(fresh, call, failures, again, made, many, lost, *rest, kept)
