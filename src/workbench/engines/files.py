"""What a file holds that can be drawn or run: pipelines, DAGs, flows, a compiled pipeline, a record."""

import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

from workbench.engines.registry import hook, specs
from workbench.graph import PipelineError
from workbench.record import Record


def things_in(path: str | Path) -> dict[str, Any]:
    """Name → thing for everything in ``path``; raise PipelineError with the cause when there is nothing."""
    path = Path(path)
    if not path.is_file():
        raise PipelineError(f"{path}: no such file; give a .py, a compiled .yaml or a record.jsonl")
    if path.suffix == ".jsonl":
        return {path.name: Record.load(path)}
    if any(path.suffix in spec.suffixes for spec in specs().values()):
        return {path.name: path}
    if path.suffix != ".py":
        raise PipelineError(
            f"{path}: cannot be drawn; give a .py, a compiled .yaml or a record.jsonl"
        )
    text = path.read_text(encoding="utf-8", errors="replace")
    for spec in specs().values():
        if spec.mentions and spec.mentions in text:
            return hook(spec, spec.load)(path)
    found = {
        name: value
        for name, value in _executed(path).items()
        if not name.startswith("_") and _runs(value)
    }
    if not found:
        raise PipelineError(
            f"{path}: nothing to draw; it defines no Pipeline, KFP pipeline or Prefect flow at its top level"
        )
    return found


def _executed(path: Path) -> dict[str, Any]:
    sys.path.insert(0, str(path.parent))
    try:
        return runpy.run_path(str(path), run_name=path.stem)
    except BaseException as error:  # a file may end in any way, sys.exit included
        inside = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == str(path)
        ]
        line = inside[-1].lineno if inside else getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        text = " ".join(str(error).split())
        raise PipelineError(f"{path}{where}: {type(error).__name__}: {text}") from None
    finally:
        sys.path.remove(str(path.parent))


def _runs(value: Any) -> bool:
    """Whether a value is whole enough to be drawn; a single task or component does not count."""
    kind = type(value)
    return any(
        spec.owns(kind.__module__) and kind.__name__ in spec.whole for spec in specs().values()
    )
