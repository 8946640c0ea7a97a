"""The workbench beside plain Dagster: what a task costs more.

    python benchmarks/bench_dagster.py [TASKS] [REPEATS]

Ops do nothing, so that whatever they cost is overhead. `execute_in_process` and the workbench take
turns: with Dagster's instance in memory, as it is by default, and with the one in our home, which
the workbench's runs are in.
"""

import logging
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from workbench import run, start


def chain(tasks: int) -> Any:
    """A job of so many ops, each after the other."""
    from dagster import job, op

    @op
    def begin():
        return 0

    @op
    def follow(number):
        return number

    @job(logger_defs={})
    def chained():
        value = begin()
        for number in range(tasks - 1):
            value = follow.alias(f"follow_{number}")(value)

    return chained


def milliseconds(call: Callable[[], Any]) -> tuple[float, float]:
    """By the clock, and of this process's own time, which others on the machine do not lengthen."""
    before = time.perf_counter(), time.process_time()
    call()
    return 1000 * (time.perf_counter() - before[0]), 1000 * (time.process_time() - before[1])


def main(tasks: int = 20, repeats: int = 5) -> None:
    start(seed=1)
    from dagster import DagsterInstance

    logging.disable(logging.ERROR)
    job = chain(tasks)
    run(job)
    instance = DagsterInstance.get()
    ways = {
        "execute_in_process, in memory": job.execute_in_process,
        "execute_in_process, same home": lambda: job.execute_in_process(instance=instance),
        "workbench": lambda: run(job),
    }
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(repeats):
        for way, call in ways.items():
            taken[way].append(milliseconds(call))
    medians = {
        way: [statistics.median(kind) / tasks for kind in zip(*times, strict=True)]
        for way, times in taken.items()
    }
    plain, _, ours = medians.values()
    medians["overhead (at most 50)"] = [
        mine - theirs for mine, theirs in zip(ours, plain, strict=True)
    ]
    for way, (wall, own) in medians.items():
        print(f"{way:32} {wall:7.1f} ms a task, {own:6.1f} ms of it computed")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
