"""Dagster: jobs, graphs and assets, each step by Dagster's own scheduler and step execution."""

from typing import Any

from workbench.engines.registry import Spec

_GRAPHS = ("parameters", "order-only edges", "skipped branch", "mapped tasks", "growing graph")
_TASKS = ("retries", "source", "words", "hang", "corrupt output", "kill")


def _are_definitions(thing: Any) -> bool:
    """Whether it is a list of assets and checks, as `materialize` takes."""
    parts = thing if type(thing) in (list, tuple) else ()
    modules = [getattr(type(part), "__module__", "") for part in parts]
    return bool(parts) and all(module.startswith("dagster.") for module in modules)


SPEC = Spec(
    name="dagster",
    title="Dagster",
    gives="a Dagster job",
    adapt="workbench.engines.dagster.engine:adapt",
    load="workbench.engines.dagster.definitions:load",
    modules=("dagster", "workbench.engines.dagster"),
    recognise=_are_definitions,
    whole=frozenset({"JobDefinition", "GraphDefinition", "Definitions", "Planned"}),
    distribution="dagster",
    version="1.13.15",
    internals="workbench.engines.dagster.internals",
    imports="import dagster",
    homes={"DAGSTER_HOME": "dagster"},
    settings={"DAGSTER_DISABLE_TELEMETRY": "yes"},
    capabilities=frozenset(_GRAPHS + _TASKS),
)
