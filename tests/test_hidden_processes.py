"""A machine whose /proc tells nobody of others' processes, nor of those that hide themselves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TRIES = """
import os, sys
sys.path.insert(0, sys.argv[1])
from sandboxed import *
from workbench.sandbox.client import Keeper
probe, source = sys.argv[2], IN_THE_CALL + sys.argv[3]
with Keeper(preload=(probe,)) as keeper:
    seen = tried(keeper, source, probe=probe)
    print(seen.stopped, (seen.error or {}).get("type"), *seen.output.split())
    for process in filter(str.isdigit, seen.output.split()):
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            print("ended")
"""
WITHOUT_LANDLOCK = "user-nons-nolock-hidepid"
PREPARES = (
    "import ctypes\n    hide = lambda value: ctypes.CDLL(None).prctl(4, value, 0, 0, 0)\n"
    "    def become_a_program_that_nobody_may_read(seconds):\n"
    "        made = os.open('program', os.O_CREAT | os.O_WRONLY, 0o111)\n"
    "        os.write(made, open('/bin/sleep', 'rb').read()); os.close(made)\n"
    "        os.execv('./program', ['program', str(seconds)])\n    "
)
FORKS = (
    PREPARES
    + "if child := os.fork(): print(child, flush=True)\n"
    + "    else: become_a_program_that_nobody_may_read({})\n"
)


def at(level, code, probe="calling"):
    """What came of an answer: how it was stopped, what it raised, its words, who has ended."""
    command = [sys.executable, HERE / "lowered.py", level, sys.executable, "-c", TRIES, HERE]
    environment = os.environ | {"TMPDIR": "/tmp", "HOME": "/tmp"}
    done = subprocess.run(
        [*command, probe, code],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is"),
]


@pytest.mark.parametrize("level", ["user-nons-hidepid", WITHOUT_LANDLOCK])
def test_no_process_of_an_answer_can_say_that_nobody_may_look_at_it(level):
    takes = "print(hide(0), hide(1)); kept = bytearray(b'x') * (200 << 20); time.sleep(600)"
    code = PREPARES + f"os.fork(); os.fork(); {takes}"
    assert at(level, code)[:2] == ["memory", "None"]
    assert at(level, PREPARES + "print('said', hide(0), hide(1))")[2:] == ["said", "-1", "0"]


def test_an_answer_runs_no_program_that_nobody_may_read():
    told = at("user-nons-hidepid", PREPARES + "become_a_program_that_nobody_may_read(600)")
    assert told[:2] == ["None", "PermissionError"]


@pytest.mark.parametrize("then", ["time.sleep(600)", "pass"])
def test_who_can_hide_all_the_same_stops_the_answer_and_is_ended(then):
    stopped, _, _, *ended = at(WITHOUT_LANDLOCK, f"{FORKS.format(600)}    {then}")
    assert (stopped, ended) == ("None" if then == "pass" else "memory", ["ended"])


def test_what_runs_below_a_process_of_ours_that_hides_itself_is_counted():
    code = PREPARES + (
        "for _ in range(8):\n        if not os.fork(): break\n"
        "    hide(1); kept = bytearray(b'x') * (100 << 20); time.sleep(600)"
    )
    assert at("user-nons-hidepid", code, "hiding")[0] == "memory"


def test_below_one_of_ours_a_program_that_nobody_may_read_is_ended_and_not_counted():
    """As the README says."""
    stopped, *_, ended = at(WITHOUT_LANDLOCK, f"{FORKS.format(600)}    time.sleep(2)", "hiding")
    assert (stopped, ended) == ("None", "ended")
