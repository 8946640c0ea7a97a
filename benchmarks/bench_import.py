"""CPU time of ``import workbench`` over a bare interpreter."""

import resource
import statistics
import subprocess
import sys

ROUNDS = 15


def cpu_milliseconds(code: str) -> float:
    """Median CPU milliseconds of a fresh interpreter that executes ``code``."""
    times = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    bare = cpu_milliseconds("pass")
    for code in (
        "import workbench",
        "from workbench import Pipeline, Run, draw, start",
        "import pandas",
    ):
        more = cpu_milliseconds(code) - bare
        print(f"{code:52} {more:7.1f} ms CPU over a bare interpreter ({bare:.1f} ms)")
