"""What may have been written as memory, of which no call tells, counts as if it had been."""

import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE

from workbench.sandbox.client import Keeper
from workbench.sandbox.moments import MAPPED

OUTPUT = "data/output.csv"


@pytest.fixture(scope="module")
def keeper():
    with Keeper(preload=(PROBE,)) as running:
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
