"""From executed notebooks to a folder of pages that any web server, or none, can show."""

import base64
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.course.folder import holds_something
from workbench.course.notebooks import notebooks_in, read
from workbench.exercises.registry import exercises
from workbench.graph import PipelineError
from workbench.site.generator import FOLDER, generate
from workbench.site.lesson import played, shown
from workbench.site.slimming import slim

if TYPE_CHECKING:
    from nbformat import NotebookNode

TITLE = "Pipeline Workbench"
MARK = ".workbench-site"  # in a folder that may be replaced by the next site
AGAIN = "execute it anew: workbench run notebooks --acts --out FOLDER"


def publish(out: Path, root: Path, copies: Path) -> int:
    """Write the course of the project in ``root`` to ``out``: lessons as ``copies`` has them
    executed, exercises without answers, documents. Return how many runs can be played there.

    Raise PipelineError for a copy that is missing or older than its notebook, for a folder that
    holds something else than a site, and where the generator warns.
    """
    refuse(out)
    with tempfile.TemporaryDirectory(prefix="workbench-site-") as scratch:
        sources, built = Path(scratch, "sources"), Path(scratch, "built")
        (sources / "played").mkdir(parents=True)
        shutil.copy(FOLDER / "theme" / "index.md", sources)
        for path in notebooks_in([root / "notebooks"]):
            _lay_lesson(path, copies / path.name, sources)
        for exercise in exercises().values():
            _write(read(exercise.starter), sources / "exercises" / f"{exercise.name}.ipynb")
        for path in [*root.glob("docs/*.md"), *root.glob("docs/*.svg")]:
            (sources / "docs").mkdir(exist_ok=True)
            shutil.copy(path, sources / "docs")
        generate(sources, built, TITLE)
        slim(built)
        runs = len(list(built.glob("runs/*/*.html")))
        (built / MARK).touch()
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(built, out)
    return runs


def refuse(out: Path) -> None:
    """Raise PipelineError for a place that no site can be written to, or that holds another's."""
    if holds_something(out) and not (out / MARK).exists():
        raise PipelineError(
            f"{out}: holds something that is no site of the workbench; name another place"
        )


def _lay_lesson(path: Path, copy: Path, sources: Path) -> None:
    """The executed copy as a source of the site, with the pages of those of its runs it shows."""
    if not copy.exists():
        raise PipelineError(f"{copy}: no executed copy of {path.name} here; {AGAIN}")
    executed = read(copy)
    if not {cell.source for cell in read(path).cells} <= {cell.source for cell in executed.cells}:
        raise PipelineError(f"{copy}: {path.name} has changed since it was executed; {AGAIN}")
    runs = f"runs/{path.stem}"
    lesson = shown(executed, f"../{runs}")
    for name in played(lesson):
        target = sources / "played" / runs / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(copy.with_suffix(".runs") / name, target)
    _lay_pictures(lesson, sources / "notebooks", path.stem)
    _write(lesson, sources / "notebooks" / path.name)


def _lay_pictures(lesson: "NotebookNode", folder: Path, stem: str) -> None:
    """What is attached to the cells of a lesson, as files that the generator can read."""
    for cell in lesson.cells:
        for name, kinds in cell.pop("attachments", {}).items():
            address = Path("pictures", stem, name)
            target = folder / address
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(base64.b64decode(next(iter(kinds.values()))))
            cell.source = cell.source.replace(f"attachment:{name}", address.as_posix())


def _write(notebook: "NotebookNode", target: Path) -> None:
    import nbformat

    target.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, target)
