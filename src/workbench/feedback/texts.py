"""What a learner wrote, read again from what was handed in."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from workbench.cohort import fingerprint
from workbench.cohort.handins import HandIn
from workbench.cohort.standings import Standing
from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.graph import PipelineError
from workbench.sandbox.message import printable
from workbench.sandbox.regular import opened_itself

LONGEST = 20_000  # characters of what is shown: more, made harmless, parts a spreadsheet's cell


class Texts:
    """The answers of a class, each read when it is asked for."""

    def __init__(self, hand_ins: Iterable[HandIn]) -> None:
        self._hand_ins = hand_ins

    @cached_property
    def _by_attempt(self) -> Mapping[tuple[str, str, str], HandIn]:
        return {
            (hand_in.learner, hand_in.problem, hand_in.attempt): hand_in
            for hand_in in self._hand_ins
        }

    def answer(self, standing: Standing) -> Answer | None:
        """The answer that was judged; None where it is not there any more, or cannot be read."""
        hand_in = self._hand_in(standing)
        if hand_in is None or hand_in.refused:
            return None
        try:
            answer = check.read(standing.problem, hand_in.file, links=False)
        except PipelineError:
            return None
        return None if answer.different else answer

    def raw(self, standing: Standing) -> str:
        """The beginning of what was handed in, whatever it is, by name where that is several files;
        "" for what is no file."""
        hand_in = self._hand_in(standing)
        files = hand_in.files if hand_in else ()
        shown = {file.name: _begun(file) for file in files}
        if len(shown) < 2:
            return "".join(shown.values())
        most = LONGEST // len(shown)
        return "\n\n".join(f"{printable(name)}:\n{text[:most]}" for name, text in shown.items())

    def path(self, standing: Standing) -> str:
        """Where it lies, nothing where it is not there any more."""
        hand_in = self._hand_in(standing)
        return printable(str(hand_in.file)) if hand_in else ""

    def _hand_in(self, standing: Standing) -> HandIn | None:
        whose = standing.learner, standing.problem, standing.attempt
        hand_in, result = self._by_attempt.get(whose), standing.result
        if hand_in is None or result is None:
            return None
        return hand_in if fingerprint.of_answer(hand_in) == result.key.answer else None


def _begun(path: Path) -> str:
    file = opened_itself(path)
    if file is None:
        return ""
    with file:
        return printable(file.read(LONGEST).decode(errors="replace"))[:LONGEST]
