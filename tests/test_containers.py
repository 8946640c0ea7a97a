"""Root of a container: what it may not do, and whom it may not be, costs no right answer anything.

Judged is as root with the capabilities that Docker gives, or none, as root of a namespace of few
users, and of itself alone.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE, tried
from test_memory import UNCOUNTED

from workbench.sandbox import users
from workbench.sandbox.client import Keeper, layers_here
from workbench.sandbox.job import WorkerError
from workbench.sandbox.moments import MAPPED

HERE = Path(__file__).parent
OWN, FREE, NONE = "a user of its own", "namespaces", ()
LEVELS = {  # level → what holds there
    "docker-nons": (OWN,),
    "rootless": (FREE, OWN),
    "rootless-nons": (OWN,),
    "alone": (FREE,),
    "alone-nons": NONE,
    "bare-nons": NONE,
}
SIXTEEN = (
    "    for _ in range(16):\n"
    "        if not os.fork(): time.sleep(1); os._exit(0)\n"
    "    for _ in range(16): os.wait()"
)
HONEST = {
    "a pool that shares memory": f"kept = bytearray(os.urandom(1)) * (100 << 20)\n{SIXTEEN}",
    "a pool that shares pipes": f"kept = [os.pipe() for _ in range(60)]\n{SIXTEEN}",
}
HOSTILE = {
    "memory in sum": (
        "for _ in range(16):\n"
        "        if not os.fork():\n"
        "            kept = bytearray(os.urandom(1)) * (100 << 20); time.sleep(600)\n"
        "    time.sleep(600)"
    ),
    **{name: f"{UNCOUNTED[name]}\n    time.sleep(600)" for name in UNCOUNTED},
}


@cache
def seen(level):
    """What came of all of these at a level; tried once."""
    command = [sys.executable, HERE / "lowered.py", level, sys.executable, __file__]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
AT_EACH = pytest.mark.parametrize(
    "level",
    [
        pytest.param(level, marks=() if level in ("docker-nons", "rootless") else pytest.mark.slow)
        for level in LEVELS
    ],
)


@AT_EACH
def test_a_level_is_told_as_it_is(level):
    assert {layer for layer in (OWN, FREE) if layer in seen(level)["layers"]} == {*LEVELS[level]}


@AT_EACH
def test_pools_are_not_ended_and_what_they_hold_in_sum_is_bounded(level):
    stopped = seen(level)["stopped"]
    assert stopped == dict.fromkeys(HONEST) | dict.fromkeys(HOSTILE, "memory")


@AT_EACH
def test_a_file_that_is_not_written_as_memory_is_known_as_such(level):
    """Beside it another one is."""
    assert len(seen(level)["states"]) == 3  # none, empty, and what is in it
    assert MAPPED not in seen(level)["states"]


@pytest.fixture
def namespace(monkeypatch):
    """Be told that the namespace has these users and groups."""

    def told(users_there, groups_there, may=True):
        there = {"uid": users_there, "gid": groups_there}
        monkeypatch.setattr(users, "_known", there.get)
        monkeypatch.setattr(users, "_may_give", lambda: may)
        return users.others.__wrapped__()

    return told


ALL = [range(2**32 - 1)]
CASES = {
    "all there are": (ALL, ALL, users.MOST),
    "those of a rootless container": (
        *[[range(1), range(1, 65_536)]] * 2,
        range(61_441, 65_536),
    ),
    "many": (*[[range(100_000)]] * 2, range(93_751, 100_000)),
    "fewer groups": ([range(65_536)], [range(32_768)], range(30_721, 32_768)),
    "too few": (*[[range(4_000)]] * 2, range(0)),
    "itself alone": (*[[range(1)]] * 2, range(0)),
}


@pytest.mark.parametrize("case", CASES)
def test_users_are_those_of_the_namespace(namespace, case):
    users_there, groups_there, offered = CASES[case]
    assert namespace(users_there, groups_there) == offered
    assert namespace(users_there, groups_there, may=False) == range(0)


def test_nobody_is_lent_twice_and_nobody_who_is_somebody(monkeypatch):
    monkeypatch.setattr(users, "others", lambda: range(65_530, 65_536))
    monkeypatch.setattr(users, "_is_somebody", lambda user: user == 65_531)
    with users.lent() as one, users.lent() as two, users.lent() as three:
        assert {one, two, three} == {65_530, 65_532, 65_533}
        with pytest.raises(WorkerError, match="no user is left"), users.lent():
            pass
    with users.lent() as again:
        assert again in (65_530, 65_532, 65_533)


BESIDE = (
    "import mmap\n    open(output_file, 'w').close()\n"
    "    with open('data/other', 'w+b') as file:\n"
    "        file.write(b'a'); file.flush(); mmap.mmap(file.fileno(), 0)[:1] = b'b'\n"
    "    with open(output_file, 'w') as file: file.write('a')"
)


def main():
    told = {"layers": str(layers_here()), "stopped": {}}
    with Keeper(preload=(PROBE,)) as keeper:
        for name, code in (HONEST | HOSTILE).items():
            told["stopped"][name] = tried(keeper, IN_THE_CALL + code).stopped
        with keeper.job(PROBE, IN_THE_CALL + BESIDE, AMPLE) as job:
            job.write("data/input.csv", b"a")
            step = job.step("doubles", {"calls": [PAIR]}, watch=PAIR[1:])
            told["states"] = step.states[PAIR[1]]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
