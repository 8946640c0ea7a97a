"""Where the judge is started with less than it is used to, right answers pass all the same."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from attacks import RIGHT
from sandboxed import AMPLE, IN_THE_CALL, PROBE, left_behind, tried

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.sandbox.client import Keeper, WorkerError
from workbench.sandbox.process import descendants, kernel

HERE = Path(__file__).parent
ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
SET_NAME = 15


def by_another_user(code, **options):
    """What a program prints that an ordinary user runs."""
    command = [sys.executable, HERE / "lowered.py", "user", sys.executable, "-c", code]
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", env=environment, **options
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


JUDGED = """
import resource, signal, sys
NAME, LIMIT = sys.argv[1:] if sys.argv[1:] else ("", 0)
{before}
from workbench.exercises import check
from workbench.exercises.answers import Answer
report = check.judge("problem_3", Answer(code={right!r}), 7, words=False)
print(report.outcome, report.confinement.level)
"""


@ROOT
@pytest.mark.slow
@pytest.mark.parametrize(
    "limit", ["NOFILE, (100, 100)", "FSIZE, (1 << 17, 1 << 17)", "CPU, (4, 5)", "NPROC, (60, 60)"]
)
def test_an_account_that_may_less_than_an_answer_is_granted_judges_as_any_other(limit):
    code = JUDGED.format(before=f"resource.setrlimit(resource.RLIMIT_{limit})", right=RIGHT)
    assert by_another_user(code) == by_another_user(JUDGED.format(before="", right=RIGHT))


THREADS = """import threading

def process_data(input_file, output_file):
    threads = [threading.Thread(target=threading.Event().wait, args=[2]) for _ in range(8)]
    for thread in threads: thread.start()
"""


@pytest.mark.parametrize("stack", ["1000000", "unlimited", "512"])
def test_threads_have_the_stacks_of_the_job_whatever_a_shell_grants(stack):
    """Of those that are larger an answer would have room for one."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); from sandboxed import *\n"
    code += "from workbench.sandbox.client import Keeper\n"
    code += f"with Keeper(preload=(PROBE,)) as keeper: print(tried(keeper, {THREADS!r}).error)"
    shell = ["sh", "-c", f'ulimit -s {stack}; exec "$@"', "sh", sys.executable, "-c", code, HERE]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    assert done.stdout == "None\n", done.stderr


def grants(files):
    return f"resource.setrlimit(resource.RLIMIT_NOFILE, {files})"


@ROOT
@pytest.mark.slow
def test_an_account_that_may_less_than_right_answers_need_is_no_fault_of_theirs():
    usual = by_another_user(JUDGED.format(before="", right=RIGHT))
    assert by_another_user(JUDGED.format(before=grants((64, 64)), right=RIGHT)) == usual
    told = JUDGED.replace("report = check", 'report = check.reported("problem_3", 7, lambda: check')
    told = told.replace("words=False)", "words=False))").replace("confinement.level", "note")
    few = by_another_user(told.format(before=grants((14, 14)), right=RIGHT))
    assert few.startswith("unusable the worker did not start")
    assert "this account may open 14 files at once" in few


@ROOT
@pytest.mark.slow
def test_who_started_the_judge_may_have_ignored_the_end_of_children():
    before = "signal.signal(signal.SIGCHLD, signal.SIG_IGN)"
    assert by_another_user(JUDGED.format(before=before, right=RIGHT)).startswith("passed")


def test_the_mask_of_new_files_is_none_of_an_answers_business():
    usual = os.umask(0o777)
    try:
        report = check.judge("problem_3", Answer(code=RIGHT), 7, words=False)
    finally:
        os.umask(usual)
    assert report.outcome == "passed"


def test_an_answer_that_could_not_be_confined_has_not_begun():
    with Keeper(preload=(PROBE,)) as keeper:
        with pytest.raises(WorkerError, match="could not be (confined|observed)"):
            tried(keeper, IN_THE_CALL + "print('begun')", replace(AMPLE, cpu="odd"))
        assert tried(keeper, IN_THE_CALL + "print('begun')").output == "begun\n"


NAMED = "\n    ".join(
    [
        "import ctypes",
        "for name in (b'\\xff) Z 0 (', b'a\\nPPid:\\t0', b') S 1 1 '):",
        "    if not os.fork():",
        "        os.setsid(); ctypes.CDLL(None).prctl(15, name, 0, 0, 0); time.sleep(3600)",
        "time.sleep(0.3)",
    ]
)


