"""What a judge decides: a verdict for each criterion, in words that a learner can act on."""

import builtins
import errno
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PASSED, FAILED = "passed", "failed"
NEEDS_REVIEW, NOT_REACHED = "needs_review", "not_reached"
UNTRIED = "It could not be tried."


@dataclass(frozen=True)
class Verdict:
    """One criterion, decided.

    feedback: what was called, what came, what was expected, and one next thought; stops: whether
    it says itself where the answer was stopped.
    """

    outcome: str
    feedback: str = ""
    stops: bool = False


class Stopped(Exception):
    """The sandbox ended the answer; the job knows why."""


class Verdicts(dict[str, Verdict]):
    """The verdicts on one answer so far; `thoughts` holds the next thought for each criterion.

    remark: what a report says besides.
    """

    remark = ""

    def __init__(self, thoughts: Mapping[str, str]):
        super().__init__()
        self._thoughts = thoughts

    def decide(self, criterion: str, wrong: str, thought: str = "") -> None:
        """Failed for what is wrong, with this thought or the one that goes with the criterion;
        passed for nothing. What ends in a question has a thought of its own."""
        thought = thought or self._thoughts[criterion]
        feedback = wrong if wrong.endswith("?") else f"{wrong} {thought}"
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


LOOKING = (
    "The workbench is not there while an answer is judged: put `draw`, `run` and what else shows "
    "your work into a cell of its own."
)
REFUSED = (
    "Where answers are judged the kernel does not grant that, as memory that no process need hold, "
    "however well it goes elsewhere: would a file do?"
)
# Each line is gone through once, from its begin: the answer may have worded it.
OF_THE_WORKBENCH = re.compile(
    r"(?m)^(?>.*?(?:No module named|cannot import|Permission denied)).*?\bworkbench[./' ]"
)
SHOWING = {"draw", "hint", "progress", "solution", "start", "step"}  # of the workbench's names
ALONE = "; the answer cell is judged alone: put what it imports or uses from other cells into it"

GIVEN = (
    "; it is a text that was given: whoever lets Python run it (eval) runs whatever others write"
)


def raised(error: Mapping, source: str | None = None) -> str:
    """An error as the sandbox observed it: `ValueError: too short in line 3`.

    source: the answer's, by which a name of its own is told from one that it was given.
    """
    unknown = re.match(r"name '(\w+)'", str(error.get("text")))
    own = not (source and unknown) or re.search(rf"\b{unknown[1]}\b", source)
    hint = ALONE if own else GIVEN
    if error.get("type") != "NameError":
        hint = ""
    text, line = str(error.get("text")), in_line(error.get("line"))
    if text.endswith(f", {line.removeprefix(' in ')})"):  # a SyntaxError says it itself
        line = ""
    said = f": {text}" if text else ""
    return f"{error.get('type')}{said}{line}{hint}"


def from_elsewhere(text: str) -> str:
    """What to do about a NameError in the text, whose name another cell may define, or about what
    only a notebook has, or the judge refuses; or nothing."""
    if f"[Errno {errno.ENOSYS}]" in text:
        return REFUSED
    if OF_THE_WORKBENCH.search(text):
        return LOOKING
    unknown = re.search(r"NameError: name '(\w+)' is not defined", text)
    if not unknown or hasattr(builtins, unknown[1]):
        return ""
    if unknown[1] in SHOWING:
        return LOOKING
    if ALONE in text:  # it has been said
        return f"Which line of the answer cell imports or defines {unknown[1]}?"
    return f"The answer cell is judged alone: put the import or definition of {unknown[1]} into it."


def in_line(number: object) -> str:
    return f" in line {number}" if number else ""
