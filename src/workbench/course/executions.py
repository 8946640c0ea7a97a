"""Notebooks executed from top to bottom without a screen, and which cell failed."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

from workbench import workspace
from workbench.course.notebooks import read, tags_of

UNSEEDED = (
    "no cell is tagged 'parameters', so the seed has nowhere to go; tag the cell with `seed = …`"
)
STARTING = 180  # seconds that a kernel may take to start; a machine may be busy
LONGEST = 200  # characters of an error's message


@dataclass(frozen=True)
class Execution:
    """One notebook, executed: ``error`` is None, or what failed and where, in one line. Times are
    wall seconds."""

    notebook: Path
    seconds: float
    cells: int
    error: str | None = None


def execute(path: Path, out: Path, seed: int | None = None) -> Execution:
    """Execute a copy of the notebook in a temporary folder of its own; the executed copy is written
    to ``out``.

    The kernel's workbench home lies in that folder, for which this process' environment is
    changed: call it in a process of its own, or where nobody minds.
    """
    notebook = read(path)
    if seed is not None and not any("parameters" in tags_of(cell) for cell in notebook.cells):
        return Execution(path, 0.0, 0, UNSEEDED)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        templates = str(workspace.templates())
        os.environ |= {"WORKBENCH_HOME": f"{folder}/home", "WORKBENCH_TEMPLATES": templates}
        error = _error_of(path, out, folder, {} if seed is None else {"seed": seed})
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    return Execution(path, time.perf_counter() - begun, cells, error)


def _error_of(path: Path, out: Path, folder: str, parameters: dict[str, Any]) -> str | None:
    """Execute it in ``folder``; what went wrong, if anything."""
    import papermill

    try:
        papermill.execute_notebook(
            path,
            out,
            parameters,
            cwd=folder,
            progress_bar=False,
            kernel_name="python3",
            language="python",
            start_timeout=STARTING,
            extra_arguments=["--IPKernelApp.log_level=40"],
        )
    except papermill.PapermillExecutionError as failure:
        return f"cell [{failure.exec_count}] {failure.ename}: {_one_line(failure.evalue)}"
    except Exception as failure:  # of the kernel or its start: still only this notebook's
        return f"{type(failure).__name__}: {_one_line(failure)}"
    return None


def _one_line(message: object) -> str:
    return " ".join(str(message).split())[:LONGEST]


def execute_all(
    paths: Iterable[Path], out: Path, seed: int | None, jobs: int, done: Callable[[Execution], None]
) -> list[Execution]:
    """Execute notebooks in parallel processes, longest first by size; ``done`` is called as each
    one ends. Write copies and ``junit.xml`` to ``out``."""
    from joblib import Parallel, delayed

    out.mkdir(parents=True, exist_ok=True)
    longest_first = sorted(paths, key=lambda path: -path.stat().st_size)
    calls = [
        delayed(execute)(path.absolute(), (out / path.name).absolute(), seed)
        for path in longest_first
    ]
    pool = Parallel(min(jobs, len(calls)), return_as="generator_unordered", backend="loky")
    results = []
    for result in pool(calls):
        results.append(result)
        done(result)
    _junit(results).write(out / "junit.xml", encoding="utf-8", xml_declaration=True)
    return sorted(results, key=lambda result: result.notebook)


def _junit(results: list[Execution]) -> xml.ElementTree:
    """The results as build servers read them."""
    failures = str(sum(result.error is not None for result in results))
    tests = str(len(results))
    suite = xml.Element("testsuite", name="notebooks", tests=tests, failures=failures)
    for result in results:
        attributes = {"name": result.notebook.name, "time": f"{result.seconds:.3f}"}
        case = xml.SubElement(suite, "testcase", attributes)
        if result.error:
            xml.SubElement(case, "failure", message=result.error)
    return xml.ElementTree(suite)
