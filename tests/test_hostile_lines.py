"""Whatever an answer does to the lines it has to the judge, its job ends in time, with a reason."""

import contextlib
import os
import signal
import socket
import time
from dataclasses import replace

import psutil
import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE, tried

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.sandbox.apart import apart
from workbench.sandbox.client import Keeper
from workbench.sandbox.lines import Lines
from workbench.sandbox.process import PASS_RIGHTS

SHORT = replace(AMPLE, wall=2)
CHANNEL = "f = sys._getframe(1).f_locals['channel']\n    "
ENDLESS = "while True: pass"
SLEEP = "time.sleep(600)"


@pytest.fixture(scope="module")
def keeper():
    with Keeper(preload=(PROBE,)) as running:
        yield running


def shut(what):
    """Shut down every socket the answer has, the standard output among them."""
    return (
        "for d in (1, 2, *range(3, 64)):\n"
        f"        try: socket.socket(fileno=os.dup(d)).shutdown(socket.SHUT_{what})\n"
        "        except OSError: pass\n    "
    )


STOPPED = {  # what the answer does in its call → how its job ends
    "its output is shut, then it sleeps": (
        f"socket.socket(fileno=1).shutdown(socket.SHUT_WR); {SLEEP}",
        "time",
    ),
    "its output is shut, then it spins": (
        f"socket.socket(fileno=1).shutdown(socket.SHUT_RDWR)\n    {ENDLESS}",
        "time",
    ),
    "every line is shut for writing, then it sleeps": (shut("WR") + SLEEP, "time"),
    "every line is shut for reading and writing, then it sleeps": (shut("RDWR") + SLEEP, "time"),
    "every line is shut, then it returns": (shut("RDWR") + "return", "exit"),
    "every descriptor is closed, then it sleeps": (f"os.closerange(0, 999); {SLEEP}", "time"),
    "it prints drop by drop": (
        "while True: os.write(1, b'x'); time.sleep(0.001)",
        "time",
    ),
    "it prints a flood": ("while True: os.write(1, b'x' * 65536)", "output"),
    "it speaks drop by drop, in no line": (
        CHANNEL + "while True: f._socket.send(b'x'); time.sleep(0.001)",
        "time",
    ),
    "it speaks a flood in one line": (
        CHANNEL + "while True: f._socket.sendall(b'x' * 65536)",
        "output",
    ),
    "it asks without listening": (CHANNEL + "while True: f._send('ask', {})", "output"),
    "it waits for an answer that never comes": (CHANNEL + "f._lines.readline()", "time"),
    "it names the criterion by a list": (CHANNEL + "f._send('stage', [[]]); os._exit(0)", "exit"),
}


@pytest.mark.parametrize("name", STOPPED)
def test_a_job_ends_with_a_reason(keeper, name):
    source, reason = STOPPED[name]
    with keeper.job(PROBE, IN_THE_CALL + source, SHORT) as job:
        job.write("data/input.csv", b"a\n1\n")
        began = time.monotonic()
        seen = job.step("doubles", {"calls": [PAIR]}, serve=lambda question: {})
        assert (seen.stopped, seen.stage) == (reason, "doubles")
        assert time.monotonic() - began < 60  # far from never, on however busy a machine
        assert job.step("idempotent", {"calls": [PAIR]}).stopped == reason


def test_processes_end_in_time_also_while_their_judge_is_busy(keeper):
    asks = IN_THE_CALL + f"os.fork(); {CHANNEL}f.ask(busy=True); {SLEEP}"
    left = [None] * 9

    def busy(question):  # until none is left but who clears up
        while len(left) > 2:
            left[:] = psutil.Process(keeper.process.pid).children(recursive=True)
        return {}

    with keeper.job(PROBE, asks, SHORT) as job:
        job.write("data/input.csv", b"a\n1\n")
        assert job.step("doubles", {"calls": [PAIR]}, serve=busy).stopped == "time"
    assert len(left) == 2


def test_an_output_that_is_shut_costs_nothing():
    text = (
        "import os, socket\nimport pandas as pd\n"
        "socket.socket(fileno=os.dup(1)).shutdown(socket.SHUT_WR)\n"
        "def process_data(i, o):\n    (pd.read_csv(i) * 2).to_csv(o + '.part', index=False)\n"
        "    os.replace(o + '.part', o)\n"
    )
    report = check.judge("problem_3", Answer(code=text), seed=3, words=False)
    assert (report.stopped, report.outcome) == (None, "passed")
    asked = [mark for mark in report.criteria if mark.max_points]
    assert {mark.outcome for mark in asked} == {"passed"}
    assert "crash_safe" in {mark.id for mark in asked}


