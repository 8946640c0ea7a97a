"""Overhead per task of a local run, record on disk included, beside dask and a bare thread pool."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from workbench import Pipeline, run, start

TASKS, ROUNDS = 1000, 5


def nothing():
    return 1


def workbench_run() -> None:
    pipeline = Pipeline("trivial")
    for number in range(TASKS):
        pipeline.task(nothing, name=f"t{number}")
    assert run(pipeline).state == "success"


def dask_run() -> None:
    import dask
    from dask.threaded import get

    graph = {f"t{number}": (nothing,) for number in range(TASKS)}
    with dask.config.set(scheduler="threads"):
        assert sum(get(graph, list(graph))) == TASKS


def pool_run() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: nothing(), range(TASKS))) == TASKS


def milliseconds(call) -> float:
    """Median wall milliseconds per task over the rounds, after a warm-up."""
    call()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) / TASKS * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    start()
    ours, dasks, pools = map(milliseconds, (workbench_run, dask_run, pool_run))
    print(f"{TASKS} trivial tasks, milliseconds per task, median of {ROUNDS}")
    print(f"  workbench {ours:.3f}   dask {dasks:.3f}   thread pool {pools:.3f}")
    print(f"  workbench/dask {ours / dasks:.1f}")
