"""Where there is no small root: a folder that only its job enters, gone whatever becomes of it."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from workbench.sandbox import place
from workbench.sandbox.erasing import erase
from workbench.sandbox.folder import Folder

SOMEBODY = 1_500_000_001


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A temporary folder that every user may enter, as root's jobs need it."""
    monkeypatch.setattr(place, "_entered_by_all", str)
    return tmp_path


def test_nobody_else_enters_the_folder_of_a_job(temporary):
    with place.on_disk(str(temporary), SOMEBODY) as home:
        (outer,) = temporary.iterdir()
        assert (Path(home).parent, outer.stat().st_mode & 0o7) == (outer, 0)
        assert outer.stat().st_uid == os.getuid()
        if os.getuid() == 0:
            assert (outer.stat().st_gid, Path(home).stat().st_uid) == (SOMEBODY, SOMEBODY)
    assert not list(temporary.iterdir())


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives each job a user of its own")
def test_what_a_job_left_in_shared_memory_is_gone_and_nothing_else(temporary):
    left, other = (Path(f"/dev/shm/workbench-{temporary.name}-{name}") for name in ("job", "other"))
    with place.on_disk(str(temporary), SOMEBODY):
        for path in (left, other):
            path.touch()
        os.chown(left, SOMEBODY, SOMEBODY)
    assert (left.exists(), other.exists()) == (False, True)
    other.unlink()


def test_where_root_alone_may_enter_another_folder_is_taken(tmp_path):
    tmp_path.chmod(0o700)
    with place.on_disk(str(tmp_path), SOMEBODY) as home:
        assert Path(home).is_relative_to(tmp_path) == (os.getuid() != 0)


def test_it_is_removed_whatever_is_in_it(temporary):
    with place.on_disk(str(temporary), SOMEBODY) as home:
        here = os.getcwd()
        os.chdir(home)
        for _ in range(3000):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(here)
        for number in range(200):
            (Path(home) / f"many{number}").write_text("x")
        (Path(home) / "link").symlink_to(temporary)
        os.mkfifo(Path(home) / "pipe")
        (Path(home) / "closed").mkdir(mode=0)
        (Path(home) / os.fsdecode(b"\xff")).touch(mode=0)
    assert not list(temporary.iterdir())


def left(temporary, name, age=3600):
    folder = temporary / name
    (folder / "job").mkdir(parents=True)
    (folder / "job" / "file").write_text("x")
    return folder, time.time() + age


