"""What is seen of the files after each call of a step, while the whole job is held still."""

from collections.abc import Sequence

from workbench.exercises.problem_3.calls import Call
from workbench.exercises.problem_3.files import Files

CRASH = "crash_safe"  # the criterion that a call is killed for
MOST_NAMES = 5  # that are told of what was left


class Looks:
    """Looks at the files of these calls, one after each, as soon as the first may begin.

    tried: the calls by the criterion that they try. planned, stages: the calls, and of each its
    criterion. killed: a call after them, which is to be; remains: what such a one has left, for the
    first call to find, and for another with its files.
    returned: whether each call that came to an end returned; outputs: what each had made by then.
    spoilt, litter, meddled: the first input that was changed, the first files that were left beside
    an output, and the first output that a later call changed, each in a sentence.
    """

    def __init__(
        self,
        files: Files,
        tried: dict[str, list[Call]],
        killed: Call | None = None,
        remains: Sequence[str] = (),
    ):
        self.planned = [call for planned in tried.values() for call in planned]
        self.stages = [stage for stage, planned in tried.items() for _ in planned]
        self._files, self._begun = files, False
        self._killed, self._remains = [killed] if killed else [], remains
        self._before: dict[str, bytes] = {}
        self._torn: dict[str, bytes] = {}  # what the remains hold
        self._left: set[str] = set()
        self.returned: list[bool] = []
        self.outputs: list[bytes | None] = []
        self.spoilt = self.litter = self.meddled = ""

    def lay_out(self, before: dict[str, bytes]) -> None:
        self._before = before
        self._files.lay_out([*self.planned, *self._killed], before)

    def begin(self, before: dict[str, bytes]) -> None:
        """Put the files there that the first call finds; those of a trial are none of its."""
        if not self._begun:
            self._files.note_brought()
            self._torn = self._files.held(self._remains)
            self.lay_out(before)
            self._files.prepare(self.planned[0])
            self._begun = True

    def look(self, told: dict) -> None:
        """Note what the next of the calls has left, and prepare the one after it."""
        number = len(self.returned)
        if not self._begun or number == len(self.planned):
            return
        call, returned = self.planned[number], told.get("raised") is not True
        self.returned.append(returned)
        self.outputs.append(self._files.read(call.target))
        self.spoilt = self.spoilt or self._spoilt(number)
        if number and self._is_after_a_kill(call):  # the first finds them as they are since then
            self._remove(self._remains)
        self._look_beside(call, returned)
        if number == 0:
            self._remove(self._remains)
        if number + 1 < len(self.planned):
            self._prepare(self.planned[number + 1])
        else:
            self.meddled = self._meddled()

    def ended(self, number: int) -> bool:
        """Whether the call of this number came to an end that is an answer."""
        at_an_end = number < len(self.returned)
        return at_an_end and (self.returned[number] or self.planned[number].may_fail)

    @property
    def told(self) -> list[dict]:
        """What the worker is told of the calls."""
        both = [
            *zip(self.planned, self.stages, strict=True),
            *((one, CRASH) for one in self._killed),
        ]
        return [call.told | {"stage": stage} for call, stage in both]

    @property
    def missing(self) -> tuple[str, Call] | None:
        """The first call that came to no such end, after the criterion that it tries."""
        both = enumerate(zip(self.stages, self.planned, strict=True))
        return next((pair for number, pair in both if not self.ended(number)), None)

    def output(self, number: int) -> bytes | None:
        """What the call of this number had made when it came to its end."""
        return self.outputs[number] if number < len(self.outputs) else None

    @property
    def made(self) -> list[bytes | None]:
        """What each call had made that returned."""
        outputs = zip(self.returned, self.outputs, strict=True)
        made = [output if returned else None for returned, output in outputs]
        return made + [None] * (len(self.planned) - len(made))

    def remains(self) -> list[str]:
        """What lies there, since the look at the last call, that is no litter of an earlier one."""
        return [name for name in self._files.left() if name not in self._left]

    def _spoilt(self, number: int) -> str:
        calls = self.planned[: number + 1]
        for name, call in {call.source: call for call in calls}.items():
            content, after = call.text, self._files.read(name)
            if after != content:
                did = "removed" if after is None else "changed"
                sizes = f"{len(content)} bytes before, {len(after or b'')} after"
                return f"{self.planned[number]} {did} its input: {sizes}."
        return ""

    def _look_beside(self, call: Call, returned: bool) -> None:
        left = self.remains()
        earlier = zip((one.target for one in self.planned), self.outputs[:-1], strict=False)
        before = (self._before | dict(earlier)).get(call.target)
        before = before if call.over is None else call.over
        if call.may_fail and (not returned or self.outputs[-1] == before):
            # No litter of its work, however it tells of the error; others leave theirs anew.
            self._remove(left)
            return
        self._left.update(left)
        shown = [name for name in left if "output" in name] or left
        if shown and not self.litter:
            names = ", ".join(map(repr, shown[:MOST_NAMES]))
            self.litter = f"{call} left {names} beside its output."

    def _is_after_a_kill(self, call: Call) -> bool:
        return call.names == self.planned[0].names

    def _prepare(self, call: Call) -> None:
        self._files.prepare(call)
        for name, content in self._torn.items() if self._is_after_a_kill(call) else ():
            self._files.put(name, content)

    def _remove(self, names: Sequence[str]) -> None:
        for name in names:
            self._files.remove(name)

    def _meddled(self) -> str:
        last = dict(zip((call.target for call in self.planned), self.outputs, strict=True))
        for name, content in last.items():
            if self._files.read(name) != content:
                return f"a later call changed {name!r}, the output of another one."
        return ""
