"""The Kubeflow engine beside stock kfp.local, without a virtual environment: the same components.

    python benchmarks/bench_kubeflow.py

Overhead is wall time for each component that itself does nothing. The complete pipeline is section
3.3's own, read from its notebook. CPU seconds count this process and everything it started.
"""

import contextlib
import importlib.util
import io
import os
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

import nbformat

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "3.3-kubeflow-pipelines.ipynb"
COMPONENTS, ROUNDS = 6, 3
CHAIN = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def add(value: int) -> int:
    return value + 1

@dsl.pipeline
def chain(value: int = 0):
    for _ in range({components}):
        value = add(value=value).output
"""


def module(name: str, source: str, folder: Path):
    """kfp reads components from a file, so that the source has to lie in one."""
    path = folder / f"{name}.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(name, path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def complete_pipeline(folder: Path):
    """The pipeline of chapter id K4, out of the notebook's own cells."""
    cells = [cell for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "code"]
    last = next(n for n, cell in enumerate(cells) if "chapter:K4" in cell.metadata.get("tags", ()))
    wanted = (
        "import re\n\nfrom kfp import compiler",
        "@lightweight",
        '@dsl.pipeline(name="complete',
    )
    source = "\n\n".join(
        cell.source for cell in cells[: last + 1] if cell.source.startswith(wanted)
    )
    return module("complete", source.partition("\ncompiler.Compiler")[0], folder).complete_pipeline


def stock(pipeline, **arguments):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pipeline(**arguments)


def measured(call) -> tuple[float, float, str]:
    """Wall seconds, CPU seconds and how it ended."""
    before, start = cpu(), time.perf_counter()
    try:
        end = call()
    except RuntimeError as error:
        end = f"failed: {str(error)[-40:]}"
    return time.perf_counter() - start, cpu() - before, end or "success"


def cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["WORKBENCH_HOME"] = str(folder / "home")
        from kfp import local

        from workbench import run, start

        start(seed=7)
        chain, complete = (
            module("chain", CHAIN.format(components=COMPONENTS), folder).chain,
            complete_pipeline(folder),
        )
        local.init(
            local.SubprocessRunner(use_venv=False),
            str(folder / "stock"),
            workspace_root=str(folder / "space"),
        )
        print(f"{'pipeline':<22}{'engine':<12}{'wall s':>8}{'CPU s':>8}{'a component':>13}  end")
        for number in range(ROUNDS):
            value = 100 * number  # other inputs, so that no cache helps
            row("chain", "workbench", COMPONENTS, lambda value=value: run(chain, value=value).state)
            row("chain", "kfp.local", COMPONENTS, lambda value=value: stock(chain, value=value))
        row("complete (K4)", "workbench", 5, lambda: run(complete).state)
        row("complete (K4)", "kfp.local", 5, lambda: stock(complete))


def row(pipeline: str, engine: str, components: int, call) -> None:
    wall, used, end = measured(call)
    print(f"{pipeline:<22}{engine:<12}{wall:>8.2f}{used:>8.2f}{wall / components:>11.2f} s  {end}")


if __name__ == "__main__":
    sys.exit(main())
