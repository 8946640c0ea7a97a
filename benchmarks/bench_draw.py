"""Seconds to draw graphs of 10 to 5,000 tasks, beside the layout program alone on the same text."""

import subprocess
import sysconfig
import time
from functools import partial
from pathlib import Path

from workbench import Graph
from workbench.picture import dot, picture


def tree(tasks: int) -> Graph:
    """A graph in which every task but the first has one of the tasks before it upstream."""
    edges = [(f"t{(number - 1) // 3}", f"t{number}") for number in range(1, tasks)]
    return Graph.of([f"t{number}" for number in range(tasks)], edges)


def seconds(call) -> float:
    """The best of three wall times."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return min(times)


if __name__ == "__main__":
    binary = Path(sysconfig.get_path("scripts"), "graphviz-pure")
    for tasks in (10, 100, 1000, 5000):
        graph = tree(tasks)
        source = dot(graph, {}).source.encode()
        command = [binary, "-Tsvg"]
        lay_out = partial(subprocess.run, command, input=source, capture_output=True, check=True)
        layout, drawn = seconds(lay_out), seconds(partial(picture, graph))
        figures = f"drawn {drawn:6.3f} s  layout alone {layout:6.3f} s  ratio {drawn / layout:.2f}"
        print(f"{tasks:5} tasks  {figures}")
