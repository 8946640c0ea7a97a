"""Notebooks as files: which there are, and what one holds."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbench.graph import PipelineError


def notebooks_in(paths: Iterable[str | Path]) -> list[Path]:
    """The notebooks at ``paths``, folders searched.

    Raise PipelineError for a path that has none.
    """
    notebooks: list[Path] = []
    for path in map(Path, paths):
        if not path.exists():
            raise PipelineError(
                f"{path}: no such file or folder; give notebooks, or folders of notebooks"
            )
        inside = sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]
        inside = [notebook for notebook in inside if ".ipynb_checkpoints" not in notebook.parts]
        if not inside or inside[0].suffix != ".ipynb":
            raise PipelineError(f"{path}: no notebook (.ipynb) here")
        notebooks += inside
    return list(dict.fromkeys(notebooks))


def read(path: Path) -> Any:
    """A notebook; raise PipelineError for a file that is none."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises whatever it stumbles over
        reason = (str(error) or "empty").splitlines()[0][:80]
        raise PipelineError(f"{path}: not a notebook ({reason})") from None


def tags_of(cell: Any) -> list[str]:
    """What a cell is marked with."""
    return cell.metadata.get("tags", [])
