"""What a judge decides: a verdict for each criterion, in words that a learner can act on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PASSED, FAILED = "passed", "failed"
NEEDS_REVIEW, NOT_REACHED = "needs_review", "not_reached"
UNTRIED = "It could not be tried."


@dataclass(frozen=True)
class Verdict:
    """One criterion, decided.

    feedback: what was called, what came, what was expected, and one next thought.
    """

    outcome: str
    feedback: str = ""


class Stopped(Exception):
    """The sandbox ended the answer; the job knows why."""


class Verdicts(dict[str, Verdict]):
    """The verdicts on one answer so far; `thoughts` holds the next thought for each criterion."""

    def __init__(self, thoughts: Mapping[str, str]):
        super().__init__()
        self._thoughts = thoughts

    def decide(self, criterion: str, wrong: str) -> None:
        """Failed, with the thought that goes with it, for what is wrong; passed for nothing."""
        feedback = f"{wrong} {self._thoughts[criterion]}"
        self[criterion] = Verdict(FAILED, feedback) if wrong else Verdict(PASSED)

    def fail(self, criteria: Iterable[str], feedback: str = UNTRIED) -> None:
        """Failed, each of those that are not decided yet."""
        for criterion in criteria:
            self.setdefault(criterion, Verdict(FAILED, feedback))


def sentence(text: str) -> str:
    """The text with a capital at its beginning; a name stays as it is written."""
    if "_" in text.split("(", maxsplit=1)[0].split(" ", maxsplit=1)[0]:
        return text
    return f"{text[:1].upper()}{text[1:]}"


def raised(error: Mapping) -> str:
    """An error as the sandbox observed it: `ValueError: too short in line 3`."""
    return f"{error.get('type')}: {error.get('text')}{in_line(error.get('line'))}"


def in_line(number: object) -> str:
    return f" in line {number}" if number else ""
