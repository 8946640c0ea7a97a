"""The exercises there are: folders of this package that hold an exercise.toml.

NAME/exercise.toml   what is asked and what is said: see `Exercise` and `Criterion`
NAME/judge.py        judge(exercise, answer, seed, job) -> {criterion: Verdict}
NAME/probe.py        where code is run: observe(source, given, channel), see `sandbox.client`
NAME/exercise.ipynb  what a learner begins with, derived from the solution
NAME/solution.ipynb  and answers/ with their labels.json, where the exercise is not one of the
                     project's own
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from workbench import exercises as package
from workbench import extras, workspace
from workbench.exercises.answers import Answer
from workbench.exercises.verdict import Verdict
from workbench.graph import PipelineError
from workbench.sandbox.client import Keeper
from workbench.sandbox.job import Job, Limits

PROJECT = Path(__file__).resolve().parents[3]
PAGE = "see docs/add-an-exercise.md"


@dataclass(frozen=True)
class Criterion:
    """One thing that is judged.

    thought: what goes with it as long as it is not met; stretch: counts above the full score;
    part: of the answer, the first one unless another is named; subjects: what prose has to
    speak of, all of them, where that is what decides.
    """

    id: str
    title: str
    part: str
    thought: str = ""
    points: float = 1.0
    stretch: bool = False
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """What exercise.toml says, and the modules beside it.

    parts: "code", "prose" or both, the first one being the cell `%%answer NAME`; every: criteria
    without which it is not passed, unless said otherwise all that are no stretch; at_least: pairs
    of a number and the criteria of which so many are needed; optional: parts that may be added to
    those, each with what invites to it; preload: modules that answers import; per_core: how many
    answers to judge at once on each core, more than one where they mostly wait; needs: extras
    of this project that answers are run with.
    """

    name: str
    folder: Path
    title: str
    parts: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    every: tuple[str, ...]
    at_least: tuple[tuple[int, tuple[str, ...]], ...]
    hints: tuple[str, ...]
    another_way: str
    limits: Limits
    preload: tuple[str, ...]
    optional: Mapping[str, str]
    per_core: int = 1
    needs: tuple[str, ...] = ()
    graded: bool = True

    @property
    def cells(self) -> tuple[str, ...]:
        """Every part that an answer may have."""
        return (*self.parts, *self.optional)

    @property
    def brings_solution(self) -> bool:
        """Whether its solution lies in its own folder, not in the project's."""
        return (self.folder / "solution.ipynb").exists()

    @property
    def solution(self) -> Path:
        """The notebook that the exercise is derived from."""
        if self.brings_solution:
            return self.folder / "solution.ipynb"
        return PROJECT / "solutions" / f"{self.name}.ipynb"

    @property
    def starter(self) -> Path:
        """What a learner begins with, derived from the solution; not the copy they write in."""
        return self.folder / "exercise.ipynb"

    @property
    def labelled(self) -> Path:
        """The folder of answers with labels."""
        own = self.folder / "answers"
        return own if own.exists() else PROJECT / "tests" / "answers" / self.name

    @property
    def probe(self) -> str | None:
        """The module that observes code; None for an exercise that runs none."""
        return self._module("probe") if (self.folder / "probe.py").exists() else None

    @property
    def thoughts(self) -> Mapping[str, str]:
        return {criterion.id: criterion.thought for criterion in self.criteria}

    def of_part(self, part: str) -> tuple[str, ...]:
        """The criteria that are judged by this part of an answer."""
        return tuple(criterion.id for criterion in self.criteria if criterion.part == part)

    def warm(self) -> Keeper:
        """A process that has imported what answers need; a context manager, for many answers.

        Answers see no exercise, no solution and no test. Raise PipelineError where what they need
        is not installed.
        """
        extras.require(self.needs, self.name)
        project = (PROJECT / name for name in ("solutions", "tests", ".workbench"))
        return Keeper(
            preload=(*self.preload, *filter(None, [self.probe])),
            hidden=tuple(map(str, (*package.__path__, *project))),
            environ={
                package.ELSEWHERE: os.pathsep.join(list(package.__path__)[1:]),
                # It stands in no project: it could not tell where databases to copy are kept.
                "WORKBENCH_TEMPLATES": str(workspace.templates()),
            },
        )

    def judge(self, answer: Answer, seed: int, job: Job | None) -> Mapping[str, Verdict]:
        """Decide by what the answer asserts and, where it has code, by what that does in the job.

        A criterion without a verdict was not reached.
        """
        return import_module(self._module("judge")).judge(self, answer, seed, job)

    def _module(self, name: str) -> str:
        return f"{package.__name__}.{self.name}.{name}"


def exercises() -> Mapping[str, Exercise]:
    """Every exercise by its name, sorted, practice last; raise PipelineError for one that cannot
    be read."""
    return _read_all(tuple(package.__path__))


def graded() -> Mapping[str, Exercise]:
    """Those that a class is asked for, by name; the others are there to practise."""
    return {name: exercise for name, exercise in exercises().items() if exercise.graded}


def find(name: str) -> Exercise:
    """The exercise of this name; raise PipelineError when there is none."""
    if name not in exercises():
        raise PipelineError(f"there is no {name!r} (problems: {', '.join(exercises())})")
    return exercises()[name]


@cache
def _read_all(folders: tuple[str, ...]) -> Mapping[str, Exercise]:
    files = [file for folder in folders for file in Path(folder).glob("*/exercise.toml")]
    files.sort(key=lambda file: file.parent.name)
    for file in files:
        if Path(__file__).with_name(f"{file.parent.name}.py").exists():
            raise PipelineError(f"{file.parent}: the name is taken by a module; rename the folder")
    for first, second in pairwise(files):
        if first.parent.name == second.parent.name:
            raise PipelineError(f"{first} and {second}: one name, two exercises; rename a folder")
    ordered = sorted(map(_read, files), key=lambda exercise: not exercise.graded)  # practice last
    return {exercise.name: exercise for exercise in ordered}


def _read(file: Path) -> Exercise:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        main, *_ = told["parts"]
        criteria = tuple(
            Criterion(id=name, **{"part": main} | _frozen(table))
            for name, table in told.pop("criteria").items()
        )
        passing = told.pop("passing", {})
        required = [criterion.id for criterion in criteria if not criterion.stretch]
        groups = passing.pop("at_least", {}).items()
        return Exercise(
            name=file.parent.name,
            folder=file.parent,
            criteria=criteria,
            every=tuple(passing.pop("all", required)),
            at_least=tuple((int(least), tuple(group)) for least, group in groups),
            limits=Limits(**told.pop("limits", {})),
            **_frozen({"preload": [], "optional": {}} | told | passing),
        )
    except KeyError as error:
        raise PipelineError(f"{file}: {error} is missing; {PAGE}") from None
    except (OSError, ValueError, TypeError, AttributeError) as error:  # the last two: another kind
        raise PipelineError(f"{file}: {error}; {PAGE}") from None


def _frozen(table: Mapping) -> dict:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
