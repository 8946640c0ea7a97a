"""Proof that an exercise is whole: what learners rely on is tried, not only looked at.

A near miss of a criterion is a labelled answer of which it is the first thing that fails: criteria
stand in an order in which the later ones may need the earlier.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.course import derive
from workbench.exercises import check, registry
from workbench.exercises.answers import SUFFIXES
from workbench.exercises.registry import Criterion, Exercise
from workbench.exercises.report import NOT_ATTEMPTED, Report
from workbench.exercises.verdict import FAILED, PASSED
from workbench.graph import PipelineError
from workbench.prose.vocabulary import english
from workbench.sandbox.client import Keeper

ENTRANCES = {"__init__", "judge", "probe"}  # modules that are imported by their names
HINTS = 3
TRIES = 3  # labelled answers that are judged for one criterion
SEED = 1


@dataclass(frozen=True)
class Inspection:
    """What is wrong with an exercise, and what it has that is no part of this installation."""

    exercise: Exercise
    faults: tuple[str, ...]
    absent: tuple[str, ...]

    def __str__(self) -> str:
        icon = "✗" if self.faults else "✓"
        criteria = f"{len(self.exercise.criteria)} criteria"
        absent = [f"not checked: {name}, no part of this installation" for name in self.absent]
        details = "; ".join([criteria, *self.faults, *absent])
        return f"{icon} {self.exercise.name}: {self.exercise.title} ({details})"


def inspect(exercise: Exercise) -> Inspection:
    """Judge the starter, the solution and near misses, and read what the exercise says."""
    faults, absent = list(_slips(exercise)), []
    if not exercise.solution.exists():
        absent.append("solution")
    try:
        if exercise.solution.exists() and not _is_derived(exercise):
            faults.append("its notebook is not as its solution says, run: workbench exercises")
        labels = _labels(exercise)
        answers = _answers(exercise, labels)
        faults += _unread(exercise, labels, answers)
        if not answers:
            absent.append("labelled answer")
        with exercise.warm() if exercise.probe else contextlib.nullcontext() as keeper:
            if exercise.starter.exists() and exercise.solution.exists():
                faults += _beginning_and_end(exercise, keeper)
            if answers:
                faults += _without_near_miss(exercise, answers, keeper)
    except (PipelineError, RuntimeError) as error:  # RuntimeError: its worker does not start
        faults.append(str(error))
    if _is_installed_alone(exercise):
        return Inspection(exercise, tuple(faults), tuple(absent))
    return Inspection(exercise, (*faults, *(f"it has no {name}" for name in absent)), ())


def _is_installed_alone(exercise: Exercise) -> bool:
    """Whether it is one of the project's own, whose solutions and answers were left out here."""
    own = exercise.folder.parent == Path(registry.__file__).parent
    return own and not (registry.PROJECT / "solutions").is_dir()


def _is_derived(exercise: Exercise) -> bool:
    """Whether the notebook that learners begin with follows from the solution as it is now."""
    if not exercise.starter.exists():
        return False
    return exercise.starter.read_text(encoding="utf-8") == derive.text_of(exercise.solution)


def _slips(exercise: Exercise) -> Iterator[str]:
    """What exercise.toml says that cannot be meant."""
    if len(exercise.hints) != HINTS:
        yield f"{len(exercise.hints)} hints instead of {HINTS}"
    judged = {criterion.id for criterion in exercise.criteria}
    required = set(exercise.every).union(*(group for _, group in exercise.at_least))
    if unknown := required - judged:
        yield f"its rule for passing names {_listed(unknown)}, which it does not judge"
    for part in {criterion.part for criterion in exercise.criteria} ^ set(exercise.parts):
        yield f"the part {part} is not both asked and judged"
    if exercise.preload and not exercise.probe:
        yield "it preloads modules and has no probe"
    subjects = {subject for criterion in exercise.criteria for subject in criterion.subjects}
    if unknown := subjects - {proposition.subject for proposition in english().propositions}:
        yield f"the tables of prose have no subject {_listed(unknown)}"


def _unread(
    exercise: Exercise, labels: dict[str, dict], answers: dict[Path, dict]
) -> Iterator[str]:
    """What lies in the folders and is read by nobody."""
    if alone := labels.keys() - {path.stem for path in answers}:
        yield f"there is no answer to the label {_listed(alone)}"
    named = {name for label in labels.values() for name in label["criteria"]}
    if unknown := named - {criterion.id for criterion in exercise.criteria}:
        yield f"labels.json names {_listed(unknown)}, which it does not judge"
    modules = {path.stem: path.read_text("utf-8") for path in exercise.folder.glob("*.py")}
    for module in sorted(modules.keys() - ENTRANCES):
        imports = re.compile(rf"^(?:from|import) .*\b{module}\b", re.M)
        if not any(map(imports.search, modules.values())):
            yield f"{module}.py is imported by no module beside it"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _beginning_and_end(exercise: Exercise, keeper: Keeper | None) -> Iterator[str]:
    starter = check.judge(exercise.name, check.starter(exercise), SEED, keeper)
    if starter.outcome != NOT_ATTEMPTED:
        yield f"the starter is {starter.outcome} instead of not attempted"
    solution = check.check(exercise.name, exercise.solution, SEED, keeper)
    failing = [mark.id for mark in solution.criteria if mark.outcome != PASSED]
    if failing or solution.outcome != PASSED:
        yield f"the solution does not pass {', '.join(failing)} {solution.note}".rstrip()


def _labels(exercise: Exercise) -> dict[str, dict]:
    """The labels by the names of their answers: `criteria`, whether each is met; perhaps `stopped`.

    Raise PipelineError for a file that cannot be read.
    """
    file = exercise.labelled / "labels.json"
    try:
        labels = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return {
            name: label | {"criteria": dict(label["criteria"])} for name, label in labels.items()
        }
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise PipelineError(f"{file}: {error}; see docs/add-an-exercise.md") from None


def _answers(exercise: Exercise, labels: dict[str, dict]) -> dict[Path, dict]:
    """Every answer that has a label, with it."""
    files = sorted(exercise.labelled.iterdir()) if labels else []
    return {
        path: labels[path.stem] for path in files if path.stem in labels and path.suffix in SUFFIXES
    }


def _without_near_miss(
    exercise: Exercise, answers: dict[Path, dict], keeper: Keeper | None
) -> Iterator[str]:
    """The criteria that no labelled answer misses, or that no judge sees it miss."""

    def nearness(path: Path) -> tuple[bool, int]:
        """An answer that is stopped takes all its time, so it comes last."""
        return "stopped" in answers[path], list(answers[path]["criteria"].values()).count(False)

    for criterion in exercise.criteria:
        missing = [
            path
            for path, label in answers.items()
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
