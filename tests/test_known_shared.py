"""What answers have in common with each other and with the machine, as the README says."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE, tried

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.sandbox.client import Keeper

HERE = Path(__file__).parent
ASKS = (
    "frame = sys._getframe()\n    while 'channel' not in frame.f_locals:\n"
    "        frame = frame.f_back\n    ask = frame.f_locals['channel'].ask\n    "
)
LOCKS = (
    f"{IN_THE_CALL}{ASKS}import fcntl\n    file = open(os.__file__)\n"
    "    fcntl.flock(file, fcntl.LOCK_EX)\n    ask(locked=True)"
)


def test_who_may_read_a_file_may_lock_it_while_it_runs():
    seen = []

    def locked(_):
        with open(os.__file__) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                seen.append("locked")
        return {}

    with Keeper(preload=(PROBE,)) as keeper, keeper.job(PROBE, LOCKS, AMPLE) as job:
        job.write("data/input.csv", b"a\n1\n")
        job.step("doubles", {"calls": [PAIR]}, locked)
        with open(os.__file__) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises, were it locked still
    assert seen == ["locked"]


SHARES = f"""
from sandboxed import *
from workbench.sandbox.client import Keeper
KEEPS = IN_THE_CALL + {ASKS!r} + (
    "open('/dev/shm/left-by-one', 'w').close(); ask(kept=True)\\n"
    "    print(os.path.exists('/dev/shm/left-by-one'))"
)
REMOVES = IN_THE_CALL + "os.unlink('/dev/shm/left-by-one')"


def step(job, serve=None):
    job.write("data/input.csv", b"a\\n1\\n")
    return job.step("doubles", {{"calls": [PAIR]}}, serve)


with Keeper(preload=(PROBE,)) as one, Keeper(preload=(PROBE,)) as other:
    with one.job(PROBE, KEEPS, AMPLE) as job, other.job(PROBE, REMOVES, AMPLE) as beside:
        print(step(job, lambda _: step(beside) and {{}}).output.strip())
"""


def at_levels(script):
    """What a script prints, by the level that it runs at."""
    told = {}
    for level in ("root", "root-nons", "user", "user-nons"):
        command = [sys.executable, HERE / "lowered.py", level, sys.executable, "-c", script]
        environment = os.environ | {"PYTHONPATH": str(HERE), "TMPDIR": "/tmp", "HOME": "/tmp"}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env=environment
        )
        told[level] = done.stdout.strip() or done.stderr
    return told


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
def test_answers_of_one_account_share_memory_without_namespaces():
    told = at_levels(SHARES)
    Path("/dev/shm/left-by-one").unlink(missing_ok=True)
    assert told == {"root": "True", "root-nons": "True", "user": "True", "user-nons": "False"}


PIPES = f"""
from sandboxed import *
from workbench.sandbox.client import Keeper
OPENS = IN_THE_CALL + {ASKS!r} + (
    "held = []\\n"
    "    try:\\n        while True: held.append(os.pipe()); os.close(held[-1][1])\\n"
    "    except OSError: ask(all=True)"
)
WRITES = IN_THE_CALL + (
    "line = os.pipe()[1]; os.set_blocking(line, False); print(os.write(line, bytes(1 << 17)))"
)


def written(keeper, beside):
    with keeper.job(PROBE, OPENS if beside else WRITES, AMPLE) as job:
        job.write("data/input.csv", b"a\\n1\\n")
        told = []
        serve = (lambda _: told.append(written(keeper, beside - 1)) or {{}}) if beside else None
        output = job.step("doubles", {{"calls": [PAIR]}}, serve).output.strip()
        return told[0] if told else output


with Keeper(preload=(PROBE,)) as keeper:
    print(written(keeper, 1), written(keeper, 5))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
def test_answers_of_one_account_that_are_many_have_its_pipes_in_common():
    told = at_levels(PIPES)
    enough, small = "65536 65536", "65536 8192"
    assert told == {"root": enough, "root-nons": enough, "user": small, "user-nons": small}


LEAVES = """
import os, tempfile
import pandas as pd

def process_data(input_file, output_file):
    tempfile.mkstemp()
    pd.read_csv(input_file).mul(2).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
"""


def test_what_stays_among_temporary_files_is_not_beside_the_output():
    report = check.judge("problem_3", Answer(code=LEAVES), 7, words=False)
    assert {one.outcome for one in report.criteria if one.id != "explained"} == {"passed"}


def test_what_the_kernel_remembers_of_locks_is_no_memory_of_a_process():
    source = IN_THE_CALL + (
        "import fcntl\n"
        "    def held():\n"
        "        return int(open('/proc/self/statm').read().split()[1]) * 4096\n"
        "    before, files = held(), [open(f'data/{n}', 'w') for n in range(5)]\n"
        "    for file in files:\n"
        "        for part in range(200): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * part)\n"
        "    print(held() - before < 1 << 20)"
    )
    with Keeper(preload=(PROBE,)) as keeper:
        seen = tried(keeper, source)
    assert (seen.stopped, seen.output) == (None, "True\n")


def test_what_a_chain_of_forks_remembers_of_mappings_is_no_memory_of_a_process():
    """Each keeps, of each mapping that was split, a note for each of those before it."""
    source = IN_THE_CALL + (
        "import ctypes, mmap\n"
        "    size, kernel = 1 << 13, ctypes.CDLL(None)\n"
        "    held = mmap.mmap(-1, size * 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\n"
        "    held[0] = 1\n"
        "    at = ctypes.addressof(ctypes.c_char.from_buffer(held))\n"
        "    for page in range(1, size, 2):\n"
        "        kernel.mprotect(ctypes.c_void_p(at + page * 4096), 4096, mmap.PROT_READ)\n"
        "    maps = open('/proc/self/maps').read().count('\\n')\n"
        "    for depth in range(12):\n"
        "        if child := os.fork():\n"
        "            deepest = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
        "            if depth: os._exit(deepest)\n"
        "            print(maps > 8000, deepest)\n"
        "            return\n"
        "    os._exit(12)"
    )
    with Keeper(preload=(PROBE,)) as keeper:
        seen = tried(keeper, source)
    assert (seen.stopped, seen.output) == (None, "True 12\n")
