"""A folder of submissions: each judged and written as it comes; a bad one costs only itself."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort.grading import grade
from workbench.cohort.handins import hand_ins
from workbench.cohort.keepers import Keepers

ROOT = Path(__file__).parent.parent
GOOD = """
A node is a task, and an edge leads from a task to the one that needs its result. No path leads
back. The order of work follows from the edges. Independent tasks can run in parallel.
"""
ENDLESS = "while True:\n    pass\n"


@pytest.fixture
def folder(tmp_path):
    for learner, files in {
        "ada": {
            "problem_1.md": GOOD,
            "problem_3.ipynb": (ROOT / "solutions/problem_3.ipynb").read_text(),
        },
        "bob": {"problem_3.py": ENDLESS, "problem_1.txt": ""},
        "cy": {
            "problem_3.py": "import os\nos._exit(0)\n",
            "problem_1.ipynb": "not a notebook",
            "notes.txt": "x",
        },
    }.items():
        (tmp_path / "in" / learner).mkdir(parents=True)
        for name, text in files.items():
            (tmp_path / "in" / learner / name).write_text(text)
    return tmp_path / "in"


def test_every_submission_gets_a_report_and_a_row(folder, tmp_path):
    done = workbench("grade", folder, "--out", tmp_path / "out", "--jobs", 2, "--seed", 5)
    assert done.returncode == 0, done.stderr
    rows = {
        (row["learner"], row["problem"]): row
        for row in csv.DictReader((tmp_path / "out/grades.csv").open())
    }
    assert {key: row["outcome"] for key, row in rows.items()} == {
        ("ada", "problem_1"): "passed",
        ("ada", "problem_3"): "passed",
        ("bob", "problem_1"): "not_attempted",
        ("bob", "problem_3"): "failed",
        ("cy", "problem_1"): "unusable",
        ("cy", "problem_3"): "failed",
    }
    assert rows["cy", "problem_1"]["note"].startswith("problem_1.ipynb")
    report = json.loads((tmp_path / "out/bob/problem_3.json").read_text())
    assert (report["stopped"], report["score"]) == ("time", 0)


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
    reports = grade(links, tmp_path, 1, 1)
    assert {(report.outcome, report.note) for report in reports.values()} == {("unusable", link)}


def test_an_interrupt_keeps_what_was_judged(folder, tmp_path):
    for number in range(12):
        (folder / f"slow{number}").mkdir()
        (folder / f"slow{number}/problem_3.py").write_text(ENDLESS)
    command = [sys.executable, "-m", "workbench", "grade", folder, "--jobs", "2"]
    command += ["--out", tmp_path / "out"]
    grading = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    while not list(tmp_path.glob("out/*/problem_3.json")):
        assert grading.poll() is None
        time.sleep(0.1)
    grading.send_signal(signal.SIGINT)
    _, told = grading.communicate(timeout=60)
    assert (grading.returncode, told) == (
        130,
        f"workbench: stopped; what was judged until then is in {tmp_path / 'out'}\n",
    )
    rows = list(csv.DictReader((tmp_path / "out/grades.csv").open()))
    assert {(row["learner"], row["problem"]) for row in rows} == {
        (file.parent.name, file.stem) for file in tmp_path.glob("out/*/problem_*.json")
    }
    assert 1 <= len(rows) < 18


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [("ada", Path.touch, "File exists"), ("grades.csv", Path.mkdir, "Is a directory")],
)
def test_reports_that_cannot_be_written_are_one_line(folder, tmp_path, name, make, said):
    (tmp_path / "out").mkdir()
    make(tmp_path / "out" / name)
    done = workbench("grade", folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path / 'out' / name}: {said}; --out is the folder" in done.stderr


def test_a_file_in_the_place_of_the_reports_is_told_in_a_line(folder, tmp_path):
    (tmp_path / "out").touch()
    done = workbench("grade", folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "File exists; --out is the folder" in done.stderr


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