@pytest.mark.parametrize("name", [b"\xff) Z 0 (", b"a\nPPid:\t0", b") S 1 1 "])
def test_a_process_of_any_name_is_seen(name):
    child = os.fork()
    if child == 0:
        kernel("prctl", SET_NAME, name, 0, 0, 0)
        kernel("pause")
    while Path(f"/proc/{child}/comm").read_bytes()[:-1] != name:
        pass
    try:
        assert child in descendants()
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


@ROOT
@pytest.mark.slow
def test_a_process_of_any_name_ends_with_its_job():
    code = f"""
from sandboxed import *
from workbench.sandbox.client import Keeper
with Keeper(preload=(PROBE,)) as keeper:
    uid = None
    with keeper.job(PROBE, {IN_THE_CALL + NAMED!r}, AMPLE) as job:
        job.write("data/input.csv", b"a\\n1\\n")
        job.step("doubles", {{"calls": [PAIR]}})
    print(tried(keeper, IN_THE_CALL + "print('well')").output.strip())
import os, psutil
mine = [each for each in psutil.process_iter() if each.uids().real == os.getuid()]
print(len(psutil.wait_procs([each for each in mine if each.pid != os.getpid()], 30)[1]))
"""
    command = [sys.executable, HERE / "lowered.py", "user-nons", sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": str(HERE), "TMPDIR": "/tmp", "HOME": "/tmp"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", env=environment
    )
    assert done.stdout.split() == ["well", "0"], done.stderr


IN_FLIGHT = f"""
import resource, socket, sys
most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, most[1]))
held = [socket.socketpair() for _ in range(2)]
for line, _ in held:
    line.setblocking(False)
    socket.send_fds(line, [b"x"], [0] * 250)
resource.setrlimit(resource.RLIMIT_NOFILE, most)
from workbench.exercises import check
from workbench.exercises.answers import Answer
report = check.judge("problem_3", Answer(code={RIGHT!r}), 7, words=False)
print(report.stretch)
"""


@ROOT
@pytest.mark.slow
def test_descriptors_that_others_of_an_account_have_under_way_cost_no_point():
    assert by_another_user(IN_FLIGHT) == "1.0"


ASKS = IN_THE_CALL + (
    "frame = sys._getframe()\n"
    "    while 'channel' not in frame.f_locals: frame = frame.f_back\n"
    "    frame.f_locals['channel'].ask(now=True)\n    time.sleep(3600)"
)


@ROOT
@pytest.mark.slow
def test_a_job_ends_in_time_also_where_its_judge_does_nothing():
    with (
        Keeper(preload=(PROBE,)) as keeper,
        keeper.job(PROBE, ASKS, replace(AMPLE, wall=1)) as job,
    ):
        job.write("data/input.csv", b"a\n1\n")
        alive = []

        def busy(_):
            alive.append(left_behind(job.uid))
            return {}

        job.step("doubles", {"calls": [("data/input.csv", "data/output.csv")]}, busy)
    assert alive == [[]]


@ROOT
def test_who_has_no_name_here_is_called_by_number():
    told = "from workbench.cli.feedback import _login; import os; print(_login(), os.getuid())"
    name, number = by_another_user(told).split()
    assert name == number


WORKBENCH = f"{sys.executable} -m workbench"


@pytest.mark.parametrize("where", ["> /dev/full", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_where_nobody_takes_what_is_printed_there_is_no_traceback(tmp_path, where):
    (tmp_path / "a.md").write_text("A DAG is directed.")
    command = f"{WORKBENCH} check problem_1 {tmp_path}/a.md --json {where}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == ("full" in where)
    assert done.returncode == (2 if "full" in where else 1)


def test_a_command_in_a_folder_that_is_gone_ends_in_a_line(tmp_path):
    gone = tmp_path / "gone"
    command = f"mkdir {gone}; cd {gone}; rmdir {gone}; {WORKBENCH} grade x --out y"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_what_a_learner_wrote_warns_nobody_else(tmp_path):
    text = "%%answer problem_3\n" + "x = 1 is 1\ny = '\\d'\n" * 50 + "%time\n"
    (tmp_path / "a.py").write_text(text)
    done = subprocess.run(
        [*WORKBENCH.split(), "check", "problem_3", tmp_path / "a.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Warning" not in done.stderr
    assert psutil.pid_exists(os.getpid())
