"""What each extra brings, as the installed distribution says itself, and which of them is missing.

pip install 'pipeline-workbench[prefect,models]'
"""

import functools
import importlib.metadata
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.graph import PipelineError

PROJECT = "pipeline-workbench"
SUMS = {"all", "test"}  # an extra of extras, and what only maintainers want
# A clone has all of them by its lock file; what was installed from a wheel is put right by it.
REINSTALL = (
    "make clean setup"
    if Path(__file__).parents[2].joinpath("pyproject.toml").exists()
    else "pip install --force-reinstall pipeline_workbench-*.whl"
)
_REQUIREMENT = re.compile(r"([\w.-]+)[^;]*(?:;.*\bextra == ['\"]([\w-]+)['\"])?")


@functools.cache
def extras() -> Mapping[str, tuple[str, ...]]:
    """Extra → the distributions that it brings beside what is always there; nothing where the
    project is not installed."""
    brought = defaultdict(list)
    try:
        requirements = importlib.metadata.requires(PROJECT) or ()
    except importlib.metadata.PackageNotFoundError:
        requirements = ()
    for match in map(_REQUIREMENT.match, requirements):
        brought[match[2]].append(match[1].lower())
    always = brought.pop(None, [])
    return {
        extra: tuple(name for name in names if name not in always)
        for extra, names in brought.items()
        if extra not in SUMS
    }


def way_to(*names: str) -> str:
    """The command that brings these extras."""
    return f"pip install '{PROJECT}[{','.join(names)}]'"


def is_missing(extra: str) -> bool:
    """Whether something of the extra is not installed; no for what is none."""
    return not all(is_installed(name) for name in extras().get(extra, ()))


def extra_with(distribution: str | None) -> str | None:
    """The extra that brings a distribution and the least beside it, if one does."""
    bringing = [extra for extra, names in extras().items() if distribution in names]
    return min(bringing, key=lambda extra: len(extras()[extra]), default=None)


def extra_for(module: str) -> str | None:
    """The extra with which ``import module`` would work: airflow comes with apache-airflow."""
    word = module.partition(".")[0].lower().replace("_", "-")
    for extra, names in extras().items():
        if any(word == name or word in name.split("-") for name in names):
            return extra
    return None


def remedy_for(error: BaseException) -> str:
    """What would have made an import work, in a line; empty where no extra would."""
    module = error.name if issubclass(type(error), ModuleNotFoundError) else None
    extra = extra_for(module) if module else None
    return f"{error}; it comes with: {way_to(extra)}" if extra and is_missing(extra) else ""


def require(needs: Iterable[str], who: str) -> None:
    """Raise PipelineError, one line that says how to get them, where extras are missing."""
    if missing := [extra for extra in needs if is_missing(extra)]:
        raise PipelineError(f"{who} needs what is not installed here: {way_to(*missing)}")


def is_installed(distribution: str) -> bool:
    """Whether there is any version of it."""
    return bool(version_of(distribution))


def version_of(distribution: str) -> str:
    """The version that is installed; empty where there is none."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""
