"""Notebooks executed from top to bottom without a screen, and which cell failed."""

import math
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import workspace
from workbench.course import junit, leftovers, played
from workbench.course.costs import Costs
from workbench.course.filled import fault_of, with_acts
from workbench.course.notebooks import read, refusal_of, tags_of
from workbench.graph import PipelineError

if TYPE_CHECKING:
    from nbformat import NotebookNode

UNSEEDED = (
    "no cell is tagged 'parameters', so the seed has nowhere to go; tag the cell with `seed = …`"
)
DIED = "the kernel died while it ran (killed, out of memory, or ended by the code)"
FLOODED = "printed more than 50 MB, which a notebook cannot hold, and was ended"
STARTING = 180  # seconds that a kernel may take to start; a machine may be busy
LONGEST = 200  # characters of an error's message


@dataclass(frozen=True)
class Limits:
    """Seconds that one cell and the whole notebook may take."""

    cell: int = 600
    notebook: int = 3600


@dataclass(frozen=True)
class Execution:
    """One notebook, executed: ``error`` is None, or what failed and where, in one line. ``copy`` is
    where the executed copy lies, if it came to that. Times are wall seconds, also of the
    ``slowest`` cells (number, seconds); ``peak`` is the kernel's memory in bytes, 0 if unknown."""

    notebook: Path
    copy: Path
    seconds: float
    cells: int
    error: str | None = None
    peak: int = 0
    slowest: tuple[tuple[int, float], ...] = ()


def execute(
    path: Path,
    out: Path,
    seed: int | None = None,
    limits: Limits | None = None,
    acts: bool = False,
    at: Path | None = None,
) -> Execution:
    """Execute a copy of the notebook in a temporary folder of its own; the executed copy is written
    to ``out``. Whatever is wrong with it is the ``error`` of what is returned. With ``acts``
    the places for the reader are answered too, wrongly and rightly. The file ``at`` says, as long
    as it lasts, which cell is under way.

    The kernel's workbench home lies in that folder, for which this process' environment is
    changed: call it in a process of its own, or where nobody minds.
    """
    begun = time.perf_counter()
    try:
        notebook = with_acts(read(path)) if acts else read(path)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        error = refusal_of(notebook) or _unseeded(notebook, seed)
    except PipelineError as damage:
        error = _one_line(str(damage).removeprefix(f"{path}: "))
    except Exception as damage:  # JSON of another shape: nbformat reads it with a warning
        error = f"not a notebook ({type(damage).__name__}: {_one_line(damage)})"
    if error:
        return Execution(path, out, 0.0, 0, error)
    costs = Costs(path.name, cells, at)
    # Who has started this clears up behind it where it is killed.
    place = {"dir": at.parent, "prefix": ""} if at else {"prefix": "workbench-"}
    with tempfile.TemporaryDirectory(**place) as folder, leftovers.ended():
        templates = str(workspace.templates())
        os.environ |= {"WORKBENCH_HOME": f"{folder}/home", "WORKBENCH_TEMPLATES": templates}
        error = _error_of(notebook, out, folder, seed, (limits or Limits(), costs))
    if at:
        at.unlink(missing_ok=True)
    took = time.perf_counter() - begun
    return Execution(path, out, took, cells, error, costs.peak, costs.slowest)


def _unseeded(notebook: "NotebookNode", seed: int | None) -> str | None:
    tagged = any("parameters" in tags_of(cell) for cell in notebook.cells)
    return UNSEEDED if seed is not None and not tagged else None


def _error_of(
    notebook: "NotebookNode",
    out: Path,
    folder: str,
    seed: int | None,
    watched: tuple[Limits, Costs],
) -> str | None:
    """Execute it in ``folder``; what went wrong, if anything."""
    import nbformat

    try:
        prepared = _prepared(notebook, {} if seed is None else {"seed": seed})
        try:
            return _failure_of(prepared, folder, *watched) or fault_of(prepared)
        finally:
            out.parent.mkdir(parents=True, exist_ok=True)
            played.keep(prepared, Path(folder, "home"), out)
            text = nbformat.writes(prepared)
            out.write_bytes(text.encode("utf-8", "replace"))  # outputs may hold half a surrogate
    except Exception as failure:  # of the kernel or its start: still only this notebook's
        return f"{type(failure).__name__}: {_one_line(failure)}"


