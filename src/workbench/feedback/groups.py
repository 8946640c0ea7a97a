"""Answers that fail in the same way: the same criterion, and the same said of it but for values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.cohort.standings import Standing
from workbench.feedback import marks

# What is drawn for a learner, or quoted of an answer: it differs where the behaviour is the same.
VALUES = re.compile(r"“[^”]*”|`[^`]*`|'[^']*'|\"[^\"]*\"|\b\d[\w.+-]*")
LISTED = re.compile(r"…(?:[^\w…]{0,4}…)+")  # several of them: a list is as long as it is drawn


@dataclass(frozen=True)
class Group:
    """Learners whose answers miss a criterion in the same way, and what was said to the first."""

    problem: str
    criterion: str
    example: str
    learners: tuple[str, ...]


def skeleton(feedback: str) -> str:
    """What is said, without the values in it."""
    return LISTED.sub("…", VALUES.sub("…", feedback))


def groups(standings: Iterable[Standing]) -> list[Group]:
    """The groups of two learners and more, the largest first."""
    several: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for standing in standings:
        for mark in marks.asked(standing):
            if marks.kind_of(mark) == marks.MISSED and mark["feedback"]:
                key = standing.problem, mark["title"], skeleton(mark["feedback"])
                several.setdefault(key, []).append((standing.learner, mark["feedback"]))
    made = [
        Group(problem, title, told[0][1], tuple(learner for learner, _ in told))
        for (problem, title, _), told in several.items()
        if len(told) > 1
    ]
    return sorted(made, key=lambda group: (-len(group.learners), group.problem, group.criterion))
