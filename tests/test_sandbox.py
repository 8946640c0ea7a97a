"""What learners' code can and cannot do to the judge, the machine and the clock."""

import os
import socket
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sandboxed import AMPLE, BRIEF, IN_THE_CALL, PAIR, PROBE, left_behind, tried

import workbench
from workbench.sandbox.client import Keeper

PACKAGE = Path(workbench.__file__).parent
JUDGE = PACKAGE / "exercises/problem_3/judge.py"
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
        "import threading, time\ndef process_data(i, o):\n"
        "    t = threading.Thread(target=time.sleep, args=(99,))\n"
        "    t.start()\n    t.join()",
        "time",
    ),
    "a process that stops itself": (
        IN_THE_CALL + "while True: os.kill(os.getpid(), signal.SIGSTOP); time.sleep(0.01)",
        "time",
    ),
    "5 GB": (IN_THE_CALL + "bytearray(5 << 30)", "memory"),
    "a list without end": (
        IN_THE_CALL + "things = []\n    while True: things.append(bytes(1 << 20))",
        "memory",
    ),
    "connections that no process has any more": (
        IN_THE_CALL + "server = socket.create_server(('127.0.0.1', 0), backlog=4096)\n"
        "    for _ in range(1500):\n"
        "        with socket.create_connection(server.getsockname()) as line: line.send(b'x')\n"
        "    time.sleep(30)",
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
        "        if os.fork(): os._exit(0)\n        while True: time.sleep(60)\n"
        "    time.sleep(600)",
        "time",
    ),
    "a loop that ignores its CPU limit": (
        IN_THE_CALL + "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    while True: pass",
        "time",
    ),
    "a server that waits": (IN_THE_CALL + "socket.create_server(('', 0)).accept()", "time"),
    "a crash of the interpreter": (IN_THE_CALL + "import ctypes; ctypes.string_at(0)", "exit"),
}
REFUSED = {
    "files without end": (
        "[open(f'{output_file}.{each}', 'wb').write(bytes(8 << 20)) for each in range(1 << 30)]"
    ),
    "files of memory without end": (
        "[open(f'/dev/shm/{each}', 'wb').write(bytes(8 << 20)) for each in range(1 << 30)]"
    ),
    "a read of a judge": f"open({str(JUDGE)!r})",
    "a read of this test": f"open({__file__!r})",
    # Below the temporary folder the way to the interpreter is there, and nothing else.
    "a listing of the project": (
        f"set(os.listdir({str(PACKAGE.parents[1])!r})) - {{'.venv'}} or open('/nowhere')"
    ),
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
def keeper():
    with Keeper(preload=(PROBE,)) as running:
        yield running


@pytest.mark.parametrize("what", STOPPED)
def test_is_stopped_in_time_and_leaves_nothing(keeper, what):
    source, reason = STOPPED[what]
    limits = BRIEF if reason == "time" else AMPLE
    began = time.monotonic()
    with keeper.job(PROBE, source, limits) as job:
        job.write("data/input.csv", b"a,b\n1,2.5\n")
        seen = job.step("doubles", {"calls": [PAIR]})
    assert (seen.stopped, seen.stage) == (reason, "doubles")
    assert time.monotonic() - began < limits.wall + 2
    children = psutil.Process(keeper.process.pid).children(recursive=True)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    assert not left_behind(job.uid)


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused(keeper, what):
    seen = tried(keeper, "import ctypes\nC = ctypes.CDLL(None)\n" + IN_THE_CALL + REFUSED[what])
    assert seen.error["type"] in (
        "PermissionError",
        "FileNotFoundError",
        "OSError",
        "ProcessLookupError",
    ), seen
    assert seen.stopped is None


@pytest.mark.parametrize("attempt", ["process", "daemon", "thread"])
def test_what_is_left_running_ends_with_the_step(keeper, attempt):
    source = {
        "process": "import os, time\ndef process_data(i, o):\n"
        "    if not os.fork(): time.sleep(600)",
        "daemon": "import os, time\ndef process_data(i, o):\n"
        "    if not os.fork():\n        os.setsid()\n"
        "        if not os.fork(): time.sleep(600)\n        os._exit(0)",
        "thread": "import threading, time\ndef process_data(i, o):\n"
        "    threading.Thread(target=time.sleep, args=(600,)).start()",
    }[attempt]
    with keeper.job(PROBE, source, AMPLE) as job:
        seen = job.step("doubles", {"calls": [PAIR]})
        assert seen.first("returned")
        assert seen.stopped is None
        assert not left_behind(job.uid)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("does", "stopped"), [("time.sleep(600)", "time"), ("while time.monotonic() < end: pass", None)]
)
def test_who_waits_ends_before_the_time_of_all_is_over_and_who_works_does_not(
    keeper, does, stopped
):
    source = f"{IN_THE_CALL}end = time.monotonic() + 9\n    {does}"
    began = time.monotonic()
    assert tried(keeper, source, replace(AMPLE, wall=500, silence=4)).stopped == stopped
    assert time.monotonic() - began < 500


