"""Prefect flows and runs that several test modules share."""

import time
from collections import Counter

from workbench import Run


def make(function=None, **options):
    """Prefect's decorator; the import waits until the server's settings are in place."""
    from prefect import task

    return task(function, **options)


def flow_of(function=None, **options):
    from prefect import flow

    return flow(function, **options)


def performed(flow, folder, **parameters):
    """A finished run that is still open."""
    execution = Run(flow, folder=folder, **parameters)
    execution.run_all()
    return execution


def numbers():
    """A flow of three calls in a row, two → double → total, and how often each body has run."""
    times = Counter()

    @make
    def two():
        times["two"] += 1
        return 2000

    @make
    def double(number):
        times["double"] += 1
        return number * 2

    @make
    def total(a, b):
        times["total"] += 1
        return a + b

    @flow_of
    def sums():
        first = two()
        return total(first, double(first))

    return sums, times


def reported(execution):
    """Name → task run as the server has it, polled until all are final: reports arrive late."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    calls = {call.run.id: name for name, call in execution.engine.calls.items()}
    flow_runs = {call.run.flow_run_id for call in execution.engine.calls.values()}
    with get_client(sync_client=True) as client:
        for _ in range(1500):
            runs = client.read_task_runs(
                flow_run_filter=FlowRunFilter(id={"any_": list(flow_runs)})
            )
            if {run.id for run in runs if run.state and run.state.is_final()} >= set(calls):
                return {calls[run.id]: run for run in runs}
            time.sleep(0.2)
    raise TimeoutError("the server's records are not final after 30 s")