def _prepared(notebook: "NotebookNode", parameters: dict[str, Any]) -> "NotebookNode":
    """The notebook without its outputs and with the parameters behind its own."""
    import papermill

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []  # papermill takes a stored error for one of this run
    return papermill.execute_notebook(
        notebook,
        None,
        parameters,
        prepare_only=True,
        kernel_name="python3",
        language="python",
    )


def _failure_of(notebook: "NotebookNode", folder: str, limits: Limits, costs: Costs) -> str | None:
    """Execute the cells; which one failed, died or did not end, in one line.

    nbclient executes and not papermill, whose own loop takes a cell tagged ``raises-exception``
    for a failure and does not name one whose kernel dies. It ends the kernel in every case.
    """
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from workbench.course.client import Client

    end = time.monotonic() + limits.notebook
    client = Client(
        notebook,
        kernel_name="python3",
        startup_timeout=STARTING,
        timeout_func=lambda _: max(1, min(limits.cell, math.ceil(end - time.monotonic()))),
        iopub_timeout=STARTING,
        raise_on_iopub_timeout=True,
        resources={"metadata": {"path": folder}},
        extra_arguments=["--IPKernelApp.log_level=50"],
        **costs.listeners(lambda: client.km.provisioner.pid),
    )
    client.create_kernel_manager().connection_file = f"{folder}/kernel.json"
    try:
        client.execute()
    except CellExecutionError as failure:
        if failure.ename == "SystemExit" and failure.evalue in ("", "0"):
            return None  # the notebook says itself that it is done
        reason = f"{failure.ename}: {_one_line(failure.evalue)}"
    except CellTimeoutError:
        reason = _overrun(limits, end)
    except DeadKernelError:
        reason = FLOODED if client.is_flooded else DIED
    else:
        return None
    finally:
        if client.is_terminated:
            sys.exit(128 + signal.SIGTERM)
        if client.is_interrupted:
            raise KeyboardInterrupt
    return f"cell [{client.code_cells_executed}] {reason}"


def _overrun(limits: Limits, end: float) -> str:
    """Say which limit a cell that was ended ran into."""
    if time.monotonic() < end:
        return f"did not end within {limits.cell} s, a cell's limit; --cell-limit sets another"
    return f"was running after {limits.notebook} s, a notebook's limit; --limit sets another"


def _one_line(message: object) -> str:
    return " ".join(junit.legible(str(message)).split())[:LONGEST]


def execute_all(
    paths: Iterable[Path],
    out: Path,
    seed: int | None,
    jobs: int,
    done: Callable[[Execution], None],
    limits: Limits | None = None,
    acts: bool = False,
    under_way: Path | None = None,
) -> list[Execution]:
    """Execute notebooks in parallel processes, longest first by size; ``done`` is called as each
    one ends. Write copies and ``junit.xml`` to ``out``. In the folder ``under_way`` is, as long as
    it lasts, a file for each with the cell that it is at."""
    from joblib import Parallel, delayed

    out = out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    names = names_of(paths)
    longest_first = sorted(names, key=_size, reverse=True)
    call = delayed(execute)
    calls = [
        call(path, out / names[path], seed, limits, acts, under_way and under_way / str(number))
        for number, path in enumerate(longest_first)
    ]
    pool = Parallel(min(jobs, len(calls)), return_as="generator_unordered", backend="loky")
    results = []
    for result in pool(calls):
        results.append(result)
        done(result)
    results.sort(key=lambda result: result.notebook)
    cases = [junit.Case(names[result.notebook], result.seconds, result.error) for result in results]
    junit.write(out / "junit.xml", cases)
    return results


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def names_of(paths: Iterable[Path]) -> dict[Path, str]:
    """Absolute path → name in the report and below the folder of copies: the file's, or, where two
    have the same, the path below the folder that all of them share."""
    absolute = [Path(os.path.abspath(path)) for path in paths]
    often = Counter(path.name for path in absolute)
    shared = os.path.commonpath([path.parent for path in absolute])
    return {
        path: path.name if often[path.name] == 1 else path.relative_to(shared).as_posix()
        for path in absolute
    }
