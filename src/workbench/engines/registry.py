"""Which engines there are: found through the entry-point group `workbench.engines`, nowhere else.

    [project.entry-points."workbench.engines"]
    airflow = "workbench.engines.airflow:SPEC"

A `Spec` costs nothing to read; the engine itself is imported when a thing of it is used.
"""

import functools
import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from workbench import extras
from workbench.engines.members import missing_apart, missing_in
from workbench.engines.protocol import Engine
from workbench.engines.sabotage import INJECTIONS
from workbench.extras import REINSTALL
from workbench.graph import Graph, PipelineError
from workbench.wording import either

GROUP = "workbench.engines"
CAPABILITIES = {  # what an engine may declare → what the contract suite then proves of it
    "parameters": "a run takes parameters by name",
    "retries": "a task says how often it is tried again, and how long is waited in between",
    "timeout": "a task says how long an attempt may last",
    "order-only edges": "a task waits for another without receiving anything of it",
    "skipped branch": "a branch that is not taken is skipped, and the run succeeds",
    "mapped tasks": "a task runs once for each item of a list that another task makes",
    "growing graph": "tasks and edges appear while the run goes on",
    "cached": "an attempt may be answered by an earlier one of the same inputs",
    "source": "the code of a task can be shown",
    "words": "a task's state has a word of the engine's own",
    "hang": "a task can be made to hang, and ended by Stop",
    "corrupt output": "a task can be made to return something else than it does",
    "kill": "a task's process can be killed, and the run outlives it",
    "answers": "a task asks a person, and waits for the answer",
}


@dataclass(frozen=True)
class Spec:
    """What the workbench has to know of an engine before it is imported.

    ``adapt`` and the other hooks are "module:function", so that reading a Spec imports nothing.
    """

    name: str  # as it stands in records: "airflow"
    title: str  # as people say it: "Airflow"
    adapt: str  # (thing) -> Engine
    gives: str  # what a learner can hand over, for messages: "an Airflow DAG"
    modules: tuple[str, ...] = ()  # packages whose objects are things of this engine
    recognise: Callable[[Any], bool] = lambda thing: False  # one that its class does not give away
    suffixes: tuple[str, ...] = ()  # of files that are one thing each
    holds: str | None = None  # (path) -> bool, of a suffix that engines share: is the file its own
    sign: str = ""  # a pattern that is in each such file, name or text, also in a damaged one
    load: str | None = None  # (path) -> {name: thing} of a Python file that it reads itself
    whole: frozenset[str] = frozenset()  # classes of ``modules`` that are things, not parts of one
    alone: frozenset[str] = frozenset()  # parts that are things in a file that has nothing whole
    reading: str | None = None  # () -> context in which a file is executed that is only read
    distribution: str | None = None  # on the package index; None: part of the workbench
    version: str | None = None  # of the distribution, the one that was tested
    imports: str = ""  # the statement by which `workbench doctor` tries it
    settings: Mapping[str, str] = field(default_factory=dict)  # environment that keeps it quiet
    homes: Mapping[str, str] = field(default_factory=dict)  # variable → path below the session
    left_out: tuple[str, ...] = ()  # modules that it goes on without, and that cost seconds
    internals: str | None = None  # module with MEMBERS: what is used of the engine's inside
    capabilities: frozenset[str] = frozenset()  # what the contract suite has to prove

    @property
    def packages(self) -> frozenset[str]:
        """What a Python file imports that has things of this engine."""
        own = "workbench.engines"  # what lends or dates an engine's thing: no sign of the engine
        others = (module for module in self.modules if not module.startswith(own))
        return frozenset(module.partition(".")[0] for module in others)

    def owns(self, module: str) -> bool:
        """Whether a class defined in ``module`` is one of this engine's."""
        return any(f"{module}.".startswith(f"{package}.") for package in self.modules)


@functools.cache
def specs() -> Mapping[str, Spec]:
    """Name → Spec of every installed engine, in the order of their names; the plain one first."""
    brought = [point.load() for point in entry_points(group=GROUP)]
    brought.sort(key=lambda spec: (spec.distribution is not None, spec.name))
    return {spec.name: spec for spec in brought}


def offers() -> list[str]:
    """What a learner can hand over, each with its article: "a Pipeline"."""
    return [spec.gives for spec in specs().values()]


def suffixes() -> list[str]:
    """Of the files that are one thing each."""
    return list(dict.fromkeys(suffix for spec in specs().values() for suffix in spec.suffixes))


def installed(spec: Spec) -> str:
    """The version of the engine's distribution; empty where there is none."""
    return extras.version_of(spec.distribution) if spec.distribution else ""


