"""From the return of a call to the judge's look nothing of a job runs; then all of it goes on."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, beside

from workbench.exercises.problem_3.calls import plain
from workbench.exercises.registry import find
from workbench.sandbox.client import Keeper

PROBE = "holding"
LEVELS = ("root", "user", "root-nons", "user-nons", "user-nons-nolock")
# Each call leaves a thread and two processes that are busy for ever.
BUSY = IN_THE_CALL + (
    "import threading\n"
    "    reader, writer = os.pipe()\n"
    "    def work():\n"
    "        os.write(writer, b'!')\n"
    "        while True: pass\n"
    "    threading.Thread(target=work, daemon=True).start()\n"
    "    if not os.fork():\n"
    "        os.setsid()\n"
    "        os.fork()\n"
    "        work()\n"
    "    for _ in range(3): os.read(reader, 1)"
)


def stopped(thread):
    """Whether a thread is stopped, or will be before it does anything."""
    told = dict(line.split(":", 1) for line in (thread / "status").read_text().splitlines())
    pending = int(told["SigPnd"], 16) | int(told["ShdPnd"], 16)
    return told["State"].strip()[0] == "T" or bool(pending & 1 << signal.SIGSTOP - 1)


def main():
    """Print what is so while a job is held, and whether a process that is none of it was, too."""
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    seen = []
    with Keeper(preload=(PROBE,)) as keeper, keeper.job(PROBE, BUSY, AMPLE) as job:
        (supervisor,) = psutil.Process(keeper.process.pid).children()
        (warden,) = supervisor.children()

        def look(told):
            states = [
                stopped(thread)
                for process in warden.children(recursive=True)
                for thread in Path(f"/proc/{process.pid}/task").iterdir()
            ]
            held = psutil.Process(bystander.pid).status() == psutil.STATUS_STOPPED
            seen.append((len(states), all(states), held))

        job.write("data/input.csv", b"a\n1\n")
        observed = job.step("doubles", {"calls": [PAIR] * 3}, None, look)
    bystander.kill()
    print(seen, observed.stopped, observed.error)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
@pytest.mark.parametrize("level", LEVELS)
def test_nothing_of_a_job_runs_while_the_judge_looks_and_nothing_else_is_held(level):
    here = Path(__file__).parent
    command = [sys.executable, here / "lowered.py", level, sys.executable, __file__]
    environment = os.environ | {"PYTHONPATH": str(here), "TMPDIR": "/tmp", "HOME": "/tmp"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", env=environment
    )
    expected = [(1 + 3 * number, True, False) for number in (1, 2, 3)]
    assert done.stdout.strip() == f"{expected} None None", done.stderr


OTHERS = """
import os, signal, time
from workbench.sandbox.process import stopped
from workbench.sandbox.stillness import Others

def endless():
    child = os.fork()
    if child == 0:
        while True: time.sleep(0.01)
    return child

def until(process, held):
    while stopped(process) != held: time.sleep(0.01)

stage, first = endless(), endless()
others = Others(stage)
others.stop()
until(first, True)
second = endless()
others.stop()
until(second, True)
print(stopped(stage))
others.go_on()
until(first, False), until(second, False)
others = Others(stage)
os.kill(stage, signal.SIGSTOP)
until(stage, True)
others.stop()
others.go_on()
until(first, True)
until(second, True)
print(True)
for process in (stage, first, second): os.kill(process, signal.SIGKILL)
"""


def test_others_than_a_child_stand_and_go_on_unless_it_has_stopped():
    command = [sys.executable, "-c", OTHERS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "False\nTrue\n", done.stderr


STOPS_WHILE_IT_RESTS = (
    "import os, signal, threading, time\n"
    "def wait():\n"
    "    while not os.path.exists('go'): time.sleep(0.01)\n"
    "    os.kill(os.getpid(), signal.SIGSTOP)\n"
    "def process_data(input_file, output_file):\n"
    "    if not os.path.exists('go'): threading.Thread(target=wait, daemon=True).start()\n"
)


def test_one_that_stops_itself_while_it_rests_is_dismissed():
    call = plain([["a"], ["1"]]).told | {"stage": "doubles"}
    given = {"folder": "data", "calls": [call], "kept": True}
    probe = find("problem_3").probe
    limits = replace(AMPLE, silence=20)
    with (
        Keeper(preload=(probe,)) as keeper,
        keeper.job(probe, STOPS_WHILE_IT_RESTS, limits) as job,
    ):
        job.write("data/input.csv", b"a\n1\n")
        first = job.step("doubles", given, lambda asked: {}, lambda told: None, kept=True)
        job.write("data/go", b"")
        stage = beside(keeper)[0]
        while stage.status() != psutil.STATUS_STOPPED:
            time.sleep(0.01)
        given["kept"] = False
        second = job.step("replaces", given, lambda asked: {}, lambda told: None)
    assert (first.stopped, second.stopped, second.error) == (None, None, None)


ENDS = """
import os, sys
def process_data(input_file, output_file):
    if os.path.exists("told"):
        sys.exit()
    open("told", "w").close()
    next(iter(()))
"""


def test_a_stop_iteration_is_an_error_and_an_exit_as_if_all_were_well_is_a_return():
    call = replace(plain([["a"], ["1"]]), may_fail=True).told | {"stage": "doubles"}
    given, seen = {"folder": "data", "calls": [call] * 2, "kept": False}, []
    probe = find("problem_3").probe
    with Keeper(preload=(probe,)) as keeper, keeper.job(probe, ENDS, AMPLE) as job:
        job.write("data/input.csv", b"a\n1\n")
        observed = job.step("doubles", given, lambda asked: {}, seen.append)
    assert [told.get("raised", False) for told in seen] == [True, False]
    (failed,) = (value["failed"] for value in observed.values if "failed" in value)
    assert (failed["type"], observed.error, observed.stopped) == ("StopIteration", None, None)


if __name__ == "__main__":
    main()
