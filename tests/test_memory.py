"""The memory of a job is counted: of all its processes in sum, whatever becomes of one."""

import contextlib
import time

import psutil
import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE, beside, tried

from workbench.sandbox.client import Keeper


@pytest.fixture(scope="module")
def keeper():
    with Keeper(preload=(PROBE,)) as running:
        yield running


def runs(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_STOPPED
    return False


def test_memory_is_counted_over_all_processes_of_a_job(keeper):
    """Each of them keeps within what one may use."""
    source = (
        IN_THE_CALL + "import mmap\n"
        "    for _ in range(16):\n"
        "        if not os.fork():\n"
        "            kept = bytearray(os.urandom(1)) * (100 << 20)\n"
        "            time.sleep(600)\n"
        "    time.sleep(600)"
    )
    assert tried(keeper, source).stopped == "memory"


@pytest.mark.parametrize("looks", [True, False])
def test_memory_is_counted_also_while_a_process_has_stopped(keeper, looks):
    """Its children stop it again and again, and take more than is granted."""
    source = (
        IN_THE_CALL + "parent, (ready, go) = os.getpid(), os.pipe()\n"
        "    def state(): return open(f'/proc/{parent}/stat').read().split()[2]\n"
        "    for _ in range(8):\n"
        "        if not os.fork():\n"
        "            os.read(ready, 1)\n"
        "            while state() != 'T': os.kill(parent, signal.SIGSTOP)\n"
        "            kept = bytearray(os.urandom(1)) * (100 << 20)\n"
        "            while True: os.kill(parent, signal.SIGSTOP)\n"
        "    os.write(go, bytes(8))\n"
        "    time.sleep(600)"
    )

    def look(told):
        while any(map(runs, beside(keeper))):  # who takes no memory is let stand
            time.sleep(0.01)

    with keeper.job(PROBE, source, AMPLE) as job:
        seen = job.step("doubles", {"calls": [PAIR]}, None, look if looks else None)
    assert seen.stopped == "memory"


def test_memory_is_counted_also_where_the_first_thread_has_ended(keeper):
    """Of such a process the kernel tells no size, but of each of its threads."""
    source = (
        IN_THE_CALL + "import ctypes, threading\n"
        "    exit = 60 if os.uname().machine == 'x86_64' else 93\n"
        "    def take():\n"
        "        kept = bytearray(os.urandom(1)) * (200 << 20)\n"
        "        time.sleep(600)\n"
        "    for _ in range(8):\n"
        "        if not os.fork():\n"
        "            threading.Thread(target=take).start()\n"
        "            ctypes.CDLL(None).syscall(exit, 0)\n"
        "    time.sleep(600)"
    )
    assert tried(keeper, source).stopped == "memory"


def test_the_tables_of_memory_are_counted_too(keeper):
    """A page at each border of the largest tables takes three of them, and no memory of its own."""
    source = (
        IN_THE_CALL + "import ctypes, mmap\n"
        "    kernel = ctypes.CDLL(None)\n"
        "    kernel.mmap.restype = ctypes.c_void_p\n"
        "    kernel.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3,\n"
        "                            ctypes.c_long]\n"
        "    read, private, anonymous = 1, 2, 32\n"
        "    for border in range(1000, 40_000):\n"
        "        at = (border << 30) - 4096\n"
        "        if kernel.mmap(at, 8192, read, private | anonymous, -1, 0) == at:\n"
        "            ctypes.string_at(at, 1), ctypes.string_at(at + 4096, 1)\n"
        "    time.sleep(600)"
    )
    assert tried(keeper, source).stopped == "memory"


def test_memory_that_processes_share_is_counted_once(keeper):
    source = (
        IN_THE_CALL + "kept = bytearray(os.urandom(1)) * (100 << 20)\n"
        "    for _ in range(16):\n"
        "        if not os.fork(): time.sleep(2); os._exit(0)\n"
        "    for _ in range(16): os.wait()"
    )
    assert tried(keeper, source).stopped is None


UNCOUNTED = {  # what the kernel keeps for an answer, and counts for none of its processes
    "locks": (
        "import fcntl\n"
        "    file = open('data/whole', 'w'); fcntl.lockf(file, fcntl.LOCK_EX)\n"
        "    for byte in range(2_000): fcntl.lockf(file, fcntl.LOCK_UN, 1, 2 * byte)"
    ),
    "files of /proc": (
        "os.fork(); os.fork()\n    kept = [open('/proc/self/fdinfo/0') for _ in range(100)]"
    ),
    "pipes": "os.fork(); os.fork(); kept = [os.pipe() for _ in range(100)]",
    "pipes with names": (
        "child, kept = os.fork(), []\n"
        "    for name in (f'data/{child}-{n}' for n in range(150)):\n"
        "        os.mkfifo(name); kept.append(os.open(name, os.O_RDONLY | os.O_NONBLOCK))"
    ),
    "pipes where nobody may look": (
        "import ctypes\n"
        "    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); os.fork(); os.fork()\n"
        "    kept = [os.pipe() for _ in range(100)]"
    ),
}


@pytest.mark.parametrize("kind", UNCOUNTED)
def test_what_counts_for_no_process_is_counted_for_the_job(keeper, kind):
    source = f"{IN_THE_CALL}{UNCOUNTED[kind]}\n    time.sleep(600)"
    assert tried(keeper, source).stopped == "memory"


def test_locks_and_pipes_that_an_answer_needs_cost_it_nothing(keeper):
    """Pipes that processes have in common are counted once."""
    source = (
        IN_THE_CALL + "import fcntl\n"
        "    kept, file = [os.pipe() for _ in range(60)], open('data/parts', 'w')\n"
        "    for byte in range(500): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * byte)\n"
        "    for _ in range(16):\n"
        "        if not os.fork(): time.sleep(1); os._exit(0)\n"
        "    for _ in range(16): os.wait()"
    )
    assert tried(keeper, source).stopped is None
