"""What may have been written as memory, of which no call tells, counts as if it had been."""

import os

import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE

from workbench.sandbox.client import Keeper
from workbench.sandbox.moments import MAPPED

OUTPUT, HOLDING = "data/output.csv", "holding"


@pytest.fixture(scope="module")
def keeper():
    with Keeper(preload=(PROBE,)) as running:
        yield running


@pytest.fixture(scope="module")
def holding():
    with Keeper(preload=(HOLDING,)) as running:
        yield running


WAITING = (
    "import mmap, threading\n"
    + IN_THE_CALL
    + (
        "def shared(file, size): file.truncate(size); mmap.mmap(file.fileno(), size)\n"
        "    threading.Thread(target=time.sleep, args=[600], daemon=True).start()\n"
    )
)
UNSURE = {  # what is mapped → whether an output that is written over is as if it had been, too
    "another file, while a thread runs": (
        WAITING + "    shared(open('another', 'w+b'), 4096)\n",
        True,
    ),
    "a lock of processes, while a thread runs": (
        WAITING + "    shared(open('/dev/shm/lock', 'w+b'), 4096)\n",
        True,
    ),
    "another file, by one thread": (
        WAITING.replace(".start()", "") + "    shared(open('another', 'w+b'), 4096)\n",
        False,
    ),
    "nothing, while a thread runs": (WAITING, False),
    "more files than are looked at": (
        WAITING.replace(".start()", "")
        + "    for n in range(257): open(f'data/{n}', 'w')\n"
        + "    shared(open('another', 'w+b'), 4096)\n",
        True,
    ),
    "more bytes than are looked at": (
        WAITING.replace(".start()", "")
        + "    for n in range(17): shared(open(f'data/{n}', 'w+b'), 1 << 20)\n",
        True,
    ),
}


@pytest.mark.parametrize("mapped", UNSURE)
def test_what_cannot_be_told_of_memory_counts_against_who_writes_over_an_output(keeper, mapped):
    source, counts = UNSURE[mapped]
    source += "    os.pwrite(os.open(output_file, os.O_WRONLY), b'newer', 0)"
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write(OUTPUT, b"older")
        seen = job.step("crash_safe", {"calls": [PAIR]}, watch=[OUTPUT])
    assert (seen.error, seen.stopped) == (None, None)
    assert (MAPPED in seen.states[OUTPUT]) == counts


@pytest.mark.parametrize("mapped", UNSURE)
def test_what_cannot_be_told_of_memory_costs_nothing_who_moves_into_place(keeper, mapped):
    source, _ = UNSURE[mapped]
    source += "    open('data/part', 'wb').write(b'newer'); os.replace('data/part', output_file)"
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write(OUTPUT, b"older")
        seen = job.step("crash_safe", {"calls": [PAIR]}, watch=[OUTPUT])
    assert (MAPPED in seen.states[OUTPUT]) == mapped.startswith("more")


AS_MEMORY = """
import mmap, os
def process_data(input_file, output_file):
    with open(output_file, "r+b") as file, mmap.mmap(file.fileno(), 5) as memory:
        memory[:] = b"newer"
"""


def test_what_was_written_as_memory_is_known_though_the_judge_writes_next(holding):
    with holding.job(HOLDING, AS_MEMORY, AMPLE) as job:
        job.write(OUTPUT, b"older")

        def look(_):
            job.write(OUTPUT, b"other")

        calls = {"calls": [PAIR, PAIR]}
        seen = job.step("crash_safe", calls, look=look, watch=[OUTPUT])
    assert (seen.error, seen.stopped) == (None, None)
    assert MAPPED in seen.states[OUTPUT]


def test_what_the_judge_writes_is_not_written_as_memory(holding):
    source = WAITING + "    shared(open('another', 'w+b'), 4096)\n"
    source += "    open('data/part', 'wb').write(b'newer'); os.replace('data/part', output_file)"
    with holding.job(HOLDING, source, AMPLE) as job:
        job.write(OUTPUT, b"older")

        def look(_):
            job.write(OUTPUT, os.urandom(5))

        calls = {"calls": [PAIR] * 20}
        seen = job.step("crash_safe", calls, look=look, watch=[OUTPUT])
    assert (seen.error, seen.stopped) == (None, None)
    assert MAPPED not in seen.states[OUTPUT]
