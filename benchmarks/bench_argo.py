"""Overhead per task of a workflow's run, record on disk included, beside a bare subprocess.

    python benchmarks/bench_argo.py [TASKS] [REPEATS]

Each task is a container whose command does nothing, so that whatever it costs is overhead.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from workbench import Run, start

COMMAND = ["true"]


def workflow(tasks: int) -> Path:
    """A file with so many steps, each after the other."""
    steps = "".join(f"    - [{{name: s{n}, template: idle}}]\n" for n in range(tasks))
    path = Path(tempfile.mkdtemp(), "chain.yaml")
    path.write_text(
        "kind: Workflow\nmetadata: {name: chain}\nspec:\n  entrypoint: main\n  templates:\n"
        "  - name: idle\n    container: {image: alpine, command: [true]}\n"
        f"  - name: main\n    steps:\n{steps}".replace("[true]", '["true"]')
    )
    return path


def workbench_run(path: Path) -> None:
    run = Run(path)
    run.run_all()
    run.close()
    assert run.record.state == "success", run.record.events[-1]


def bare(tasks: int) -> None:
    for _ in range(tasks):
        subprocess.run(COMMAND, check=True, capture_output=True)


def milliseconds(call: Callable[[], None]) -> float:
    """By the clock."""
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)


def main(tasks: int = 20, repeats: int = 5) -> None:
    start(seed=1)
    path = workflow(tasks)
    workbench_run(path)
    ways = {"workbench": lambda: workbench_run(path), "bare": lambda: bare(tasks)}
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(repeats):  # in turns, so that both meet the same machine
        for way, call in ways.items():
            taken[way].append(milliseconds(call) / tasks)
    ours, theirs = (statistics.median(times) for times in taken.values())
    print(f"{tasks} tasks, milliseconds per task, median of {repeats}")
    print(f"  workbench {ours:.1f}   bare {theirs:.1f}   over it {ours - theirs:.1f} (≤ 200)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
