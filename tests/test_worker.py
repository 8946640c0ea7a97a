"""What learners' code can and cannot do to the judge, the machine and the clock."""

import contextlib
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import workbench
from workbench.sandbox.job import Limits, WorkerError, Zygote

PROBE = "workbench.exercises.problem_3.probe"
PACKAGE = Path(workbench.__file__).parent
PAIR = ("data/input.csv", "data/output.csv")
IN_THE_CALL = (
    "import os, signal, socket, sys, time\ndef process_data(input_file, output_file):\n    "
)
BRIEF = Limits(wall=3, cpu=1, memory=256, output=256)
AMPLE = Limits(
    wall=90, cpu=60, memory=256, output=256
)  # for what ends by itself, on however busy a machine
STOPPED = {
    "a loop at import": ("while True: pass", "time"),
    "a loop in the call": (IN_THE_CALL + "while True: pass", "time"),
    "a sleep": (IN_THE_CALL + "time.sleep(600)", "time"),
    "a wait for nothing": (IN_THE_CALL + "os.read(os.pipe()[0], 1)", "time"),
    "a loop that ignores every signal": (
        "import signal\nfor each in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(each, signal.SIG_IGN)\nwhile True:\n    pass",
        "time",
    ),
    "a loop that catches everything": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "time",
    ),
    "a fork bomb": (
        IN_THE_CALL + "while True:\n        try: os.fork()\n        except OSError: pass",
        "time",
    ),
    "a thread that keeps the call": (
        "import threading, time\ndef process_data(i, o):\n    t = threading.Thread(target=time.sleep, args=(99,))\n"
        "    t.start()\n    t.join()",
        "time",
    ),
    "a process that stops itself": (IN_THE_CALL + "os.kill(os.getpid(), signal.SIGSTOP)", "time"),
    "5 GB": (IN_THE_CALL + "bytearray(5 << 30)", "memory"),
    "a list without end": (
        IN_THE_CALL + "things = []\n    while True: things.append(bytes(1 << 20))",
        "memory",
    ),
    "200 MB of output": (IN_THE_CALL + "for _ in range(200): print('x' * (1 << 20))", "output"),
    "output of a child": (IN_THE_CALL + "os.system('yes')", "output"),
    "os._exit at import": ("import os\nos._exit(0)", "exit"),
    "os._exit in the call": (IN_THE_CALL + "os._exit(0)", "exit"),
    "sys.exit at import": ("raise SystemExit", "exit"),
    "sys.exit in the call": (IN_THE_CALL + "sys.exit(0)", "exit"),
    "a kill of itself": (IN_THE_CALL + "os.kill(os.getpid(), signal.SIGKILL)", "exit"),
    "a kill of its group": (IN_THE_CALL + "os.killpg(0, signal.SIGKILL)", "exit"),
    "a daemon, forked twice, that ignores every signal": (
        IN_THE_CALL + "if not os.fork():\n        os.setsid()\n"
        "        for each in set(signal.Signals) - {9, 19}: signal.signal(each, signal.SIG_IGN)\n"
        "        if os.fork(): os._exit(0)\n        while True: time.sleep(60)\n    time.sleep(600)",
        "time",
    ),
    "a loop that ignores its CPU limit": (
        IN_THE_CALL + "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    while True: pass",
        "time",
    ),
    "files without end": (
        IN_THE_CALL
        + "for each in range(1 << 30): open(f'{output_file}.{each}', 'wb').write(bytes(8 << 20))",
        "time",
    ),
    "memory without end in files of memory": (
        IN_THE_CALL
        + "for each in range(1 << 30): open(f'/dev/shm/{each % 8}', 'wb').write(bytes(8 << 20))",
        "time",
    ),
    "a server that waits": (IN_THE_CALL + "socket.create_server(('', 0)).accept()", "time"),
    "a crash of the interpreter": (IN_THE_CALL + "import ctypes; ctypes.string_at(0)", "exit"),
}
REFUSED = {
    "a read of the judge": f"open({str(PACKAGE / 'judge' / 'problem_3.py')!r})",
    "a read of this test": f"open({__file__!r})",
    # Below the temporary folder the way to the interpreter is there, and nothing else.
    "a listing of the project": f"set(os.listdir({str(PACKAGE.parents[1])!r})) - {{'.venv'}} or open('/nowhere')",
    "a read of what only root may": "open('/etc/shadow')",
    "a file in the package": f"open({str(PACKAGE / 'new.py')!r}, 'w')",
    "a change of the package": f"open({str(PACKAGE / '__init__.py')!r}, 'a')",
    "a file in the environment": "open(os.path.join(sys.prefix, 'new'), 'w')",
    "a file in /etc": "open('/etc/new', 'w')",
    "a file in /var/tmp": "open('/var/tmp/new', 'w')",
    "a change of user": "os.setuid(0)",
    "a signal to the judge": f"os.kill({os.getpid()}, 9)",
    "a signal to the first process": "os.kill(1, 9); open('/proc/1/mem', 'rb')",
    "a look into the parent": "open(f'/proc/{os.getppid()}/mem', 'rb')",
    "the environment of the first process": "open('/proc/1/environ')",
    "a change of the clock": "time.clock_settime(time.CLOCK_REALTIME, 0)",
    "tracing the parent": "C.ptrace(16, os.getppid(), 0, 0) and os.kill(1, 9)",
    "a mount": "C.mount(b'none', b'/tmp', b'tmpfs', 0, None) and os.kill(1, 9)",
    "the network": "socket.create_connection(('192.0.2.1', 80), 1)",
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote(preload=(PROBE,)) as running:
        yield running


def tried(zygote, source, limits=AMPLE):
    with zygote.job(PROBE, source, limits) as job:
        job.write("data/input.csv", b"a,b\n1,2.5\n")
        return job.step("doubles", {"calls": [PAIR]})


def left_behind(uid):
    """Processes of a job's own user that do not end."""
    every = psutil.process_iter(["uids", "status"])
    mine = [each for each in every if each.info["uids"] and each.info["uids"].real == uid]
    return psutil.wait_procs(
        [each for each in mine if each.info["status"] != psutil.STATUS_ZOMBIE], timeout=30
    )[1]


@pytest.mark.parametrize("what", STOPPED)
def test_is_stopped_in_time_and_leaves_nothing(zygote, what):
    source, reason = STOPPED[what]
    limits = BRIEF if reason == "time" else AMPLE
    began = time.monotonic()
    with zygote.job(PROBE, source, limits) as job:
        job.write("data/input.csv", b"a,b\n1,2.5\n")
        seen = job.step("doubles", {"calls": [PAIR]})
    assert (seen.stopped, seen.stage) == (reason, "doubles")
    assert time.monotonic() - began < limits.wall + 2
    children = psutil.Process(zygote._process.pid).children(recursive=True)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    assert not left_behind(job._uid)


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused(zygote, what):
    seen = tried(zygote, "import ctypes\nC = ctypes.CDLL(None)\n" + IN_THE_CALL + REFUSED[what])
    assert seen.error["type"] in (
        "PermissionError",
        "FileNotFoundError",
        "OSError",
        "ProcessLookupError",
    ), seen
    assert seen.stopped is None


@pytest.mark.parametrize("attempt", ["process", "daemon", "thread"])
def test_what_is_left_running_ends_with_the_step(zygote, attempt):
    source = {
        "process": "import os, time\ndef process_data(i, o):\n    if not os.fork(): time.sleep(600)",
        "daemon": "import os, time\ndef process_data(i, o):\n    if not os.fork():\n        os.setsid()\n"
        "        if not os.fork(): time.sleep(600)\n        os._exit(0)",
        "thread": "import threading, time\ndef process_data(i, o):\n"
        "    threading.Thread(target=time.sleep, args=(600,)).start()",
    }[attempt]
    with zygote.job(PROBE, source, AMPLE) as job:
        seen = job.step("doubles", {"calls": [PAIR]})
        assert seen.first("returned")
        assert seen.stopped is None
        assert not left_behind(job._uid)


def test_it_sees_no_environment_no_other_process_and_no_other_network(zygote, monkeypatch):
    monkeypatch.setenv("SECRET", "kept")
    seen = tried(
        zygote, IN_THE_CALL + "print(dict(os.environ), socket.if_nameindex(), os.listdir('/proc'))"
    )
    assert "SECRET" not in seen.output
    assert "[(1, 'lo')]" in seen.output
    assert f"'{os.getpid()}'" not in seen.output


def test_it_cannot_reach_a_server_of_this_machine(zygote):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seen = tried(zygote, IN_THE_CALL + f"socket.create_connection(('127.0.0.1', {port}), 1)")
    assert seen.error["type"] == "ConnectionRefusedError"


def test_its_own_loopback_works(zygote):
    seen = tried(
        zygote,
        IN_THE_CALL
        + "s = socket.create_server(('127.0.0.1', 0))\n    socket.create_connection(s.getsockname(), 1)",
    )
    assert seen.error is None


def test_a_file_that_is_too_large_is_refused_to_it(zygote):
    seen = tried(
        zygote,
        IN_THE_CALL + "open(output_file, 'wb').write(bytes(200 << 20))",
        replace(AMPLE, file_size=1 << 20),
    )
    assert (seen.error["type"], seen.stopped) == ("OSError", None)


def test_forged_lines_change_nothing(zygote):
    lines = b'{"done": 7}\n{"ask": {}}\nnonsense\n[[[\n{}\n'
    source = (
        IN_THE_CALL
        + f"for each in range(3, 99):\n        try: os.write(each, {lines})\n        except OSError: pass"
    )
    seen = tried(zygote, source)
    assert seen.stopped is None
    assert [set(value) for value in seen.values] == [{"loaded", "at"}, {"returned", "at"}]


def test_a_flood_of_observations_is_stopped(zygote):
    source = (
        IN_THE_CALL
        + "f = sys._getframe(1).f_locals['channel']\n    while True: f.tell(x='y' * 9999)"
    )
    assert tried(zygote, source).stopped == "output"


def test_a_stopped_job_stays_stopped(zygote):
    with zygote.job(PROBE, "import os\nos._exit(3)", AMPLE) as job:
        first = job.step("doubles", {"calls": [PAIR]})
        assert job.step("idempotent", {"calls": [PAIR]}) == type(first)("doubles", stopped="exit")


def test_only_regular_files_are_read(zygote, tmp_path):
    (tmp_path / "secret").write_text("s")
    sources = {"link": f"os.symlink({str(tmp_path / 'secret')!r}, output_file)", "pipe": "os.mkfifo(output_file)",
               "folder": "os.mkdir(output_file)"}  # fmt: skip
    for source in sources.values():
        with zygote.job(PROBE, IN_THE_CALL + source, AMPLE) as job:
            job.write("data/input.csv", b"a\n1\n")
            job.step("doubles", {"calls": [PAIR]})
            assert job.names("data") == ["input.csv", "output.csv"]
            assert job.read("data/output.csv") is None
            job.write("data/output.csv", b"ours")
            assert job.read("data/output.csv") == b"ours"


def test_every_instant_of_a_writer_is_seen(zygote):
    source = (
        IN_THE_CALL
        + "f = open(output_file, 'w', buffering=1)\n    f.write('a\\n'); f.write('b\\n')"
    )
    with zygote.job(PROBE, source, AMPLE) as job:
        job.write("data/output.csv", b"older")
        seen = job.step("crash_safe", {"calls": [PAIR]}, watch="data/output.csv")
    assert len(seen.states) == 4  # older, empty, a, a and b


def test_a_mapped_file_is_seen_before_it_is_filled(zygote):
    source = "import mmap\n" + IN_THE_CALL + "f = open(output_file, 'w+b'); f.truncate(4096)\n"
    source += "    mmap.mmap(f.fileno(), 4096)[:] = b'x' * 4096"
    with zygote.job(PROBE, source, AMPLE) as job:
        job.write("data/output.csv", b"older")
        seen = job.step("crash_safe", {"calls": [PAIR]}, watch="data/output.csv")
    assert len(seen.states) == 4  # older, empty, zeros, filled


@pytest.mark.parametrize(
    "place", ["os.path.dirname(output_file)", "(os.mkdir(output_file), output_file)[1]"]
)
def test_folders_without_end_are_gone_afterwards(zygote, place):
    source = (
        IN_THE_CALL + f"os.chdir({place})\n    for _ in range(1500): os.mkdir('d'); os.chdir('d')"
    )
    with zygote.job(PROBE, source, AMPLE) as job:
        job.write("data/input.csv", b"a\n1\n")
        job.step("doubles", {"calls": [PAIR]})
        job.write("data/output.csv", b"ours")
        assert job.read("data/output.csv") == b"ours"
    assert not job.folder.exists()


def test_memory_files_of_one_job_are_not_seen_by_the_next(zygote):
    look = IN_THE_CALL + "print(os.listdir('/dev/shm')); open('/dev/shm/left', 'wb').close()"
    assert [tried(zygote, look).output for _ in "ab"] == ["[]\n", "[]\n"]


def test_jobs_run_side_by_side(zygote):
    meet = (
        IN_THE_CALL
        + "open('data/here', 'w').close()\n    while not os.path.exists('data/go'): time.sleep(0.01)"
    )
    with contextlib.ExitStack() as stack:
        jobs = [stack.enter_context(zygote.job(PROBE, meet, AMPLE)) for _ in "abc"]
        for job in jobs:
            job.write("data/input.csv", b"a\n1\n")
        with ThreadPoolExecutor(3) as threads:
            steps = [threads.submit(job.step, "doubles", {"calls": [PAIR]}) for job in jobs]
            while not all("here" in job.names("data") for job in jobs):
                assert not any(step.done() for step in steps)
                time.sleep(0.01)
            for job in jobs:
                job.write("data/go", b"")
        assert [step.result().stopped for step in steps] == [None] * 3


def test_folder_and_processes_are_gone_afterwards(zygote):
    with zygote.job(PROBE, "", AMPLE) as job:
        folder = job.folder
        job.write("data/input.csv", b"")
    assert not folder.exists()


def test_a_worker_that_cannot_start_says_why():
    with (
        pytest.raises(WorkerError, match="No module named 'no_such_module'"),
        Zygote(preload=("no_such_module",)),
    ):
        pass


def test_a_project_that_lies_in_the_temporary_folder_is_still_reached(tmp_path):
    (tmp_path / "lent").mkdir()
    (tmp_path / "lent" / "word").write_text("found")
    source = f"seen = open({str(tmp_path / 'lent' / 'word')!r}).read()\nprint(seen)\ndef process_data(a, b): ...\n"
    with (
        Zygote(readable=(str(tmp_path / "lent"),)) as zygote,
        zygote.job(PROBE, source, AMPLE) as job,
    ):
        seen = job.step("doubles", {"calls": [], "input": "i.csv", "output": "o.csv"})
    assert (seen.stopped, seen.output) == (None, "found\n")