def test_what_a_killed_judge_left_is_swept_and_nothing_else(temporary, monkeypatch):
    folder, _ = left(temporary, "workbench-job-left")
    made, later = left(temporary, "workbench-job-new-left")
    held, _ = left(temporary, "workbench-job-held")
    other, _ = left(temporary, "workbench-other")
    (temporary / "workbench-job-link").symlink_to(other)
    (temporary / "workbench-job-file").write_text("x")
    descriptor = os.open(held, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    place.sweep(str(temporary))
    assert not folder.exists()
    assert made.exists()  # somebody may be about to lock it
    monkeypatch.setattr(time, "time", lambda: later)
    place.sweep(str(temporary))
    os.close(descriptor)
    assert not made.exists()
    assert (held / "job" / "file").exists()
    assert (other / "job" / "file").exists()
    assert (temporary / "workbench-job-file").exists()


JUDGE = """
import signal, sys
sys.path.insert(0, sys.argv[1])
signal.signal(signal.SIGINT, signal.default_int_handler)
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE
from workbench.sandbox.client import Keeper
endless = IN_THE_CALL + "time.sleep(600)"
with Keeper(preload=(PROBE,)) as keeper, keeper.job(PROBE, endless, AMPLE) as job:
    job.write("data/input.csv", b"a\\n")
    print("begun", flush=True)
    job.step("doubles", {"calls": [PAIR]})
"""
LEAVES = JUDGE.replace(
    "time.sleep(600)",
    "[(os.makedirs(f'{n % 9}/{n}'), os.chmod(f'{n % 9}/{n}', 0)) for n in range(9000)]; nowhere()",
)


MOVES = """
import sys
sys.path.insert(0, sys.argv[1])
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE
from workbench.sandbox.client import Keeper
moves = IN_THE_CALL + '''for name in ("elsewhere", "data/beside", "data/below/it"):
        os.makedirs(os.path.dirname(os.path.abspath(name)), exist_ok=True)
        open(name, "w").close()
        try: os.replace(name, output_file)
        except OSError as error: print(name, error.strerror)
'''
with Keeper(preload=(PROBE,)) as keeper, keeper.job(PROBE, moves, AMPLE) as job:
    job.write("data/input.csv", b"a\\n")
    print(job.step("doubles", {"calls": [PAIR]}, apart=["data"]).output)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
@pytest.mark.parametrize("level", ["root", "user", "root-nons", "user-nons", "user-nons-nolock"])
def test_a_move_from_elsewhere_is_a_copy_where_anything_can_make_it_one(level):
    tests = Path(__file__).parent
    command = [sys.executable, tests / "lowered.py", level, sys.executable, "-c", MOVES, tests]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=os.environ | {"TMPDIR": "/tmp", "HOME": "/tmp"},
    )
    refused = "" if "nolock" in level else "elsewhere Invalid cross-device link"
    assert done.stdout.strip() == refused, done.stderr


@pytest.fixture
def judging():
    """Begins an endless answer at a level; gives the judge and its temporary folder, which has to
    be empty in the end."""
    temporary, judges = Path(tempfile.mkdtemp(dir="/tmp")), []
    temporary.chmod(0o1777)
    tests = Path(__file__).parent

    def begun(level, program=JUDGE):
        command = [sys.executable, tests / "lowered.py", level, sys.executable, "-c"]
        command += [program, tests]
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        places = {"TMPDIR": str(temporary), "HOME": str(temporary)}
        judge = subprocess.Popen(command, env=os.environ | places, **quiet)
        judges.append(judge)
        assert judge.stdout.readline() == b"begun\n"
        assert len(list(temporary.iterdir())) == ("nons" in level)
        return judge, temporary

    yield begun
    for judge in judges:
        judge.wait()
        judge.stdout.close()
    temporary.rmdir()  # which fails where anything is in it


LOWERED = pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")


@LOWERED
@pytest.mark.parametrize("level", ["root", "root-nons"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_judge_that_is_ended_leaves_no_folder_and_no_process(judging, level, end):
    judge, _ = judging(level)
    family = psutil.Process(judge.pid).children(recursive=True)
    judge.send_signal(end)
    assert not psutil.wait_procs(family, timeout=60)[1]


@LOWERED
@pytest.mark.parametrize("level", ["root-nons", "user-nons"])
def test_however_much_is_left_it_is_gone_when_the_judge_has_ended(judging, level):
    judge, temporary = judging(level, LEAVES)
    assert judge.wait() == 0
    assert not list(temporary.iterdir())


@LOWERED
@pytest.mark.parametrize("level", ["root", "root-nons"])
def test_who_clears_up_is_not_ended_first_and_an_answer_does_not_outlive_it(
    judging, level, monkeypatch
):
    judge, temporary = judging(level)
    (keeper,) = psutil.Process(judge.pid).children()
    (supervisor,) = keeper.children()
    family = supervisor.children(recursive=True)
    first = [int(Path(f"/proc/{one.pid}/oom_score_adj").read_text()) for one in family]
    assert set(first) == {1000}
    own = Path(f"/proc/{supervisor.pid}/oom_score_adj").read_text()
    assert own == Path("/proc/self/oom_score_adj").read_text()
    supervisor.kill()
    assert not psutil.wait_procs([*family, keeper], timeout=60)[1]
    judge.wait()
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    place.sweep(str(temporary))  # what it could not remove any more, the next judge does


@LOWERED
def test_a_folder_that_cannot_be_made_whole_is_not_left(temporary):
    with pytest.raises(OverflowError), place.on_disk(str(temporary), 1 << 40):
        pass
    assert not list(temporary.iterdir())


def test_a_folder_is_emptied_again_however_long_the_first_time_took(temporary, monkeypatch):
    late = ["one", "two"]

    def erased(name, parent):
        erase(name, parent)
        if late:
            os.close(os.open(late.pop(), os.O_CREAT, dir_fd=parent))

    monkeypatch.setattr(place, "PATIENCE", 0)
    monkeypatch.setattr(place, "erase", erased)
    with place.on_disk(str(temporary), os.getuid()):
        pass
    assert not list(temporary.iterdir())


def test_a_folder_is_never_left_through_what_lies_in_it(tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "file").write_text("precious")
    (tmp_path / "job").mkdir()
    folder = Folder(os.open(tmp_path / "job", os.O_RDONLY), os.getuid())
    for name in ("data", "other"):
        (tmp_path / "job" / name).symlink_to(tmp_path / "victim")
    assert folder.read("data/file", 99) is None
    assert folder.names("data") == []
    folder.remove("data/file")
    folder.write("data/file", b"ours")
    assert folder.read("data/file", 2) == b"ou"
    assert folder.names("data") == ["file"]
    folder.remove("other")
    (tmp_path / "job" / "data").chmod(0)
    folder.write("data/file", b"again")
    assert folder.read("data/file", 99) == b"again"
    assert (tmp_path / "victim" / "file").read_text() == "precious"
    assert os.listdir(tmp_path / "job") == ["data"]
    folder.close()


LATE = """
import sys
from dataclasses import replace
from workbench.exercises import answers, check, registry
patient = replace(registry.find("problem_3").limits, wall=60, cpu=30)  # it is not about time
answer = answers.Answer(code=sys.argv[1])
report = check.judge("problem_3", answer, seed=3, limits=patient, words=False)
print(report.outcome, report.score, report.criteria[0].feedback)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root has a home that only root may enter")
@pytest.mark.parametrize("level", ["root-home", "root-nons-home"])
def test_right_answers_pass_where_python_lies_in_roots_home(level):
    tests = Path(__file__).parent
    answer = (
        tests / "answers/attacks/24_imports_late.py"
    ).read_text() + "    import scipy.linalg\n"
    command = [sys.executable, tests / "lowered.py", level, sys.executable, "-c", LATE, answer]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout.startswith("passed 5.0"), done.stdout


UP = "import pandas as p\nraise ValueError(open(p.__file__.split('/lib/')[0] + '/../README.md'))\n"


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root has a home that only root may enter")
@pytest.mark.parametrize("level", ["root-home", "root-nons-home", "root-nons-nolock-home"])
def test_the_way_to_python_leads_to_what_lies_beside_it_where_landlock_is_missing(level):
    command = [sys.executable, Path(__file__).with_name("lowered.py"), level, sys.executable]
    command += ["-c", LATE, UP]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    assert ("ValueError" in done.stdout) == ("nolock" in level), done.stdout
