"""Judging answers by what they do: `check` a submission, get a report."""

import contextlib
import logging
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from pathlib import Path

from workbench.exercises.answers import Answer, read_submission
from workbench.exercises.registry import Exercise, exercises, find
from workbench.exercises.report import LONGEST_FEEDBACK, Report, assemble, not_attempted, unusable
from workbench.graph import PipelineError
from workbench.sandbox.client import Keeper, WorkerError, layers_here
from workbench.sandbox.job import Job, Limits
from workbench.sandbox.message import printable

LOG = logging.getLogger(__name__)


def check(
    name: str,
    file: Path,
    seed: int | None = None,
    keeper: Keeper | None = None,
    limits: Limits | None = None,
    words: bool = True,
) -> Report:
    """Judge the submission in a file.

    What is wrong with the file, and a fault of the judge's own, is in the report, never raised.
    """
    seed = drawn(seed)

    def judged() -> Report:
        return judge(name, read(name, Path(file)), seed, keeper, limits, words)

    return reported(name, seed, judged)


def reported(name: str, seed: int, judging: Callable[[], Report]) -> Report:
    """The report that judging gives; whatever goes wrong in it is a report that says so."""
    try:
        return judging()
    except (PipelineError, WorkerError) as error:
        reason = str(error)
    except Exception as error:  # a fault of ours, which is not held against the answer
        LOG.debug("judging %s", name, exc_info=True)
        reason = f"it could not be judged ({type(error).__name__}: {error})"
    return replace(unusable(name, reason, exercises().get(name)), seed=seed)


def drawn(seed: int | None) -> int:
    """The seed, or a random one."""
    return random.SystemRandom().randrange(1 << 32) if seed is None else seed


def read(name: str, file: Path, links: bool = True) -> Answer:
    """Read a submission; raise PipelineError, which says what to mend, when it is none.

    links: whether the file may be one, as that of a class may not.
    """
    exercise = find(name)
    return read_submission(exercise.name, exercise.cells, file, links, starter(exercise))


def judge(
    name: str,
    answer: Answer,
    seed: int | None = None,
    keeper: Keeper | None = None,
    limits: Limits | None = None,
    words: bool = True,
) -> Report:
    """Judge an answer that has been read.

    Inputs are drawn from the seed, which is random unless it is given; a keeper that is warm saves
    its start; limits, where they are not to be the exercise's own; without words, code need
    not be explained.
    """
    began, exercise, seed = time.perf_counter(), find(name), drawn(seed)
    untouched = starter(exercise)
    if not answer.unread and (answer.empty or answer.same_as(untouched)):
        return replace(not_attempted(exercise), seed=seed)
    with _running(exercise, answer, keeper) as running:
        with _job(exercise, answer, running, limits or exercise.limits) as job:
            verdicts = exercise.judge(answer, seed, job)
        layers = running.layers if running else layers_here()
    stopped = job.stopped if job else None
    took = time.perf_counter() - began
    left = [part for part in exercise.optional if _is_untouched(part, answer, untouched)]
    invitation = " ".join(exercise.optional[part] for part in left)
    missing = [part for part in exercise.parts if answer.part(part) is None]
    unasked = exercise.parts[1:] if not words else ()
    report = assemble(
        exercise,
        verdicts,
        stopped=stopped,
        missing=missing,
        unread=[part for part in missing if part in answer.unread],
        unasked=unasked,
        duration_s=took,
    )
    farewell = f"{invitation} {report.farewell}".lstrip()
    notes = [*answer.notes, getattr(verdicts, "remark", "")]
    note = printable(" ".join(filter(None, notes))[:LONGEST_FEEDBACK])
    return replace(report, farewell=farewell, note=note, seed=seed, confinement=layers)


def warm(name: str) -> Keeper:
    """A process that has imported what answers to this exercise need; a context manager."""
    return find(name).warm()


def starter(exercise: Exercise) -> Answer | None:
    """What the exercise begins with, None where there is no notebook that says it."""
    if not exercise.starter.exists():
        return None
    file = exercise.starter
    return _beginning(exercise.name, exercise.cells, file, file.stat().st_mtime_ns)


@cache
def _beginning(name: str, cells: tuple[str, ...], file: Path, changed: int) -> Answer:
    return read_submission(name, cells, file)


def _is_untouched(part: str, answer: Answer, untouched: Answer | None) -> bool:
    """Whether this part is not there or still what the exercise begins with."""
    beginning = untouched.part(part) if untouched else None
    return (answer.part(part) or "").split() in ([], (beginning or "").split())


def _running(
    exercise: Exercise, answer: Answer, keeper: Keeper | None
) -> AbstractContextManager[Keeper | None]:
    """The keeper, or a fresh one; None where there is nothing to run."""
    if answer.code is None or exercise.probe is None:
        return contextlib.nullcontext()
    return contextlib.nullcontext(keeper) if keeper else exercise.warm()


def _job(
    exercise: Exercise, answer: Answer, running: Keeper | None, limits: Limits
) -> AbstractContextManager[Job | None]:
    """A job for the answer's code; None where there is none to run."""
    if running is None:
        return contextlib.nullcontext()
    return running.job(exercise.probe, answer.code, limits)
