"""What was said and what was shown, together."""

from collections.abc import Mapping

from workbench.exercises.explanation import verdict
from workbench.exercises.problem_1.show import Shown
from workbench.exercises.verdict import FAILED, NEEDS_REVIEW, NOT_REACHED, PASSED, Verdict, sentence
from workbench.prose.propositions import FOREIGN, Finding

SOUND = "sound"  # the criterion that is decided by what is wrong anywhere
NODES_EDGES = "nodes_edges"
ALL_THAT_IS_ASKED = 5  # things on a drawn graph; who shows them has read tasks and needs off it


def combined(
    said: Mapping[str, Finding], shown: Mapping[str, Shown], thoughts: Mapping[str, str]
) -> dict[str, Verdict]:
    """A verdict on each criterion that was said or shown, and how it was earned.

    What is shown wrong fails and what is shown right passes, unless the words accuse the writer:
    that is for a person, and `sound`, which the same words would fail, is left to that person, too.
    When all is shown right, what the judge did not understand of the rest passes with a remark.
    """
    verdicts = {criterion: verdict(finding) for criterion, finding in said.items()}
    for criterion, showing in shown.items():
        verdicts[criterion] = _both(said.get(criterion), showing, thoughts[criterion])
    if sum(showing.right is True for showing in shown.values()) == ALL_THAT_IS_ASKED:
        verdicts |= {
            name: Verdict(PASSED, f"You have shown all five rightly. Still: {said[name].feedback}")
            for name in (NODES_EDGES, SOUND)
            if name in said and _is_unclear(said[name])
        }
    accused = {name for name, finding in said.items() if _accuses(finding)} - {SOUND}
    doubted = {name for name in accused if verdicts[name].outcome == NEEDS_REVIEW}
    quotes = {said[name].quote for name in doubted}
    if doubted and accused == doubted and said[SOUND].quote in quotes:
        feedback = f"{said[SOUND].feedback} It was shown rightly: a person has to decide."
        verdicts[SOUND] = Verdict(NEEDS_REVIEW, feedback)
    return verdicts


def _both(said: Finding | None, shown: Shown, thought: str) -> Verdict:
    """The verdict on one criterion of which something was to be shown."""
    if shown.right is None:
        outcome, feedback = (said.outcome, f"{said.feedback} ") if said else (NOT_REACHED, "")
        return Verdict(outcome, f"{feedback}{shown.words}")
    passed = said and said.outcome == PASSED
    if not shown.right:
        words = f"{said.feedback} But {shown.words}" if passed else sentence(shown.words)
        return Verdict(FAILED, f"{words} {thought}")
    if passed:
        return Verdict(PASSED, f"{said.feedback} You have shown it, too: {shown.words}")
    if said and _accuses(said):
        person = f"Yet you have shown it: {shown.words} A person has to decide."
        return Verdict(NEEDS_REVIEW, f"{said.feedback} {person}")
    return Verdict(PASSED, f"You have shown it: {shown.words}")


def _accuses(finding: Finding) -> bool:
    """Whether a sentence was understood to say the opposite; nothing found has no quote."""
    return finding.outcome == FAILED and bool(finding.quote)


def _is_unclear(finding: Finding) -> bool:
    """Whether English words were not understood, or might be wrong beside others that are right."""
    review = finding.outcome == NEEDS_REVIEW and finding.feedback != FOREIGN
    return review and not finding.against
