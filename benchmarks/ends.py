"""How things of examples end, for `count_examples`: by whose doing, and whether their engine alone
ends them alike."""

import asyncio
import inspect
import linecache
import re
import tempfile
import traceback
from pathlib import Path

NETWORK = (
    "resolve host|resolution|Name or service not known|Network is unreachable|Max retries|"
    "a gs:// URL|locate credentials"
)
WRITTEN = r"\bexit\b|return (Failed|Cancelled|Crashed)\("  # how a source says that it fails
LATE = "Scope timed out after"  # in the time that its author gives a flow


def traced(engine: object) -> str:
    """The traceback of what a flow has raised beside its tasks."""
    try:
        engine.returned()
    except Exception:
        return traceback.format_exc()
    return ""


def end_of(log: str, source: str) -> str:
    """How a task has failed: for want of a network; as its author wrote it, whose statement raises,
    asserts or exits; or otherwise."""
    if re.search(NETWORK, log):
        return "network"
    if LATE in log:
        return "own"
    places = re.findall(r'File "(.+)", line (\d+)', log)
    if not places:
        return "own" if re.search(WRITTEN, source) else "failed"
    file, line = places[-1]
    statement = linecache.getline(file, int(line)).strip()
    written = re.match(r"raise\b|assert\b|(sys\.)?exit\b", statement)
    return (
        "own"
        if written and not re.search("(site-packages|lib/python)(?!.*example)", file)
        else "failed"
    )


def fails_alike(thing: object, record: object, failed: list[str]) -> bool:
    """Whether the engine, without the workbench, comes to the same end."""
    if record.engine == "prefect":
        state = thing(return_state=True)
        state = asyncio.run(state) if inspect.iscoroutine(state) else state
        end = record.events[-1].detail
        message = " ".join((state.message or "").split())
        return (state.name, message) == (end["state"], end["error"])
    if record.engine != "kubeflow":
        return False
    from kfp import components, local

    local.init(local.SubprocessRunner(), pipeline_root=tempfile.mkdtemp())  # never into this one
    try:
        compiled = isinstance(thing, Path)
        pipeline = components.load_component_from_file(str(thing)) if compiled else thing
        pipeline()
    except Exception as error:
        leaves = (task.rpartition("/")[2] for task in failed)
        return any(f"'{leaf}'" in str(error) for leaf in leaves)
    return False
