"""What a lesson asks a Prefect server about deployments, and commands that run beside a lesson.

Schedules, workers and runs report to the server in their own time, so each question is asked once
a second until there is an answer.
"""

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun
    from prefect.client.schemas.responses import DeploymentResponse

PATIENCE = 480  # seconds; a run is a process, and a busy machine takes minutes to start one
QUICKLY = {"PREFECT_RUNNER_POLL_FREQUENCY": "2", "PREFECT_WORKER_QUERY_SECONDS": "2"}


def beside(*arguments: str) -> subprocess.Popen:
    """Start Python with these arguments beside the notebook, quietly; it ends with the kernel."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **QUICKLY},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(process.terminate)
    return process


def deployment(name: str) -> "DeploymentResponse":
    """The deployment ``flow/deployment``; raise TimeoutError when the server gets to know none."""
    from prefect.exceptions import ObjectNotFound

    def read(client: "SyncPrefectClient") -> "DeploymentResponse | None":
        try:
            return client.read_deployment_by_name(name)
        except ObjectNotFound:
            return None

    return _waited_for(read, f"deployment {name}")


def runs_of(name: str, state: str) -> list["FlowRun"]:
    """The flow runs of a deployment that are in a state; raise TimeoutError when there is none."""
    from prefect.client.schemas.filters import DeploymentFilter

    these = DeploymentFilter(id={"any_": [deployment(name).id]})

    def read(client: "SyncPrefectClient") -> list["FlowRun"]:
        runs = client.read_flow_runs(deployment_filter=these)
        return [run for run in runs if run.state_name == state]

    return _waited_for(read, f"{state} run of {name}")


def _waited_for(read: Callable[["SyncPrefectClient"], Any], wanted: str) -> Any:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for _ in range(PATIENCE):
            if answer := read(client):
                return answer
            time.sleep(1)
    raise TimeoutError(f"no {wanted} after {PATIENCE} s")
