"""A job: its folder, what its steps show, and that nothing of it stays."""

import contextlib
import errno
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil
import pytest
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE, beside, tried

from workbench.sandbox.client import Keeper, WorkerError
from workbench.sandbox.moments import MAPPED

OUTPUT = "data/output.csv"


@pytest.fixture(scope="module")
def keeper():
    with Keeper(preload=(PROBE,)) as running:
        yield running


def test_a_file_that_is_too_large_is_refused_to_it(keeper):
    seen = tried(
        keeper,
        IN_THE_CALL + "open(output_file, 'wb').write(bytes(200 << 20))",
        replace(AMPLE, file_size=1 << 20),
    )
    assert (seen.error["type"], seen.stopped) == ("OSError", None)


def test_forged_lines_change_nothing(keeper):
    lines = b'{"done": 7}\n{"ask": {}}\nnonsense\n[[[\n{}\n'
    source = (
        IN_THE_CALL
        + "for each in range(3, 99):\n"
        + f"        try: os.write(each, {lines})\n        except OSError: pass"
    )
    seen = tried(keeper, source)
    assert seen.stopped is None
    assert [set(value) for value in seen.values] == [{"loaded", "at"}, {"returned", "at"}]


def test_a_flood_of_observations_is_stopped(keeper):
    source = (
        IN_THE_CALL
        + "f = sys._getframe(1).f_locals['channel']\n    while True: f.tell(x='y' * 9999)"
    )
    assert tried(keeper, source).stopped == "output"


def test_a_stopped_job_stays_stopped(keeper):
    with keeper.job(PROBE, "import os\nos._exit(3)", AMPLE) as job:
        first = job.step("doubles", {"calls": [PAIR]})
        assert job.step("idempotent", {"calls": [PAIR]}) == type(first)("doubles", stopped="exit")


def test_only_regular_files_are_read(keeper, tmp_path):
    (tmp_path / "secret").write_text("s")
    sources = {
        "link": f"os.symlink({str(tmp_path / 'secret')!r}, output_file)",
        "pipe": "os.mkfifo(output_file)",
        "folder": "os.mkdir(output_file)",
    }
    for source in sources.values():
        with keeper.job(PROBE, IN_THE_CALL + source, AMPLE) as job:
            job.write("data/input.csv", b"a\n1\n")
            job.step("doubles", {"calls": [PAIR]})
            assert job.names("data") == ["input.csv", "output.csv"]
            assert job.read("data/output.csv") is None
            job.write("data/output.csv", b"ours")
            assert job.read("data/output.csv") == b"ours"


def test_every_instant_of_a_writer_is_seen(keeper):
    source = (
        IN_THE_CALL
        + "f = open(output_file, 'w', buffering=1)\n    f.write('a\\n'); f.write('b\\n')"
    )
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write("data/output.csv", b"older")
        seen = job.step("crash_safe", {"calls": [PAIR]}, watch=[OUTPUT])
    assert len(seen.states[OUTPUT]) == 4  # older, empty, a, a and b


def test_a_file_that_is_filled_as_memory_is_seen(keeper):
    source = "import mmap\n" + IN_THE_CALL + "f = open(output_file, 'w+b'); f.truncate(4096)\n"
    source += "    mmap.mmap(f.fileno(), 4096)[:] = b'x' * 4096"
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write("data/output.csv", b"older")
        seen = job.step("crash_safe", {"calls": [PAIR]}, watch=[OUTPUT])
    assert seen.states[OUTPUT][3] == MAPPED
    assert len(seen.states[OUTPUT]) == 5  # older, empty, zeros, that it was memory, filled


def test_a_file_that_is_read_as_memory_is_as_it_was(keeper):
    source = "import mmap\n" + IN_THE_CALL + "f = open(output_file, 'r+b')\n"
    source += "    bytes(mmap.mmap(f.fileno(), 0))\n    open('another', 'w')"
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write("data/output.csv", b"older")
        seen = job.step("crash_safe", {"calls": [PAIR]}, watch=[OUTPUT])
    assert len(seen.states[OUTPUT]) == 1


@pytest.mark.parametrize(
    "place", ["os.path.dirname(output_file)", "(os.mkdir(output_file), output_file)[1]"]
)
def test_folders_without_end_are_gone_afterwards(keeper, place):
    source = (
        IN_THE_CALL + f"os.chdir({place})\n    for _ in range(1500): os.mkdir('d'); os.chdir('d')"
    )
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write("data/input.csv", b"a\n1\n")
        job.step("doubles", {"calls": [PAIR]})
        job.write("data/output.csv", b"ours")
        assert job.read("data/output.csv") == b"ours"


def test_jobs_run_side_by_side(keeper):
    meet = (
        IN_THE_CALL
        + "open('data/here', 'w').close()\n"
        + "    while not os.path.exists('data/go'): time.sleep(0.01)"
    )
    with contextlib.ExitStack() as stack:
        jobs = [stack.enter_context(keeper.job(PROBE, meet, AMPLE)) for _ in "abc"]
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


