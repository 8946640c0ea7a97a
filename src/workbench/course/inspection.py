"""Proof that an exercise is whole: what learners rely on is tried, not only looked at.

A near miss of a criterion is a labelled answer of which it is the first thing that fails: criteria
stand in an order in which the later ones may need the earlier.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.exercises import check
from workbench.exercises.answers import SUFFIXES
from workbench.exercises.registry import Criterion, Exercise
from workbench.exercises.report import NOT_ATTEMPTED, Report
from workbench.exercises.verdict import FAILED, PASSED
from workbench.graph import PipelineError
from workbench.sandbox.client import Keeper

HINTS = 3
TRIES = 3  # labelled answers that are judged for one criterion
SEED = 1


@dataclass(frozen=True)
class Inspection:
    """What is wrong with an exercise, and what could not be looked at in this installation."""

    exercise: Exercise
    faults: tuple[str, ...]
    unchecked: tuple[str, ...]

    def __str__(self) -> str:
        icon = "✗" if self.faults else "✓"
        criteria = f"{len(self.exercise.criteria)} criteria"
        unchecked = [f"not checked: {text}" for text in self.unchecked]
        details = "; ".join([criteria, *self.faults, *unchecked])
        return f"{icon} {self.exercise.name}: {self.exercise.title} ({details})"


def inspect(exercise: Exercise) -> Inspection:
    """Judge the starter, the solution and near misses, and read what the exercise says."""
    faults, unchecked = list(_slips(exercise)), []
    labels = _labels(exercise)
    if not exercise.solution.exists():
        unchecked.append("starter and solution, which are no part of this installation")
    elif not exercise.starter.exists():
        faults.append("its notebook is not derived yet, run: workbench exercises")
    if not labels:
        unchecked.append("near misses, which are no part of this installation")
    try:
        with exercise.warm() if exercise.probe else contextlib.nullcontext() as keeper:
            if exercise.starter.exists():
                faults += _beginning_and_end(exercise, keeper)
            if labels:
                faults += _without_near_miss(exercise, labels, keeper)
    except (PipelineError, RuntimeError) as error:  # RuntimeError: its worker does not start
        faults.append(str(error))
    return Inspection(exercise, tuple(faults), tuple(unchecked))


def _slips(exercise: Exercise) -> Iterator[str]:
    """What exercise.toml says that cannot be meant."""
    if len(exercise.hints) != HINTS:
        yield f"{len(exercise.hints)} hints instead of {HINTS}"
    judged = {criterion.id for criterion in exercise.criteria}
    required = set(exercise.every).union(*(group for _, group in exercise.at_least))
    if unknown := required - judged:
        yield f"its rule for passing names {', '.join(sorted(unknown))}, which it does not judge"
    for part in {criterion.part for criterion in exercise.criteria} ^ set(exercise.parts):
        yield f"the part {part} is not both asked and judged"
    if exercise.preload and not exercise.probe:
        yield "it preloads modules and has no probe"


def _beginning_and_end(exercise: Exercise, keeper: Keeper | None) -> Iterator[str]:
    starter = check.judge(exercise.name, check.starter(exercise), SEED, keeper)
    if starter.outcome != NOT_ATTEMPTED:
        yield f"the starter is {starter.outcome} instead of not attempted"
    solution = check.check(exercise.name, exercise.solution, SEED, keeper)
    failing = [mark.id for mark in solution.criteria if mark.outcome != PASSED]
    if failing or solution.outcome != PASSED:
        yield f"the solution does not pass {', '.join(failing)} {solution.note}".rstrip()


def _labels(exercise: Exercise) -> dict[Path, dict]:
    """The label of each labelled answer: `criteria`, whether it meets each; perhaps `stopped`."""
    file = exercise.labelled / "labels.json"
    if not file.exists():
        return {}
    labels = json.loads(file.read_text(encoding="utf-8"))
    return {
        path: labels[path.stem]
        for path in sorted(exercise.labelled.iterdir())
        if path.stem in labels and path.suffix in SUFFIXES
    }


def _without_near_miss(
    exercise: Exercise, labels: dict[Path, dict], keeper: Keeper | None
) -> Iterator[str]:
    """The criteria that no labelled answer misses, or that no judge sees it miss."""

    def nearness(path: Path) -> tuple[bool, int]:
        """An answer that is stopped takes all its time, so it comes last."""
        return "stopped" in labels[path], list(labels[path]["criteria"].values()).count(False)

    for criterion in exercise.criteria:
        missing = [
            path
            for path, label in labels.items()
            if _is_first(exercise, label["criteria"], criterion)
        ]
        nearest = sorted(missing, key=nearness)[:TRIES]
        reports = (check.check(exercise.name, path, SEED, keeper) for path in nearest)
        if not any(_is_first(exercise, _outcomes(report), criterion) for report in reports):
            yield f"no near miss fails by {criterion.id}"


def _outcomes(report: Report) -> dict[str, bool]:
    return {mark.id: mark.outcome != FAILED for mark in report.criteria}


def _is_first(exercise: Exercise, met: dict[str, bool], criterion: Criterion) -> bool:
    """Whether this is the first criterion that is not met; a stretch only if it is alone."""
    failed = [other for other in exercise.criteria if not met.get(other.id, True)]
    required = [other for other in failed if not other.stretch]
    return (required or failed)[:1] == [criterion]
