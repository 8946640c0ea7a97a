"""A run that is killed at any moment, on any engine, goes on in a new process to a good end."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import crashing
import pytest

from workbench import Record

# The run's own start, and for each task: queued, started, output, succeeded. A killed run has at
# least the first of these in its record, and hardly ever all.
EVENTS = 1 + 4 * 4
PATIENCE = 300  # seconds, for a machine that has other things to do

SAMPLE = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(3)]
FULL = [pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 23)]


@pytest.fixture
def begin(tmp_path, templates):
    """Begin a run of an engine in a process of its own, or go on with it."""
    processes = []

    def begin(engine, *thing):
        command = [sys.executable, crashing.__file__, engine, str(tmp_path / "run"), *thing]
        environment = {**os.environ, "WORKBENCH_TEMPLATES": str(templates)}
        log = (tmp_path / f"process-{len(processes)}.log").open("w")
        with log:
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def kill_at(process, record, events):
    """End the process without a word, once so many events are on disk, or when it is through."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and _lines(record) < 1 + events:
        assert time.monotonic() < end, "the run has not come that far"
        time.sleep(0.002)
    process.kill()
    process.wait()


def _lines(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.parametrize("seed", [*SAMPLE, *FULL])
@pytest.mark.parametrize("engine", crashing.ENGINES)
def test_a_killed_run_goes_on_to_a_good_end(begin, tmp_path, engine, seed):
    chance, folder = random.Random(f"{engine} {seed}"), tmp_path / "run"
    process = begin(engine)
    moment = chance.randint(1, EVENTS - 1)
    kill_at(process, folder / "record.jsonl", moment)
    before = Record.load(folder)
    finished = {task for task, state in before.states().items() if state == "success"}
    interrupted = {task for task, state in before.states().items() if state == "running"}

    out, _ = begin(engine).communicate(timeout=PATIENCE)
    assert out, Path(tmp_path / "process-1.log").read_text()
    assert json.loads(out.splitlines()[-1]) == {"state": "success", "total": 15}
    after = Record.load(folder)
    assert set(after.states().values()) == {"success"}
    assert after.events[: len(before)] == before.events
    assert "upstream_failed" not in {event.kind for event in after.events}
    attempts = {task: after.attempts(task) for task in after.states()}
    assert all(len(attempts[task]) == 1 for task in finished)
    assert {task for task in attempts if attempts[task][0].interrupted} == interrupted
    assert all(
        [attempt.number for attempt in several] == list(range(1, len(several) + 1))
        for several in attempts.values()
    )


@pytest.mark.parametrize(
    ("engine", "attempts"),
    [
        ("local", 2),
        pytest.param("airflow", 1, marks=pytest.mark.slow),
        pytest.param("kubeflow", 2, marks=pytest.mark.slow),
        pytest.param("prefect", 2, marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_attempt_counts_as_a_try_where_the_engine_counts_it(
    begin, tmp_path, engine, attempts
):
    """The task has one retry: two attempts of its own, but one where the interrupted counts."""
    out, _ = begin(engine, "stubborn").communicate(timeout=PATIENCE)
    assert out, Path(tmp_path / "process-0.log").read_text()
    first, *others = json.loads(out.splitlines()[-1])
    assert first == "interrupted"
    assert ["ZeroDivisionError" in error for error in others] == [True] * attempts
