"""`grade`: each submission of a folder once, its result kept whatever happens."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from classes import GOOD, ROOT, graded, put, rows, written
from test_cli import workbench

from workbench import PipelineError
from workbench.cli.feedback import root_of
from workbench.cohort import files
from workbench.cohort.grading import Grading, Shard
from workbench.cohort.handins import hand_ins
from workbench.cohort.keepers import Keepers

SLOW = "import time\ntime.sleep(3)\n"
SLEEPS = SLOW.replace("3", "600")


def handed_in(folder):
    return put(
        folder,
        {
            "ada/problem_1.md": GOOD,
            "ada/problem_3.ipynb": (ROOT / "solutions/problem_3.ipynb").read_text(),
            "bob/problem_3.py": "def process_data(input_file, output_file): pass",
            "bob/problem_1.txt": "",
            "cy/problem_3.py": "import os\nos._exit(0)\n",
            "cy/problem_1.ipynb": "not a notebook",
            "cy/notes.txt": "x",
        },
    )


@pytest.fixture
def folder(tmp_path):
    return handed_in(tmp_path / "in")


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """What `grade` has said and written of the folder: (its root, its end)."""
    root = tmp_path_factory.mktemp("once")
    folder = handed_in(root / "in")
    return root, workbench("grade", folder, "--out", root / "out", "--jobs", 2, "--seed", 5)


def test_every_submission_gets_a_report_and_a_row(once):
    root, done = once
    assert done.returncode == 0, done.stderr
    assert "1 not_attempted, 2 passed, 1 unusable" in done.stdout
    table = rows(root / "out")
    assert {key: (row["outcome"], row["score"]) for key, row in table.items()} == {
        ("ada", "problem_1"): ("passed", table["ada", "problem_1"]["score"]),
        ("ada", "problem_3"): ("passed", "6"),
        ("bob", "problem_1"): ("not_attempted", "0"),
        ("bob", "problem_3"): ("failed", "0"),
        ("cy", "problem_1"): ("unusable", ""),
        ("cy", "problem_3"): ("failed", "0"),
    }
    columns = "learner,problem,attempt,outcome,score,max_score,stretch,max_stretch,late,seed,note"
    assert ",".join(table["ada", "problem_3"]) == columns
    assert table["cy", "problem_1"]["note"].startswith("problem_1.ipynb")
    report = json.loads((root / "out/cy/problem_3.json").read_text())
    assert (report["stopped"], report["score"]) == ("exit", 0)
    assert "duration_s" not in report
    assert len((root / "out/timings.csv").read_text().splitlines()) == 7


def test_the_seed_of_a_row_gives_the_same_report(once):
    root, _ = once
    row = rows(root / "out")["ada", "problem_3"]
    file = root / "in/ada/problem_3.ipynb"
    done = workbench("check", "problem_3", file, "--seed", row["seed"], "--json")
    kept = json.loads((root / "out/ada/problem_3.json").read_text())
    assert json.loads(done.stdout)["criteria"] == kept["criteria"]
    seeds = {row["seed"] for row in rows(root / "out").values()}
    assert len(seeds) == len(rows(root / "out"))  # an answer's inputs are its own


def test_a_later_answer_cannot_know_its_inputs(tmp_path):
    """A report tells its seed; a table of what that one draws is another answer."""
    seeds = []
    for text in ("A DAG is directed.", "A DAG is directed, for the seed of my report."):
        (tmp_path / "in/anna").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in/anna/problem_1.md").write_text(text)
        graded(tmp_path / "out", tmp_path / "in")
        seeds.append(rows(tmp_path / "out")["anna", "problem_1"]["seed"])
    assert len(set(seeds)) == 2


@pytest.mark.slow
def test_the_bytes_are_the_same_whatever_the_jobs(folder, tmp_path):
    for jobs in (1, 4):
        graded(tmp_path / f"out{jobs}", folder, jobs=jobs)
    assert written(tmp_path / "out1") == written(tmp_path / "out4")


@pytest.mark.parametrize("make", [lambda path: path / "nowhere", lambda path: path])
def test_a_folder_without_submissions_is_named(tmp_path, make):
    with pytest.raises(
        PipelineError, match="no such folder; give one|no submissions; they are named <learner>"
    ):
        hand_ins(make(tmp_path))


def test_a_link_and_a_second_file_are_refused_and_never_opened(folder, tmp_path):
    (folder / "cy/problem_5.py").symlink_to(folder / "ada/problem_3.ipynb")
    (folder / "cy/problem_4.py").symlink_to("/nowhere")
    (folder / "di").symlink_to(folder / "ada")
    (folder / "ada/problem_1.txt").write_text(GOOD)
    refused = {
        (hand_in.learner, hand_in.problem): hand_in.refused
        for hand_in in hand_ins(folder)
        if hand_in.refused
    }
    several = "there are several files for it (problem_1.md, problem_1.txt); hand in one"
    link = "it is a link to something else; hand in the file itself"
    assert refused == {
        ("ada", "problem_1"): several,
        ("cy", "problem_4"): link,
        ("cy", "problem_5"): link,
        ("di", "problem_3"): link,
        ("di", "problem_1"): several,
    }
    links = [hand_in for hand_in in hand_ins(folder) if hand_in.refused == link]
    standings = Grading(tmp_path / "out", links).run()
    assert {(one.outcome, one.note) for one in standings} == {("unusable", link)}


@pytest.mark.parametrize("where", ["", "learners", "learners/bo"])
def test_what_is_in_the_place_of_a_folder_has_a_row(tmp_path, where):
    """Of a learner, or of one of their attempts."""
    place, elsewhere = tmp_path / "class" / where, tmp_path / "elsewhere"
    put(tmp_path / "class" / (where.partition("/")[0]), {"anna/problem_3.py": "x"})
    place.mkdir(parents=True, exist_ok=True)
    elsewhere.mkdir()
    (place / "linked").symlink_to(elsewhere)
    (place / "lost").symlink_to("/nowhere")
    os.mkfifo(place / "pipe")
    os.mkfifo(place / ".hidden")
    (place / ".DS_Store").write_text("")
    told = {
        (hand_in.file.name, hand_in.attempt): hand_in.refused
        for hand_in in hand_ins(tmp_path / "class")
        if hand_in.learner != "anna"
    }
    link = "the folder is a link to something else; hand in the folder itself"
    reasons = {"linked": link, "lost": link, "pipe": "it is no folder; hand in a folder"}
    one = where == "learners/bo"
    assert told == {(name, name if one else "1"): why for name, why in reasons.items()}


def begun(folder, out):
    """A grading of which the first answer to problem 3 is judged."""
    command = [sys.executable, "-m", "workbench", "grade", folder, "--jobs", "2", "--out", out]
    usual = signal.signal(signal.SIGINT, signal.SIG_DFL)  # who starts this may ignore it
    (scratch := out.parent / "scratch").mkdir()
    grading = subprocess.Popen(
        command,
        env=os.environ | {"TMPDIR": str(scratch)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, usual)
    while not list(out.glob("*/problem_3.json")):
        assert grading.poll() is None
        time.sleep(0.1)
    return grading


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_an_interrupt_keeps_what_was_judged(folder, tmp_path, sent, code):
    for number in range(12):
        put(folder, {f"slow{number}/problem_3.py": SLOW})
    grading = begun(folder, tmp_path / "out")
    grading.send_signal(sent)
    _, told = grading.communicate(timeout=60)
    assert (grading.returncode, told) == (
        code,
        f"workbench: stopped; what was judged until then is in {tmp_path / 'out'}\n",
    )
    kept = {(file.parent.name, file.stem) for file in tmp_path.glob("out/*/problem_*.json")}
    table = rows(tmp_path / "out")
    assert {whose for whose, row in table.items() if row["outcome"] != "not_judged"} == kept
    assert 1 <= len(kept) < 18
    assert len(table) == 18  # what was handed in and is not judged yet has no points, and not 0
    assert {table[whose]["score"] for whose in set(table) - kept} == {""}


def alive():
    every = psutil.process_iter(["status"])
    return {one for one in every if one.info["status"] != psutil.STATUS_ZOMBIE}


@pytest.mark.slow
@pytest.mark.parametrize("times", ["once", "twice"])
def test_who_interrupts_waits_for_none_and_keeps_what_was_judged(folder, tmp_path, times):
    # The second to be judged, of two at once, is under way when the first one is through.
    sleeping = {f"{name}/problem_3.py": SLEEPS for name in ("al", "eve", "fay")}
    grading = begun(put(folder, sleeping), tmp_path / "out")
    theirs = {*psutil.Process(grading.pid).children(recursive=True)}
    with ExitStack() as held:
        if times == "twice":  # nobody can write a table meanwhile, so that once is not enough
            held.enter_context(files.turn(tmp_path / "out"))
        os.killpg(grading.pid, signal.SIGINT)
        while times == "twice" and grading.poll() is None:
            time.sleep(0.1)
            os.killpg(grading.pid, signal.SIGINT)
        _, told = grading.communicate()
    while theirs & alive():
        time.sleep(0.1)
    assert not [*(tmp_path / "scratch").iterdir()]
    assert (grading.returncode, told) == (
        130,
        f"workbench: stopped; what was judged until then is in {tmp_path / 'out'}\n",
    )
    kept = {file.parent.name for file in tmp_path.glob("out/*/problem_3.json")}
    assert kept
    assert not kept & {name.partition("/")[0] for name in sleeping}
    table = rows(tmp_path / "out")
    assert {whose for whose, _ in table} == {"ada", "bob", "cy", "al", "eve", "fay"}
    assert {table[name, "problem_3"]["outcome"] for name in ("al", "eve", "fay")} == {"not_judged"}


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [("ada", Path.touch, "File exists"), ("grades.csv", Path.mkdir, "Is a directory")],
)
def test_reports_that_cannot_be_written_are_one_line(folder, tmp_path, name, make, said):
    (tmp_path / "out").mkdir()
    make(tmp_path / "out" / name)
    done = workbench("grade", folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path / 'out' / name}: {said}; it is where the results go to" in done.stderr


def test_a_file_in_the_place_of_the_reports_is_told_in_a_line(folder, tmp_path):
    (tmp_path / "out").touch()
    done = workbench("grade", folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "File exists; it is where" in done.stderr


def test_a_class_needs_no_out_and_a_plain_folder_does(folder, tmp_path):
    root = put(tmp_path / "class", {"learners/ada/1/problem_1.md": GOOD})
    with pytest.raises(PipelineError, match="leave --out away"):
        root_of(root, tmp_path)
    with pytest.raises(PipelineError, match="say --out FOLDER"):
        root_of(folder, None)
    with pytest.raises(PipelineError, match="the shards are 1 to 4"):
        Shard(5, 4)
    assert "it is written as 1/4" in workbench("grade", root, "--shard", "2").stderr


def test_what_fails_makes_no_class_and_one_of_nobody_is_not_graded(tmp_path):
    root = tmp_path / "made/for/class"
    (there := tmp_path / "there").mkdir()
    (there / "notes.txt").touch()
    (tmp_path / "roster.csv").write_text("id,name\na1,Ada\n")
    for more in ((), ("--roster", tmp_path / "roster.csv")):
        done = workbench("collect", tmp_path / "nowhere", "--into", root, *more)
        assert (done.returncode, (tmp_path / "made").exists()) == (2, False), done.stderr
        done = workbench("collect", tmp_path / "nowhere", "--into", there, *more)
        assert (done.returncode, [*there.iterdir()]) == (2, [there / "notes.txt"]), done.stderr
    (root / "learners").mkdir(parents=True)
    done = workbench("grade", root)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "nobody has handed in anything; workbench collect EXPORT --into" in done.stderr


def test_a_warm_process_is_lent_again_unless_a_judge_broke_with_it():
    with Keepers() as keepers:
        with keepers.lent("problem_3") as first, keepers.lent("problem_3") as other:
            assert first is not other
        with pytest.raises(ZeroDivisionError), keepers.lent("problem_3") as broken:
            raise ZeroDivisionError
        with keepers.lent("problem_3") as again:
            assert again is not broken
            assert again in (first, other)
        processes = [keeper.process for keeper in (first, other)]
    assert [process.poll() for process in processes] == [0, 0]
