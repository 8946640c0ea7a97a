"""Notebooks as files: which there are, and what one holds."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.graph import PipelineError

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDERS = ("notebooks", "exercises", "solutions")  # of the project, in which they lie


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
        inside = [
            notebook
            for notebook in inside
            if ".ipynb_checkpoints" not in notebook.parts and not notebook.is_dir()
        ]
        if not inside or inside[0].suffix != ".ipynb":
            raise PipelineError(f"{path}: no notebook (.ipynb) here")
        notebooks += inside
    once = {os.path.abspath(notebook): notebook for notebook in reversed(notebooks)}
    return list(reversed(once.values()))


def read(path: Path) -> "NotebookNode":
    """A notebook; raise PipelineError for a file that is none."""
    import nbformat

    if path.exists() and not path.is_file():  # a pipe would be read without end
        raise PipelineError(f"{path}: not a notebook (not an ordinary file)")
    try:
        # Converted from an older format it is of that format's own class, which others do not take.
        return nbformat.from_dict(nbformat.read(path, as_version=4))
    except (AttributeError, TypeError, KeyError):
        raise PipelineError(f"{path}: not a notebook (its JSON is of another shape)") from None
    except Exception as error:  # nbformat raises whatever it stumbles over
        reason = (str(error) or "empty").splitlines()[0][:80]
        raise PipelineError(f"{path}: not a notebook ({reason})") from None


def refusal_of(notebook: "NotebookNode") -> str | None:
    """Why a notebook cannot be executed here, if it was written for another language.

    One that says nothing of its language is taken for Python.
    """
    kernel = notebook.metadata.get("kernelspec", {})
    info = notebook.metadata.get("language_info", {})
    language = kernel.get("language") or info.get("name") or "python"
    if kernel.get("name") == "python2" or str(info.get("version", "")).startswith("2."):
        language = "Python 2"
    if language.lower() in ("python", "ipython"):
        return None
    name = kernel.get("name", "unknown")
    return f"its kernel is {name!r} ({language}); only notebooks in Python 3 are executed here"


def tags_of(cell: "NotebookNode") -> list[str]:
    """What a cell is marked with."""
    return cell.metadata.get("tags", [])
