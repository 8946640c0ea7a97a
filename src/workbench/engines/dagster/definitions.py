"""What people write in Dagster, and the job that is run of it."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster
from dagster import AssetsDefinition, Definitions, GraphDefinition, JobDefinition

from workbench.capture import one_line
from workbench.engines.files import executed
from workbench.graph import PipelineError

_PARTS = ("AssetsDefinition", "AssetChecksDefinition", "SourceAsset", "AssetSpec")
_UNRESOLVED = "UnresolvedAssetJobDefinition"  # what `define_asset_job` gives
_ALL = "assets"  # the job of all assets


@dataclass(frozen=True)
class Planned:
    """A job and when it would be started, in words."""

    job: JobDefinition
    schedules: tuple[str, ...] = ()


@contextlib.contextmanager
def refusing(who: str) -> Iterator[None]:
    """Whatever Dagster finds wrong becomes a PipelineError of one line."""
    try:
        yield
    except PipelineError:
        raise
    except Exception as error:
        raise PipelineError(f"{who}: {one_line(error)}") from None


def planned(thing: Any) -> Planned:
    """The job of a thing; raise PipelineError for what is none, or several."""
    if isinstance(thing, Planned):
        return thing
    if isinstance(thing, JobDefinition):
        return Planned(thing)
    if isinstance(thing, GraphDefinition):
        return Planned(thing.to_job())
    if isinstance(thing, Definitions):
        jobs = jobs_of(thing)
        if len(jobs) > 1:
            raise PipelineError(
                f"these definitions hold several jobs ({', '.join(jobs)}); "
                "give one of them: definitions.resolve_job_def(name)"
            )
        if not jobs:
            raise PipelineError("these definitions hold no job and no assets")
        return next(iter(jobs.values()))
    parts = thing if type(thing) in (list, tuple) else [thing]
    if any(_is_part(part) for part in parts):
        return Planned(_job_of(parts))
    kind = type(parts[0]).__name__
    raise PipelineError(
        f"a Dagster {kind} cannot be run by itself; give a job, a graph, assets, or the "
        "Definitions that it belongs to"
    )


def jobs_of(definitions: Definitions) -> dict[str, Planned]:
    """Name → job, with its schedules; one of all assets where there is no other."""
    schedules: dict[str, list[str]] = {}
    for schedule in definitions.schedules or ():
        cron = getattr(schedule, "cron_schedule", "")
        text = cron if isinstance(cron, str) else ", ".join(cron)
        schedules.setdefault(schedule.job_name, []).append(f"{text} ({schedule.name})")
    jobs = {
        job.name: Planned(job, tuple(schedules.get(job.name, ())))
        for job in definitions.resolve_all_job_defs()
        if not job.name.startswith("__")
    }
    if not jobs and any(_is_made(part) for part in definitions.assets or ()):
        jobs[_ALL] = Planned(_with_job(definitions))
    return jobs


def _with_job(definitions: Definitions) -> JobDefinition:
    """The job that materializes all assets and executes all checks."""
    every = dagster.AssetSelection.all() | dagster.AssetSelection.all_asset_checks()
    job = dagster.define_asset_job(_ALL, every)
    return Definitions.merge(definitions, Definitions(jobs=[job])).resolve_job_def(_ALL)


def _job_of(parts: Iterable[Any]) -> JobDefinition:
    parts = list(parts)
    if odd := next((type(part).__name__ for part in parts if not _is_part(part)), None):
        raise PipelineError(f"a {odd} among assets: give assets and checks only")
    if not any(map(_is_made, parts)):
        raise PipelineError("none of these assets is made here: give those with code as well")
    return _with_job(_definitions(parts))


def _definitions(parts: Iterable[Any], jobs: Iterable[Any] = ()) -> Definitions:
    checks = [part for part in parts if type(part).__name__ == "AssetChecksDefinition"]
    assets = [part for part in parts if part not in checks]
    return Definitions(assets=assets, asset_checks=checks, jobs=list(jobs))


def _is_part(part: Any) -> bool:
    return any(kind.__name__ in _PARTS for kind in type(part).__mro__)


def _is_made(part: Any) -> bool:
    """Whether it has code of its own, and is not only named."""
    return getattr(part, "is_executable", isinstance(part, AssetsDefinition))


def load(path: Path) -> dict[str, Any]:
    """Name → job of everything in a Python file; raise PipelineError where there is nothing."""
    values = {name: value for name, value in executed(path).items() if name[:1] != "_"}
    things: dict[str, Any] = {}
    with refusing(str(path)):
        for value in values.values():
            things |= jobs_of(value) if isinstance(value, Definitions) else {}
        things = things or _loose(values, path.stem)
    if not things:
        raise PipelineError(f"{path}: no job, graph, asset or Definitions of Dagster to draw")
    return things


def _loose(values: Mapping[str, Any], stem: str) -> dict[str, Any]:
    """The jobs, graphs and assets of a file that has no Definitions."""
    jobs = {name: value for name, value in values.items() if isinstance(value, JobDefinition)}
    graphs = {name: value for name, value in values.items() if type(value) is GraphDefinition}
    used = [part for job in jobs.values() for part in (job.graph, *job.all_node_defs)]
    used += [node.definition for graph in graphs.values() for node in graph.nodes]
    loose = {name: graph for name, graph in graphs.items() if graph not in used}
    parts = list({id(part): part for part in _parts(values.values())}.values())
    if not any(map(_is_made, parts)):
        return jobs | loose
    named = [job for job in values.values() if type(job).__name__ == _UNRESOLVED]
    assets = _definitions(parts, named)
    return jobs | loose | (jobs_of(assets) if named else {stem: Planned(_with_job(assets))})


def _parts(values: Iterable[Any]) -> Iterable[Any]:
    """Assets and checks among the values and in their lists."""
    for value in values:
        if type(value) in (list, tuple):
            yield from filter(_is_part, value)
        elif _is_part(value):
            yield value