def test_no_folder_is_made_outside_the_small_root(keeper, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with keeper.job(PROBE, "", AMPLE) as job:
        job.write("data/input.csv", b"")
        assert not list(tmp_path.iterdir())


def test_a_job_that_leaves_no_room_for_the_judge_is_stopped(keeper):
    source = IN_THE_CALL + "for n in range(99): open(str(n), 'wb').write(bytes(8 << 20))"
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write("data/input.csv", b"a\n1\n")
        seen = job.step("doubles", {"calls": [PAIR]})
        assert (seen.error["type"], seen.stopped) == ("OSError", None)
        job.write("data/input.csv", bytes(1 << 20))
        stopped = job.step("idempotent", {"calls": [PAIR]})
    assert (stopped.stopped, stopped.stage) == ("output", "doubles")


def test_folders_are_not_made_without_end_either(keeper):
    source = IN_THE_CALL + "for n in range(1 << 20): os.mkdir(str(n))"
    assert "No space left" in tried(keeper, source).error["text"]


def test_who_stops_itself_goes_on(keeper):
    seen = tried(keeper, IN_THE_CALL + "os.kill(os.getpid(), signal.SIGSTOP)")
    assert (seen.stopped, seen.first("returned")) == (None, True)


# A child acts while the judge looks at a process that has stopped itself.
MEANWHILE = (
    "parent = os.getpid()\n"
    "    def until(state):\n"
    "        while open(f'/proc/{parent}/stat').read().split()[2] != state: time.sleep(0.01)\n"
    "    if os.fork():\n"
    "        sys._getframe(1).f_locals['channel'].done()\n"
    "        os.kill(parent, signal.SIGSTOP)\n"
    "        return\n"
    "    until('T')\n"
    "    while not os.path.exists('data/looked'): time.sleep(0.01)\n"
    "    "
)
# What it does → how often the judge looks at two; who is stopped again by others may be late.
ACTS = {
    "tries to continue it, and stops it again": (
        "try: os.kill(parent, signal.SIGCONT)\n"
        "    except OSError: os.kill(parent, signal.SIGSTOP); until('T')\n",
        {2, 3, 4},
    ),
    "ends it": ("os.kill(parent, signal.SIGKILL); until('Z')\n", {2}),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_is_done_while_the_judge_looks_is_no_answer_of_the_judges(keeper, name):
    act, looks = ACTS[name]
    seen = []

    def look(told):
        seen.append(told)
        job.write("data/looked", b"")
        while "acted" not in job.names("data") and beside(keeper):
            time.sleep(0.01)

    source = IN_THE_CALL + MEANWHILE + act + "    open('data/acted', 'w'); os._exit(0)"
    with keeper.job(PROBE, source, AMPLE) as job:
        job.write("data/input.csv", b"a\n1\n")
        first = job.step("doubles", {"calls": [PAIR]}, None, look)
        job.remove("data/acted")
        job.remove("data/looked")
        again = job.step("idempotent", {"calls": [PAIR]}, None, look)
    assert (first.stopped, again.stopped, len(seen) in looks) == (None, None, True)


@pytest.mark.parametrize("threads", [32, 56])
def test_as_many_threads_as_processes_are_granted_take_no_memory(keeper, threads):
    """Each waits for all the others, and has made something on a heap before that."""
    source = IN_THE_CALL + (
        f"import threading\n    together = threading.Barrier({threads}, timeout=60)\n"
        "    def work(): made.append(bytes(9999)); together.wait()\n"
        f"    made, each = [], [threading.Thread(target=work) for _ in range({threads})]\n"
        "    for thread in each: thread.start()\n"
        "    for thread in each: thread.join()\n"
        f"    assert len(made) == {threads}"
    )
    seen = tried(keeper, source)
    assert (seen.error, seen.stopped, seen.first("returned")) == (None, None, True)


def test_a_worker_that_cannot_start_says_why():
    with (
        pytest.raises(WorkerError, match="No module named 'no_such_module'"),
        Keeper(preload=("no_such_module",)),
    ):
        pass


def test_a_job_whose_processes_are_killed_from_outside_ends(keeper):
    endless = IN_THE_CALL + "time.sleep(600)"
    with keeper.job(PROBE, endless, AMPLE) as job, ThreadPoolExecutor(1) as threads:
        step = threads.submit(job.step, "doubles", {"calls": [PAIR]})
        family = psutil.Process(keeper.process.pid)
        while len(family.children(recursive=True)) < 3:  # supervisor, warden, stage
            time.sleep(0.01)
        for process in family.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        with pytest.raises(WorkerError, match="ended by somebody else"):
            step.result()


def test_what_the_watcher_of_an_answer_lacks_is_not_held_against_it(keeper):
    with keeper.job(PROBE, IN_THE_CALL + "pass", AMPLE) as job:
        (supervisor,) = psutil.Process(keeper.process.pid).children()
        (warden,) = supervisor.children()
        warden.rlimit(psutil.RLIMIT_NOFILE, (3, 3))
        with pytest.raises(WorkerError, match="Too many open files"):
            job.step("doubles", {"calls": [PAIR]})


def test_what_the_judge_lacks_is_not_held_against_an_answer(keeper):
    asks = IN_THE_CALL + "sys._getframe(1).f_locals['channel'].ask(enough=False)"

    def lacking(question):
        raise OSError(errno.EMFILE, "Too many open files")

    with keeper.job(PROBE, asks, AMPLE) as job, pytest.raises(OSError, match="Too many open"):
        job.step("doubles", {"calls": [PAIR]}, serve=lacking)
    with keeper.job(PROBE, IN_THE_CALL + "pass", AMPLE) as job:
        job.write(OUTPUT, b"older")
        usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
        try:
            for means in (job.read, job.remove, lambda name: job.write(name, b"newer")):
                with pytest.raises(OSError, match="Too many open files"):
                    means(OUTPUT)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))
        assert (job.stopped, job.read(OUTPUT)) == (None, b"older")
