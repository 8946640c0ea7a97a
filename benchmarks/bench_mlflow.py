"""How long MLflow's server takes until it answers: ours beside plain `mlflow server`.

    python benchmarks/bench_mlflow.py [REPEATS]

Plain is what a reader of its documentation types: the same store, and no settings of ours. Both
take turns, each in an empty folder, each until `/health` answers, and each ends with this process.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from workbench.servers import tracking
from workbench.servers.child import Child, free_port

FORGOTTEN = [word for name in tracking.SETTINGS for word in ("-u", name)]


def plain(home: Path) -> Child:
    port = free_port()
    command = ["env", *FORGOTTEN, sys.executable, "-m", "mlflow", "server"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{home / 'mlflow.db'}"]
    command += ["--artifacts-destination", (home / "artifacts").as_uri()]
    child = Child("MLflow's server", command, f"http://127.0.0.1:{port}", home / "log")
    child.wait_until_healthy("/health")
    return child


def seconds(served: Callable[[Path], Child | tracking.Tracking]) -> float:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        begun = time.perf_counter()
        server = served(Path(home))
        taken = time.perf_counter() - begun
        server.close()
    return taken


def main(repeats: int = 3) -> None:
    turns = [(seconds(tracking.served), seconds(plain)) for _ in range(repeats)]
    here, there = map(statistics.median, zip(*turns, strict=True))
    print(f"seconds until it answers, median of {repeats}")
    print(f"  workbench {here:.1f}   plain {there:.1f}   ratio {here / there:.2f} (≤ 1.2)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
