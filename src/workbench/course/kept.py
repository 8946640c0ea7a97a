"""Runs that take too long for a notebook: made once on the real thing, kept as records."""

from pathlib import Path

from workbench.graph import PipelineError
from workbench.record import Record

FOLDER = Path(__file__).with_name("runs")


def kept(name: str) -> Record:
    """The record of a kept run, times and all. Raise PipelineError for a name that has none."""
    path = FOLDER / f"{name}.jsonl"
    if not path.exists():
        names = ", ".join(sorted(path.stem for path in FOLDER.glob("*.jsonl")))
        raise PipelineError(f"no run is kept as {name!r} (kept: {names})")
    return Record.load(path)
