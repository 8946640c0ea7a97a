"""The course as files: executing notebooks headlessly, storing their outputs, and saying which cell failed."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

from workbench import workspace
from workbench.graph import PipelineError


@dataclass(frozen=True)
class Execution:
    """One notebook, executed: ``error`` is None, or what failed and where, in one line. Times are wall seconds."""

    notebook: Path
    seconds: float
    cells: int
    error: str | None = None


def notebooks(paths: Iterable[str | Path]) -> list[Path]:
    """The notebooks at ``paths``, folders searched; raise PipelineError for a path that has none."""
    found = []
    for path in map(Path, paths):
        if not path.exists():
            raise PipelineError(
                f"{path}: no such file or folder; give notebooks, or folders of notebooks"
            )
        inside = sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]
        inside = [notebook for notebook in inside if ".ipynb_checkpoints" not in notebook.parts]
        if not inside or inside[0].suffix != ".ipynb":
            raise PipelineError(f"{path}: no notebook (.ipynb) here")
        found += inside
    return list(dict.fromkeys(found))


def read(path: Path) -> Any:
    """A notebook; raise PipelineError for a file that is none."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises whatever it stumbles over
        raise PipelineError(
            f"{path}: not a notebook ({(str(error) or 'empty').splitlines()[0][:80]})"
        ) from None


def execute(path: Path, out: Path, seed: int | None = None) -> Execution:
    """Execute a copy of the notebook in a temporary folder of its own; the executed copy is written to ``out``."""
    import papermill

    notebook = read(path)
    if seed is not None and not any(
        "parameters" in cell.metadata.get("tags", ()) for cell in notebook.cells
    ):
        return Execution(
            path,
            0.0,
            0,
            "no cell is tagged 'parameters', so the seed has nowhere to go; tag the cell with `seed = …`",
        )
    begun, error = time.perf_counter(), None
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        os.environ.update(
            WORKBENCH_HOME=f"{folder}/home", WORKBENCH_TEMPLATES=str(workspace.templates())
        )
        try:
            papermill.execute_notebook(
                path,
                out,
                {} if seed is None else {"seed": seed},
                cwd=folder,
                progress_bar=False,
                kernel_name="python3",
                language="python",
                start_timeout=180,
                extra_arguments=["--IPKernelApp.log_level=40"],
            )
        except papermill.PapermillExecutionError as failure:
            error = f"cell [{failure.exec_count}] {failure.ename}: {' '.join(str(failure.evalue).split())[:200]}"
        except Exception as failure:
            error = f"{type(failure).__name__}: {' '.join(str(failure).split())[:200]}"
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    return Execution(path, time.perf_counter() - begun, cells, error)


def execute_all(
    paths: Iterable[Path], out: Path, seed: int | None, jobs: int, done: Callable[[Execution], None]
) -> list[Execution]:
    """Execute notebooks in parallel processes, longest first by size; ``done`` is called as each one ends."""
    from joblib import Parallel, delayed

    out.mkdir(parents=True, exist_ok=True)
    ordered = sorted(paths, key=lambda path: -path.stat().st_size)
    calls = (
        delayed(execute)(path.absolute(), (out / path.name).absolute(), seed) for path in ordered
    )
    results = []
    for result in Parallel(
        n_jobs=min(jobs, len(ordered)), return_as="generator_unordered", backend="loky"
    )(calls):
        results.append(result)
        done(result)
    _junit(results).write(out / "junit.xml", encoding="utf-8", xml_declaration=True)
    return sorted(results, key=lambda result: result.notebook)


def _junit(results: list[Execution]) -> xml.ElementTree:
    failures = sum(result.error is not None for result in results)
    suite = xml.Element(
        "testsuite", name="notebooks", tests=str(len(results)), failures=str(failures)
    )
    for result in results:
        case = xml.SubElement(
            suite, "testcase", name=result.notebook.name, time=f"{result.seconds:.3f}"
        )
        if result.error:
            xml.SubElement(case, "failure", message=result.error)
    return xml.ElementTree(suite)


_PAPERMILL = re.compile("papermill|injected-parameters")


def store(executed: Path, notebook: Path) -> None:
    """Put the outputs of an executed copy into the notebook itself, without anything that differs between runs."""
    import nbformat

    target = read(notebook)
    ran = [
        cell
        for cell in read(executed).cells
        if "injected-parameters" not in cell.metadata.get("tags", ())
    ]
    count = 0
    for cell, done in zip(target.cells, ran, strict=True):
        cell.metadata = {
            key: value for key, value in cell.metadata.items() if key == "tags" and value
        }
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count, cell.outputs = count, done.outputs
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if "data" in output:
                output.data.pop("application/vnd.jupyter.widget-view+json", None)
            output.pop("metadata", None) if output.get(
                "metadata"
            ) == {} and output.output_type == "stream" else None
    for number, cell in enumerate(target.cells):
        cell.id = f"cell-{number}"
    target.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    beside = notebook.with_suffix(".part")
    nbformat.write(target, beside)
    shutil.move(beside, notebook)


def trust(root: Path, home: Path) -> dict[str, Path]:
    """Sign the course's own notebooks, without which JupyterLab hides their stored pictures; return where it is noted.

    The signatures lie in the workbench's home and not in the learner's, and hold for the notebooks as they came.
    """
    from nbformat.sign import NotebookNotary

    home.mkdir(parents=True, exist_ok=True)
    files = {"db_file": home / "trusted.db", "secret_file": home / "trusted.secret"}
    notary = NotebookNotary(**{name: str(path) for name, path in files.items()})
    for folder in ("notebooks", "exercises", "solutions"):
        for path in sorted((root / folder).glob("*.ipynb")):
            notary.sign(read(path))
    return files
