"""How long MLflow's server takes until it answers: ours beside plain `mlflow server`.

    python benchmarks/bench_mlflow.py [REPEATS]

Plain is what a reader of its documentation types: the same store, and no settings of ours. Both
take turns, each in an empty folder, and each until `/health` answers.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from workbench.servers import tracking
from workbench.servers.child import free_port

PLAIN = {name: one for name, one in os.environ.items() if name not in tracking.SETTINGS}


def ours(home: Path) -> float:
    begun = time.perf_counter()
    server = tracking.served(home)
    taken = time.perf_counter() - begun
    server.close()
    return taken


def plain(home: Path) -> float:
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--backend-store-uri", f"sqlite:///{home / 'mlflow.db'}"]
    command += ["--artifacts-destination", (home / "artifacts").as_uri()]
    with (home / "log").open("wb") as log:
        begun = time.perf_counter()
        server = subprocess.Popen(
            command, env=PLAIN, stdout=log, stderr=log, start_new_session=True
        )
        while not answers(f"http://127.0.0.1:{port}/health"):
            assert server.poll() is None, (home / "log").read_text()
            time.sleep(0.05)
        taken = time.perf_counter() - begun
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    return taken


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def median(call: Callable[[Path], float], into: list[float]) -> float:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        into.append(call(Path(home)))
    return statistics.median(into)


def main(repeats: int = 3) -> None:
    mine, theirs = [], []
    for _ in range(repeats):
        here, there = median(ours, mine), median(plain, theirs)
    print(f"seconds until it answers, median of {repeats}")
    print(f"  workbench {here:.1f}   plain {there:.1f}   ratio {here / there:.2f} (≤ 1.2)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