def absent(spec: Spec) -> str | None:
    """The extra by which an engine would be there, where it is not."""
    extra = extras.extra_with(spec.distribution)
    return extra if extra and extras.is_missing(extra) else None


def other_version(spec: Spec) -> str:
    """That another version is installed than the tested one, in a line; empty when it is not."""
    here = installed(spec)
    if not here or spec.version in (None, here):
        return ""
    return f"{spec.title} {here} is installed, tested is {spec.version}: {REINSTALL}"


def lost(spec: Spec, look: Callable[[str], list[str]] = missing_in) -> str:
    """What is gone of the engine's inside, in a line; empty when nothing is. Imports the engine,
    unless the ``look`` is one that does not."""
    troubles = look(spec.internals) if spec.internals else []
    if not troubles:
        return ""
    more = f" (and {len(troubles) - 1} more)" if len(troubles) > 1 else ""
    tested = f" (tested is {spec.version})" if spec.version else ""
    return f"{spec.title} {installed(spec)}{tested}: {troubles[0]}{more}; {REINSTALL}"


@functools.cache
def check(name: str) -> None:
    """Say on stderr, once, when an engine's version is not the tested one.

    Look inside, too: raise PipelineError when something is gone that the workbench uses of it,
    because a run would hang on that, or end in the middle. An engine that is not imported even now
    (a YAML file of KFP is read without) is for child processes only, and looked at in one.
    """
    spec = specs()[name]
    if trouble := lost(spec, missing_in if _imported(spec) else missing_apart):
        raise PipelineError(trouble)
    if note := other_version(spec):
        print(f"workbench: {note}", file=sys.stderr)


def _imported(spec: Spec) -> bool:
    return not (spec.packages - {"workbench"}).isdisjoint(sys.modules)


def injections(name: str) -> tuple[str, ...]:
    """The failures that can be injected into a task of an engine; any engine's task can raise."""
    lacking = CAPABILITIES.keys() - specs()[name].capabilities if name in specs() else set()
    return tuple(how for how in INJECTIONS if how not in lacking)


def can_ask(name: str) -> bool:
    """Whether a task of an engine may ask a person, and wait for the answer."""
    return name in specs() and "answers" in specs()[name].capabilities


def hook(spec: Spec, path: str) -> Callable[..., Any]:
    """Import ``module:function`` of an engine; raise PipelineError when it cannot be imported."""
    if extra := absent(spec):
        raise PipelineError(f"{spec.title} is not installed here: {extras.way_to(extra)}")
    module, _, function = path.partition(":")
    try:
        return getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        if trouble := lost(spec):
            raise PipelineError(trouble) from None
        raise PipelineError(f"{spec.title} cannot be imported ({error}); {REINSTALL}") from error


def spec_of(thing: Any) -> Spec | None:
    """The engine that a thing belongs to, by its class, its file name or its looks."""
    if isinstance(thing, (str, Path)):
        return _spec_of_file(Path(thing))
    for kind in type(thing).__mro__:
        for spec in specs().values():
            if spec.owns(kind.__module__):
                return spec
    return next((spec for spec in specs().values() if spec.recognise(thing)), None)


def _spec_of_file(path: Path) -> Spec | None:
    """That of the engine which knows the file as its own, or else of the one that reads any."""
    sharing = [spec for spec in specs().values() if path.suffix in spec.suffixes]
    sharing.sort(key=lambda spec: spec.holds is None)
    return next((s for s in sharing if s.holds is None or hook(s, s.holds)(path)), None)


def engine_for(thing: Any) -> Engine:
    """The adapter for what the learner wrote; its engine is imported only now.

    Raise PipelineError for a thing of no engine, or that its engine cannot run.
    """
    if isinstance(thing, Engine):
        return thing
    if (spec := spec_of(thing)) is None:
        choice = either([*offers(), f"a {either(suffixes())} file"])
        raise PipelineError(
            f"{type(thing).__name__} {str(thing)[:60]!r} is nothing that can be run: give {choice}"
        )
    return hook(spec, spec.adapt)(thing)


def engine_to_run(thing: Any) -> Engine:
    """``engine_for``, with a look at the engine's inside, which drawing has no need of."""
    try:
        engine = engine_for(thing)
    except Exception:  # what is gone of its inside may be the reason, and is told then
        if (spec := spec_of(thing)) and _imported(spec):
            check(spec.name)
        raise
    if engine.name in specs():
        check(engine.name)
    return engine


def graph_of(thing: Any) -> Graph:
    """The DAG of a pipeline, DAG, flow or record, before or after it has run."""
    graph = getattr(thing, "graph", None)
    return graph if isinstance(graph, Graph) else engine_for(thing).graph
