"""What answers do to outlive their limit, and by how much each does: `overdue.py` tells, as JSON.

Start it by `lowered.py LEVEL` for a machine that grants less.
"""

import json
import time
from dataclasses import replace

from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE

from workbench.sandbox.client import Keeper

LIMITS = replace(AMPLE, wall=2)
DEAF = (
    "for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
    "        signal.signal(number, signal.SIG_IGN)\n    "
)
FORKED = "for _ in range(32):\n        if not os.fork(): break\n    "
ANSWERS = {  # what the answer does in its call → how its job ends
    "sleeps": ("time.sleep(600)", "time"),
    "spins": ("while True: pass", "time"),
    "spins, deaf to signals": (f"{DEAF}while True: pass", "time"),
    "forks 32 deaf children that spin": (f"{DEAF}{FORKED}while True: pass", "time"),
    "forks 32 deaf children, each a session of its own": (
        f"{DEAF}{FORKED}os.getpid() == os.getsid(0) or os.setsid()\n    time.sleep(600)",
        "time",
    ),
    "forks a child for each that ends": (
        f"{DEAF}while True:\n        if os.fork(): os._exit(0)",
        "exit",
    ),
    "prints a flood": ("while True: os.write(1, b'x' * 65536)", "output"),
    "prints drop by drop": ("while True: os.write(1, b'x'); time.sleep(0.001)", "time"),
    "closes every descriptor": ("os.closerange(0, 999); time.sleep(600)", "time"),
    "stops itself": ("while True: os.kill(os.getpid(), signal.SIGSTOP); time.sleep(0.01)", "time"),
    "leaves as many folders in one as there may be": (
        "for n in range(16000): os.mkdir(str(n))\n    time.sleep(600)",
        "time or output",
    ),
    "leaves folders in folders, of mode 0": (
        "for n in range(160):\n"
        "        os.mkdir(str(n)); os.chdir(str(n))\n"
        "        for _ in range(90): os.mkdir('d'); os.chdir('d')\n"
        "        for _ in range(91): os.chdir('..'); _ < 90 and os.chmod('d', 0)\n"
        "    time.sleep(600)",
        "time or output",
    ),
    "leaves a tree of folders": (
        "for n in range(20000):\n"
        "        try: os.makedirs(f'{n % 50}/{n % 40}/{n}')\n"
        "        except OSError: break\n"
        "    time.sleep(600)",
        "time or output",
    ),
}


def ended(keeper, source):
    """(seconds until the report is there and the job is gone, how it was stopped)."""
    with keeper.job(PROBE, IN_THE_CALL + source, LIMITS) as job:
        began = time.monotonic()
        job.write("data/input.csv", b"a\n1\n")
        stopped = job.step("doubles", {"calls": [PAIR]}).stopped
    return time.monotonic() - began, stopped


def overshoots():
    """Answer → (seconds beyond the limit, what an honest job took just before, how it ended)."""
    with Keeper(preload=(PROBE,)) as keeper:
        told = {}
        for name, (source, _) in ANSWERS.items():
            honest, _ = ended(keeper, "return")
            seconds, stopped = ended(keeper, source)
            told[name] = (seconds - LIMITS.wall, honest, stopped)
        return told


if __name__ == "__main__":
    print(json.dumps(overshoots()))
