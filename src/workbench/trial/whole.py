"""Each task of a pipeline, DAG or flow proved, with the inputs that it had in a run.

An engine takes part by ``alone(task, inputs)``, called after the task has succeeded: what that
gives is sent to a process of its own, called there once, and gives the call that is tried.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import journal, workspace
from workbench.engines.protocol import Engine
from workbench.engines.registry import engine_for, spec_of
from workbench.events import DONE
from workbench.execution import Run
from workbench.graph import STAND_IN, PipelineError, template_of
from workbench.trial import trials
from workbench.trial.folder import renew
from workbench.trial.proof import Proof
from workbench.trial.proofs import Proofs, Row

LARGEST = 200_000_000  # bytes that the working folder may hold


@dataclass(frozen=True)
class Inputs:
    """What tasks are tried with: of the run in the folder ``record``, or of one that is made with
    these ``parameters`` and values that ``stand_in`` for tasks, in a folder that begins with the
    files ``given``; of ``only`` one task."""

    given: trials.Given
    record: Any
    parameters: Mapping[str, Any]
    only: str | None
    stand_in: Mapping[str, Any]


@dataclass(frozen=True)
class Tried:
    """A task as it is to be tried; without ``make`` the reason why it is not."""

    task: str
    make: Callable[[], Callable] | None
    given: trials.Given
    reason: str = ""
    idle: bool = False


def prove(
    task: Any,
    *arguments: Any,
    given: trials.Given | None = None,
    record: Any = None,
    stand_in: Mapping[str, Any] | None = None,
) -> Proof | Proofs:
    """Call ``task(*arguments)`` once, twice, two at a time, and killed before each write; compare
    the folders.

    ``task`` may also be a pipeline, DAG or flow, and the one argument, if any, a task of it: then
    that one (of a mapped one each instance), or each, is tried with the inputs of a run, the one in
    the folder ``record`` or one that is made for it, with values that ``stand_in`` for tasks.
    ``given`` are files that a working folder begins with. Raise PipelineError when it fails already
    on its own, writes more than 200 times, takes longer than a minute, or writes elsewhere; of
    several tasks each says so itself.
    """
    if not _is_whole(task):
        return trials.prove(task, *arguments, given=given)
    if not arguments:
        return prove_each(task, given, record, stand_in=stand_in)
    [name] = arguments
    proofs = prove_each(task, given, record, only=name, stand_in=stand_in)
    if len(proofs.rows) > 1:
        return proofs
    [row] = proofs.rows
    if row.proof is None:
        raise PipelineError(f"{name!r} cannot be proved: {row.reason}")
    return row.proof


def prove_each(
    thing: Any,
    given: trials.Given | None = None,
    record: Any = None,
    parameters: Mapping[str, Any] | None = None,
    only: str | None = None,
    told: Callable[[Row], object] = lambda row: None,
    stand_in: Mapping[str, Any] | None = None,
) -> Proofs:
    """Prove every task of a thing, or ``only`` one; ``told`` hears of each. Raise PipelineError
    where it cannot be run."""
    engine, rows = engine_for(thing), []
    if not hasattr(engine, "alone"):
        raise PipelineError(
            f"{engine.title!r} cannot be proved: {engine.name} calls its tasks in a way that lets "
            "none be called alone; prove the function that a task calls: prove(function, …)"
        )
    how = Inputs(given or {}, record, parameters or {}, only, stand_in or {})
    with trials.Apart() as process, contextlib.closing(_tried(engine, how)) as several:
        for tried in several:
            rows.append(_row(tried, process))
            told(rows[-1])
    return Proofs(engine.title, tuple(rows))


def _row(tried: Tried, process: trials.Apart) -> Row:
    if tried.make is None:
        return Row(tried.task, None, tried.reason, tried.idle)
    try:
        return Row(tried.task, process.call(tried.task, _prove_made, tried))
    except PipelineError as error:
        return Row(tried.task, None, str(error))


def _prove_made(tried: Tried) -> Proof:
    """In a process of its own: get ready once, then try."""
    return trials.prove_here(tried.make(), (), tried.given, tried.task)


def _is_whole(thing: Any) -> bool:
    spec = spec_of(thing)
    names = {kind.__name__ for kind in type(thing).__mro__}
    known = spec is not None and (isinstance(thing, (str, Path)) or bool(names & spec.whole))
    return known or isinstance(thing, Engine)


def _tried(engine: Engine, how: Inputs) -> Iterator[Tried]:
    """The tasks of a run, as each is to be tried; the run's folder lasts as long as this does."""
    workspace.start()
    with tempfile.TemporaryDirectory(prefix="workbench-") as scratch:
        run, folders = _run_of(engine, how, Path(scratch))
        try:
            if how.only is not None and how.only not in run.record.states():
                run.graph.known(how.only)
            for task, state in run.record.states().items():
                if how.only in (None, task, template_of(task)):
                    yield _as_tried(run, task, state, folders.get(task, how.given))
        finally:
            run.close()


def _run_of(engine: Engine, how: Inputs, scratch: Path) -> tuple[Run, dict[str, trials.Given]]:
    """A run that has come to its end, and what its working folder held before each task."""
    if how.record is not None:
        source = Path(getattr(how.record, "folder", None) or how.record)
        source = source.parent if source.is_file() else source
        if not (source / journal.NAME).exists():
            raise PipelineError(f"{source}: no run here; give the folder of a run")
        return Run.resume(shutil.copytree(source, scratch / "run"), engine), {}
    options = {"parameters": how.parameters, "stand_in": how.stand_in}
    run, work = Run(engine, scratch / "run", **options), scratch / "work"
    try:
        renew(work, how.given)
        with contextlib.chdir(work):
            return run, _stepped(run, how.only, work)
    except BaseException:
        run.close()
        raise


def _stepped(run: Run, only: str | None, work: Path) -> dict[str, trials.Given]:
    """Run to the end, or to the one task; what lay in the folder before each task's attempt."""
    folders: dict[str, trials.Given] = {}
    known = only in run.graph.position and not run.graph.dynamic  # else what leads there may come
    wanted = {only, *run.graph.ancestors(only)} if known else None
    while ready := [task for task in run.ready() if wanted is None or template_of(task) in wanted]:
        folders[ready[0]] = _held(work)
        run.step(ready[0])
    return folders


def _held(work: Path) -> dict[str, bytes]:
    """The files that lie in a working folder."""
    files = [path for path in work.rglob("*") if path.is_file()]
    if sum(path.stat().st_size for path in files) > LARGEST:
        raise PipelineError(f"more than {LARGEST:,} bytes lie in the working folder; try less data")
    return {path.relative_to(work).as_posix(): path.read_bytes() for path in files}


def _as_tried(run: Run, task: str, state: str, given: trials.Given) -> Tried:
    if STAND_IN in run.graph.noted(task):
        return Tried(task, None, given, "a value stands in for it", idle=True)
    if state not in DONE:
        error = run.record.error(task)
        reason = f"{state} in the run" + (f": {error}" if error else "")
        return Tried(task, None, given, reason, idle=state in ("skipped", "pending"))
    try:
        return Tried(task, run.engine.alone(task, run.inputs(task)), given)
    except PipelineError as error:
        return Tried(task, None, given, str(error), idle=True)
