"""A workbench that is killed at any moment loses no finished task."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench import Record, Run

PROGRAM = """
import sys, time
from workbench import Pipeline, Run

def build():
    pipeline = Pipeline("long")
    pipeline.task(lambda: 0, name="t0")
    for number in range(1, 40):
        upstream = f"t{(number - 1) // 2}"
        body = f"def task({upstream}):\\n    time.sleep(0.005)\\n    return {upstream} + 1"
        exec(body, globals())
        pipeline.task(globals()["task"], name=f"t{number}")
    return pipeline

if __name__ == "__main__":
    run = Run(build(), sys.argv[1], jobs=3)
    print("ready", flush=True)
    run.run_all()
    print("done", flush=True)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("program") / "long_pipeline.py"
    path.write_text(PROGRAM)
    return path


@pytest.mark.parametrize("attempt", range(20))
def test_a_kill_at_a_random_moment_loses_no_finished_task(program, tmp_path, attempt):
    folder, moment = tmp_path / "run", random.Random(attempt).uniform(0.0, 0.12)
    child = subprocess.Popen([sys.executable, program, folder], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(moment)
    child.kill()
    child.wait()
    child.stdout.close()

    before = Record.load(folder)
    namespace = {"__name__": "long_pipeline"}
    exec(compile(program.read_text(), program, "exec"), namespace)
    run = Run.resume(folder, namespace["build"](), jobs=3)
    finished = {task for task, state in before.states().items() if state == "success"}
    interrupted = {task for task, state in before.states().items() if state == "running"}
    assert {task for task, state in run.states.items() if state == "success"} == finished
    assert {task for task in run.states if _interrupted(run.record, task)} == interrupted
    assert set(run.states.values()) <= {"success", "pending"}

    run.run_all()
    assert set(run.states.values()) == {"success"}
    assert run.outputs["t39"] == 5
    assert all(len(run.record.attempts(task)) == 1 for task in finished)
    assert Record.load(folder).states() == run.states
    run.close()


def _interrupted(record, task):
    return any(attempt.error == "interrupted" for attempt in record.attempts(task))


def test_the_process_of_a_task_dies_with_the_workbench(tmp_path):
    script = tmp_path / "p.py"
    script.write_text(
        "import os, sys, time\n"
        "from workbench import Pipeline, Run\n"
        "p = Pipeline('p')\n"
        "@p.task(timeout=60)\n"
        "def long():\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(60)\n"
        "Run(p, sys.argv[1]).run_all()\n"
    )
    workbench = subprocess.Popen([sys.executable, script, tmp_path / "run"])
    log = Path(tmp_path / "run/logs/long/1.txt")
    _until(lambda: log.exists() and log.read_text().strip())
    task = int(log.read_text())
    workbench.send_signal(signal.SIGKILL)
    workbench.wait()
    _until(lambda: not os.path.exists(f"/proc/{task}"))


def _until(true, seconds=150):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
