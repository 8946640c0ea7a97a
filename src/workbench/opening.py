"""How a run begins: anew, as a fork of another, or where a crash has left it."""

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import journal, storage, workspace
from workbench.engines.protocol import Engine
from workbench.engines.registry import engine_to_run
from workbench.events import FINISHED, INTERRUPTED, Growth
from workbench.graph import Graph, PipelineError, arrows, template_of
from workbench.record import Record
from workbench.standins import NONE, StandIns

PARTS = ("outputs", "logs", "run")  # what lies in a run's folder, beside the record


@dataclass(frozen=True)
class Options:
    """``jobs`` tasks at once (None: as many as processors, at least 4), ``delays`` recorded or
    real. Raise PipelineError for anything else."""

    jobs: int | None = None
    delays: str = "recorded"

    def __post_init__(self) -> None:
        if self.delays not in ("recorded", "real"):
            raise PipelineError(
                f"delays={self.delays!r}: "
                'say "recorded" (retry delays are written down) or "real" (slept)'
            )
        if self.jobs is not None and not (isinstance(self.jobs, int) and self.jobs >= 1):
            raise PipelineError(f"jobs={self.jobs!r}: the number of tasks at once is 1 or more")

    @property
    def at_once(self) -> int:
        """The number of tasks that run at once."""
        return self.jobs or max(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Opening:
    """All that a run begins with, whichever way it does.

    The record is empty for a new run. ``memory`` holds outputs that could not be stored.
    """

    thing: Any
    engine: Engine
    record: Record
    folder: Path
    parameters: dict[str, Any]
    options: Options
    memory: Mapping[str, Any] = field(default_factory=dict)
    stand_ins: StandIns = NONE

    def begin(self) -> None:
        """Take the folder, write down what did not survive, and start the engine.

        Raise PipelineError where another run is at work in the folder, or the engine cannot start.
        """
        with workspace.writing(self.folder):
            self.record.follow(self.folder / journal.NAME)
        try:
            self._mend()
            self.engine.begin(self.folder, self.parameters, self.record)
        except BaseException:
            self.record.detach()
            raise

    def _mend(self) -> None:
        """What was under way was interrupted, and like what is lost it has to run again."""
        record = self.record
        for task, state in record.states().items():
            if state == "running":
                number = record.attempts(task)[-1].number
                record.append("failed", task, record.last_at, number, INTERRUPTED)
            # An earlier resume may itself have died between the two events.
            interrupted = record.error(task) == INTERRUPTED
            lost = state == "success" and self._lost(task)
            if interrupted or lost or _under_way(record, task):
                record.append("cleared", task, record.last_at)

    def _lost(self, task: str) -> bool:
        """Whether the task's output could not be stored, and went with its kernel."""
        output = self.record.last(task, "output")
        return bool(output) and output.detail["file"] is None and task not in self.memory


def new(
    thing: Any,
    folder: str | Path | None,
    options: Options,
    parameters: dict[str, Any],
    stand_ins: StandIns = NONE,
) -> Opening:
    """A run of ``thing`` from its beginning, in ``folder`` or one that nobody else has.

    Raise PipelineError for parameters that do not fit and a folder that cannot be used.
    """
    engine = engine_to_run(thing)
    parameters = _bound(engine, parameters, stand_ins)
    graph = stand_ins.marked(engine.graph)
    target = _new_folder(folder, engine.title)
    record = Record(graph, engine.name, workspace.seed(), parameters, engine.title)
    with workspace.writing(target):
        storage.save(parameters, target / "run", "parameters")
        stand_ins.save(target / "run")
    return Opening(thing, engine, record, target, parameters, options, stand_ins=stand_ins)


def _bound(engine: Engine, parameters: dict[str, Any], stand_ins: StandIns) -> dict[str, Any]:
    """The parameters as the engine has them, which knows by then what it need not run."""
    engine.stood_in = frozenset(stand_ins.values)
    return engine.bind(parameters)


def resumed(folder: str | Path, thing: Any, options: Options) -> Opening:
    """The run in ``folder`` as it was left: the folder has what happened, ``thing`` the code.

    Raise PipelineError where that is a run on another engine, or of a graph that has changed.
    """
    folder, engine = Path(folder), engine_to_run(thing)
    record = Record.load(folder / journal.NAME)
    if record.engine != engine.name:
        raise PipelineError(
            f"{folder}: a run on {record.engine}, and {engine.title!r} belongs to {engine.name}"
        )
    if not engine.graph.dynamic and (change := engine.graph.change_since(record.first_graph)):
        raise PipelineError(
            f"{folder}: the graph has changed since ({change}); start a new run, or undo the change"
        )
    stand_ins = StandIns.load(folder / "run")
    kept = sorted((folder / "run").glob("parameters.*"))
    given = storage.load(kept[0]) if kept else record.parameters
    parameters = _bound(engine, given, stand_ins)
    return Opening(thing, engine, record, folder, parameters, options, stand_ins=stand_ins)


def forked(
    run: Opening, seq: int | None, outputs: Mapping[str, Any], folder: str | Path | None
) -> Opening:
    """A run that has what ``run`` had just after event ``seq`` (None: now), with ``outputs`` in
    the place of those tasks' own; what is downstream of them has to run again."""
    target = _new_folder(folder, run.engine.title)
    for part in PARTS:
        if (run.folder / part).exists():
            shutil.copytree(run.folder / part, target / part, dirs_exist_ok=True)
    record = run.record.replay(run.record.events[: None if seq is None else seq + 1])
    for task in [task for task in record.states() if _under_way(record, task)]:
        record.append("cleared", task, record.last_at)
    for task, value in outputs.items():
        stored = storage.save(value, target / "outputs", f"{quote(task, safe='[]')}.fork")
        for below in run.engine.below(task, record):
            if record.state_of(below) != "pending" and below not in outputs:
                record.append("cleared", below, record.last_at)
        record.append("output", task, record.last_at, detail=stored)
        record.append("succeeded", task, record.last_at)
    memory = {task: value for task, value in run.memory.items() if task not in outputs}
    engine = engine_to_run(run.thing)
    _bound(engine, run.parameters, run.stand_ins)
    return replace(run, engine=engine, record=record, folder=target, memory=memory)


def reloaded(run: Opening, thing: Any, memory: Mapping[str, Any]) -> Opening:
    """The same run with edited code. Raise PipelineError for a thing of another engine, for
    parameters that fit no more, and where tasks or edges are gone."""
    engine, earlier = engine_to_run(thing), run.engine.graph
    if engine.name != run.engine.name:
        raise PipelineError(
            f"{engine.title!r} belongs to {engine.name}, and this run is one on {run.engine.name}"
        )
    tasks, edges = earlier.beyond(engine.graph)
    if not earlier.dynamic and (gone := ", ".join([*tasks, *arrows(edges)])):
        raise PipelineError(
            f"{engine.title!r}: gone since: {gone}; start a new run, or undo the change"
        )
    parameters = _bound(engine, run.parameters, run.stand_ins)
    return replace(run, thing=thing, engine=engine, parameters=parameters, memory=dict(memory))


def growth(earlier: Graph, graph: Graph) -> Growth:
    """The tasks and edges that a graph has and an earlier one had not."""
    if graph.dynamic:
        return {}
    tasks, edges = graph.beyond(earlier)
    return {"tasks": tasks, "edges": [list(edge) for edge in edges]}


def changed(record: Record, before: Engine, engine: Engine, growth: Growth) -> tuple[str, ...]:
    """The tasks of a run that are others now: in their own code, or in what they wait for."""
    waits = {down for _, down in growth.get("edges", ())}
    names = {template: before.code(template) for template in map(template_of, record.states())}
    other = {name for name, code in names.items() if name in waits or engine.code(name) != code}
    return tuple(task for task in record.states() if template_of(task) in other)


def unfinished(run: Opening) -> Path | None:
    """The folder of the latest earlier run of the same graph that was left half-way and that
    nobody has open."""
    for folder in workspace.earlier_runs(run.record.name):
        # Of the many things that may lie there, what cannot be read or is open is passed over.
        with contextlib.suppress(PipelineError):
            record = Record.load(folder / journal.NAME)
            if folder != run.folder and _left_half_way(record) and _is_like(record, run.record):
                record.follow(folder / journal.NAME)
                record.detach()
                return folder
    return None


def _under_way(record: Record, task: str) -> bool:
    """Whether it runs, is about to, or has asked what it has to ask again in another run."""
    state, last = record.state_of(task), record.last(task, "retrying")
    asks = state == "retrying" and "asks" in last.detail
    return asks or state in ("running", "queued")


def _left_half_way(record: Record) -> bool:
    begun = len(record) > 0
    return begun and not (record.graph.tasks and set(record.states().values()) <= FINISHED)


def _is_like(record: Record, other: Record) -> bool:
    same_graph = other.graph.dynamic or other.first_graph == record.first_graph
    return same_graph and record.engine == other.engine


def _new_folder(folder: str | Path | None, title: str) -> Path:
    if folder is None:
        return workspace.new_folder("runs", title)
    folder = Path(folder).absolute()
    if (folder / journal.NAME).exists():
        raise PipelineError(
            f"{folder}: there is a run in this folder already; "
            "go on with it by Run.resume, or give another"
        )
    with workspace.writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
