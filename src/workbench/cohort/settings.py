"""What a class is graded by: `class.toml`, a file for a person to edit."""

import random
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

import tomlkit
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from workbench.cohort import files
from workbench.exercises.registry import find
from workbench.graph import PipelineError

FILE = "class.toml"
MOST = 1 << 62  # so many that nobody tries each until one gives the seed that a report tells
BEGINNING = """\
# What this class is graded by. Each line may be changed; `workbench grade` takes it from here.
seed = {seed}  # drawn once; every learner's inputs are drawn from it and from their id

# problems = ["problem_1", "problem_3"]  # asked; without this line, those that anybody handed in
# due = 2026-12-01T23:59:00  # later is marked late; +01:00 says which clock, a day alone its end
attempt = "last"  # which one counts: "last", "first", "in time" (the last before due) or "best"
words = true  # whether code has to be explained
passing = "criteria"  # as each exercise says, or a share of the points: 0.6
stretch = false  # whether points for a stretch make up for others, up to the full score

[weights]  # of a problem in the total, 1 where it is not named
# problem_4 = 2
"""
Share = Annotated[float, Field(gt=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


def moment(due: object) -> object:
    """A day alone as its last second, and everything else as it is; raise ValueError for a time at
    an end of the calendar, which is no time on every clock."""
    if isinstance(due, date) and not isinstance(due, datetime):
        due = datetime.combine(due, time(23, 59, 59))
    if isinstance(due, datetime):
        try:
            due.astimezone()
        except (ValueError, OverflowError, OSError):
            raise ValueError("there is no such time on this machine's clock") from None
    return due


class Settings(BaseModel):
    """The settings of a class, each with what holds where it is not named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: Annotated[int, Field(ge=0)]
    problems: tuple[str, ...] = ()
    due: Annotated[datetime | None, BeforeValidator(moment)] = None
    attempt: Literal["last", "first", "in time", "best"] = "last"
    words: bool = True
    passing: Literal["criteria"] | Share = "criteria"
    stretch: bool = False
    weights: dict[str, Weight] = {}


def read(root: Path) -> Settings | None:
    """The settings of the class, None where none are written yet.

    Raise PipelineError, which names the line to mend.
    """
    try:
        text = (root / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise PipelineError(f"{root / FILE}: {error}") from None
    return _settings(text, root / FILE)


def _settings(text: str, path: Path) -> Settings:
    try:
        settings = Settings(**tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][:2]))
        raise PipelineError(f"{path}: {where}: {first['msg']}") from None
    except ValueError as error:
        raise PipelineError(f"{path}: {error}") from None
    for problem in (*settings.problems, *settings.weights):
        find(problem)
    return settings


def settled(root: Path, seed: int | None = None, due: datetime | None = None) -> Settings:
    """The settings, written first where there are none; a seed or time that is given replaces the
    one there."""
    with files.telling():
        root.mkdir(parents=True, exist_ok=True)
    with files.turn(root):
        path = root / FILE
        if read(root) is None:
            drawn = random.SystemRandom().randrange(MOST) if seed is None else seed
            files.write(path, BEGINNING.format(seed=drawn))
        older = path.read_text(encoding="utf-8")
        document = tomlkit.parse(older)
        document.update({k: v for k, v in (("seed", seed), ("due", due)) if v is not None})
        text = tomlkit.dumps(document)
        settings = _settings(text, path)  # what cannot be read back is not written
        if text != older:
            files.write(path, text)
        return settings