def test_it_sees_no_environment_no_other_process_and_no_other_network(keeper, monkeypatch):
    monkeypatch.setenv("SECRET", "kept")
    seen = tried(
        keeper, IN_THE_CALL + "print(dict(os.environ), socket.if_nameindex(), os.listdir('/proc'))"
    )
    assert "SECRET" not in seen.output
    assert "[(1, 'lo')]" in seen.output
    assert f"'{os.getpid()}'" not in seen.output


def test_it_cannot_reach_a_server_of_this_machine(keeper):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seen = tried(keeper, IN_THE_CALL + f"socket.create_connection(('127.0.0.1', {port}), 1)")
    assert seen.error["type"] == "ConnectionRefusedError"


def test_its_own_loopback_works(keeper):
    seen = tried(
        keeper,
        IN_THE_CALL
        + "s = socket.create_server(('127.0.0.1', 0))\n"
        + "    socket.create_connection(s.getsockname(), 1)",
    )
    assert seen.error is None


ANOTHER_PYTHON = {  # what chooses a way to wait, and must not choose one that is refused
    "asyncio": "subprocess.run([sys.executable, '-c', SLEEP], check=True)",
    "a server that forks": "multiprocessing.get_context('forkserver').Pool(1).map(abs, [-1])",
}


@pytest.mark.parametrize("waits", ANOTHER_PYTHON)
def test_a_second_python_finds_a_way_to_wait(keeper, waits):
    code = IN_THE_CALL + (
        "import multiprocessing, subprocess, sys\n"
        "    SLEEP = 'import asyncio; asyncio.run(asyncio.sleep(0))'\n"
        f"    {ANOTHER_PYTHON[waits]}; print('waited')"
    )
    seen = tried(keeper, code)
    assert (seen.error, seen.stopped) == (None, None), seen.output
    assert "waited" in seen.output


def test_memory_files_of_one_job_are_not_seen_by_the_next(keeper):
    look = IN_THE_CALL + "print(os.listdir('/dev/shm')); open('/dev/shm/left', 'wb').close()"
    assert [tried(keeper, look).output for _ in "ab"] == ["[]\n", "[]\n"]


@pytest.mark.parametrize("lasts", [True, False])
def test_no_module_is_found_where_an_answer_could_put_it(monkeypatch, lasts):
    folder = "/tmp" if lasts else tempfile.mkdtemp(dir="/tmp")
    monkeypatch.setattr("sys.path", [*sys.path, folder])
    source = IN_THE_CALL + (
        f"os.makedirs({folder!r}, exist_ok=True)\n"
        f"    open('{folder}/planted.py', 'w').close()\n"
        "    import planted"
    )
    with Keeper(preload=(PROBE,)) as keeper:
        lasts or os.rmdir(folder)
        seen = tried(keeper, source)
    assert seen.error["type"] in ("ModuleNotFoundError", "PermissionError")


def test_a_project_that_lies_in_the_temporary_folder_is_still_reached(tmp_path):
    (tmp_path / "lent").mkdir()
    (tmp_path / "lent" / "word").write_text("found")
    source = f"seen = open({str(tmp_path / 'lent' / 'word')!r}).read()\nprint(seen)\n"
    source += "def process_data(a, b): ...\n"
    with (
        Keeper(readable=(str(tmp_path / "lent"),)) as keeper,
        keeper.job(PROBE, source, AMPLE) as job,
    ):
        seen = job.step("doubles", {"calls": [], "input": "i.csv", "output": "o.csv"})
    assert (seen.stopped, seen.output) == (None, "found\n")


def test_what_is_hidden_is_not_there_even_in_a_folder_that_may_be_read(tmp_path):
    (tmp_path / "lent" / "answers").mkdir(parents=True)
    (tmp_path / "lent" / "answers" / "right.py").write_text("x = 1")
    lent = str(tmp_path / "lent")
    look = f"import os\nprint(os.listdir({lent!r}), os.listdir({lent!r} + '/answers'))\n"
    with Keeper(readable=(lent,), hidden=(f"{lent}/answers",)) as keeper:
        seen = tried(keeper, look + "def process_data(a, b): ...")
    assert seen.output == "['answers'] []\n"


def test_the_judge_that_is_to_be_unreadable_is_where_the_table_says():
    assert JUDGE.is_file()
