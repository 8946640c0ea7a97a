"""The workbench beside plain Prefect: the server's start, and what a task costs more.

    python benchmarks/bench_prefect.py [TASKS] [REPEATS]

Both servers start twice, in turn; the later start finds the database that the first has left. Tasks
do nothing, so that whatever they cost is overhead; the plain flow and the watched one take turns on
the same server.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from workbench import run, start
from workbench.engines.prefect.server import Server, server


def plain_start(home: Path, port: int) -> float:
    """Seconds until ``prefect server start`` answers."""
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_MEMO_STORE_PATH": str(home / "memo.toml"),
    }
    before = time.perf_counter()
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment, start_new_session=True, **silent)
    try:
        while True:
            with (
                suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2),
            ):
                return time.perf_counter() - before
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def our_start(home: Path) -> float:
    """Seconds until the workbench's server answers."""
    before = time.perf_counter()
    ours = Server(home)
    ours.url()
    seconds = time.perf_counter() - before
    ours.close()
    return seconds


def flows(tasks: int) -> dict:
    """A flow that calls its tasks, and one that submits them."""
    from prefect import flow, task

    @task
    def nothing(number):
        return number + 1000

    @flow
    def direct():
        return [nothing(number) for number in range(tasks)]

    @flow
    def submitted():
        return [future.result() for future in [nothing.submit(number) for number in range(tasks)]]

    return {"direct": direct, "submitted": submitted}


def seconds(call) -> float:
    before = time.perf_counter()
    call()
    return time.perf_counter() - before


def main(tasks: int = 40, repeats: int = 5) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["WORKBENCH_HOME"] = scratch
        start(seed=1)
        plain, ours, free = [], [], Server(Path(scratch, "unused")).port + 1
        for number in range(2):
            plain.append(plain_start(Path(scratch, "plain"), free + number))
            ours.append(our_start(Path(scratch, f"ours-{number}")))
        for name, before, after in zip(("first start", "later start"), plain, ours, strict=True):
            ratio = f"ratio {after / before:.2f} (at most 1.2)"
            print(f"{name}: plain {before:5.1f} s, workbench {after:5.1f} s, {ratio}")
        server()
        for name, flow in flows(tasks).items():
            flow()
            pairs = [(seconds(flow), seconds(lambda flow=flow: run(flow))) for _ in range(repeats)]
            columns = zip(*pairs, strict=True)
            alone, watched = (statistics.median(times) / tasks * 1000 for times in columns)
            more = f"{watched - alone:+.1f} (limit 50)"
            print(f"{name}: plain {alone:5.1f} ms a task, workbench {watched:5.1f}, {more}")
        server().close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