def test_a_look_is_not_passed_over_where_the_end_is_told_with_it():
    pairs = [socket.socketpair() for _ in range(3)]
    (_, warden), *others = pairs
    with contextlib.closing(Lines([ours for ours, _ in pairs], 60, 60, 4096, 4096)) as lines:
        warden.sendall(b'{"still": true}\n{"confined": true}\n')
        for _, theirs in others:
            theirs.close()
        told = sorted(lines.messages(), key=str)
        warden.close()
    assert told == [("still", {}), ("warden", {"confined": True})]


def test_what_was_said_while_the_judge_did_not_run_is_heard():
    pairs = [socket.socketpair() for _ in range(3)]
    (_, warden), (_, probe), _ = pairs
    with contextlib.closing(Lines([ours for ours, _ in pairs], 60, 0.01, 1 << 22, 9)) as lines:
        probe.sendall(b'{"stage": "a"}\n' * 9000)  # several pieces
        warden.sendall(b'{"confined": true}\n')
        time.sleep(0.05)  # longer than a word is waited for
        told = sorted(sender for sender, _ in lines.messages())
        warden.close()
    assert told == ["probe"] * 9000 + ["warden"]


def refuses_descriptors():
    """Whether this kernel lets the end of a line take bytes alone: it asks for Linux 6.16."""
    ours, theirs = socket.socketpair()
    with ours, theirs, contextlib.suppress(OSError):
        return ours.getsockopt(socket.SOL_SOCKET, PASS_RIGHTS) == 1
    return False


HANDS_OVER = (
    "handed = []\n"
    "    for line in range(1, 64):\n"
    "        try: socket.send_fds(socket.socket(fileno=os.dup(line)), [b' '], [0])\n"
    "        except OSError as error: handed.append(type(error).__name__)\n"
    "        else: handed.append(line)\n    "
)


def hands_over(channel):
    try:
        socket.send_fds(channel._socket, [b" "], [0])
    except OSError as error:
        return {"handed": [type(error).__name__]}
    return {"handed": [0]}


@pytest.mark.skipif(not refuses_descriptors(), reason="this kernel is older than Linux 6.16")
def test_no_descriptor_is_handed_over_a_line(keeper):
    seen = tried(keeper, IN_THE_CALL + HANDS_OVER + "print(handed)")
    answers = [eval(seen.output), apart(hands_over, hear=lambda asked: {})["handed"]]
    for handed in answers:
        assert "PermissionError" in handed
        assert not [line for line in handed if isinstance(line, int)]


LOOKS_UP = IN_THE_CALL + (
    "from workbench.sandbox.apart import apart\n"
    "    def look():\n"
    "        try: return {'seen': os.listdir(f'/proc/{os.getppid()}/fd')}\n"
    "        except PermissionError: return {'seen': None}\n"
    "    print(apart(look))"
)


def test_who_waits_for_work_apart_is_hidden_from_it():
    with Keeper(preload=("hiding", "workbench.sandbox.apart")) as keeper:
        seen = tried(keeper, LOOKS_UP, probe="hiding")
    assert (seen.output, seen.error) == ("{'seen': None}\n", None)


@pytest.mark.slow
@pytest.mark.parametrize("halted", [1, 2])
def test_a_family_that_is_halted_is_left_in_time(keeper, halted):
    """Its supervisor, its warden: neither takes an order nor says that the step has ended."""
    with keeper.job(PROBE, IN_THE_CALL + SLEEP, replace(SHORT, wall=4)) as job:
        job.write("data/input.csv", b"a\n1\n")
        family = psutil.Process(keeper.process.pid)
        while len(family.children(recursive=True)) < 2:
            time.sleep(0.01)
        for process in family.children(recursive=True)[:halted]:
            os.kill(process.pid, signal.SIGSTOP)
        began = time.monotonic()
        assert job.step("doubles", {"calls": [PAIR], "long": "x" * (4 << 20)}).stopped == "time"
        assert time.monotonic() - began < 60
    for process in family.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
