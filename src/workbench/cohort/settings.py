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
from workbench.sandbox.message import in_a_line

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
Share = Annotated[float, Field(gt=0, le=1, strict=True)]
Weight = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, strict=True)]
Moment = Annotated[datetime, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
ALLOWED = {
    "seed": "a whole number, from 0, of at most 100 digits",
    "problems": 'a list of names, as ["problem_1", "problem_3"]',
    "due": "a moment as 2026-12-01T23:59:00, or a day; one that this machine's clock has",
    "attempt": '"last", "first", "in time" or "best"',
    "words": "true or false",
    "passing": '"criteria", or a share of the points: a number above 0, up to 1',
    "stretch": "true or false",
    "weights": "under [weights], for each problem, a number from 0 to 1000000",
}
SHOWN = 40  # characters of a value that is to be mended


def moment(due: object) -> object:
    """A day alone as its last second, and everything else as it is; raise ValueError for a time at
    an end of the calendar, which is no time on every clock."""
    if isinstance(due, str):
        due = (date if len(due) == len("2026-12-01") else datetime).fromisoformat(due)
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

    seed: Annotated[int, Field(ge=0, lt=10**100, strict=True)]
    problems: tuple[str, ...] = ()
    due: Annotated[Moment | None, BeforeValidator(moment)] = None
    attempt: Literal["last", "first", "in time", "best"] = "last"
    words: Flag = True
    passing: Literal["criteria"] | Share = "criteria"
    stretch: Flag = False
    weights: dict[str, Weight] = {}


def read(root: Path) -> Settings | None:
    """The settings of the class, None where none are written yet.

    Raise PipelineError, which names the line to mend.
    """
    try:
        text = (root / FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise PipelineError(f"{root / FILE}: {error}") from None
    return _settings(text, root / FILE)


def _settings(text: str, path: Path) -> Settings:
    try:
        document = tomllib.loads(text)
        settings = Settings(**document)
    except ValidationError as error:
        way = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        raise PipelineError(f"{path}: {_wrong(document, way)}") from None
    except tomllib.TOMLDecodeError as error:
        raise PipelineError(f"{path}: {error}") from None
    except (ValueError, RecursionError):
        raise PipelineError(f"{path}: a value in it is too long, or too deep, to be read") from None
    for problem in (*settings.problems, *settings.weights):
        try:
            find(problem)
        except PipelineError as error:
            raise PipelineError(f"{path}: {error}") from None
    return settings


def _wrong(document: dict, way: tuple[int | str, ...]) -> str:
    """What stands at a place in the settings, and what may stand there."""
    key = str(way[0])
    if key not in document:
        return f"{key} is missing: {ALLOWED[key]}"
    value, where = document[key], in_a_line(key)
    if key == "weights" and isinstance(value, dict) and len(way) > 1:
        value, where = value[way[1]], f"{key}.{in_a_line(str(way[1]))}"
    may_be = ALLOWED.get(key) or f"there is no such setting; there are {', '.join(ALLOWED)}"
    return f"{where} = {_shown(value)}: {may_be}"


def _shown(value: object) -> str:
    """A value as it is written, or its beginning."""
    if isinstance(value, dict):
        return "a table"
    try:
        text = in_a_line(tomlkit.item(value).as_string())
    except (ValueError, RecursionError):  # a number of thousands of digits, or lists in lists
        text = "…"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


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
        older = path.read_text(encoding="utf-8-sig")
        document = tomlkit.parse(older)
        document.update({k: v for k, v in (("seed", seed), ("due", due)) if v is not None})
        text = tomlkit.dumps(document)
        settings = _settings(text, path)  # what cannot be read back is not written
        if text != older:
            files.write(path, text)
        return settings
