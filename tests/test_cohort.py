"""A folder of submissions: each judged, each written as it comes, and a bad one costs only itself."""

import csv
import json
from pathlib import Path

import pytest
from test_cli import workbench

from workbench import PipelineError, cohort

ROOT = Path(__file__).parent.parent
GOOD = "A node is a task, and an edge leads from a task to the one that needs its result. No path leads back. "
GOOD += "The order of work follows from the edges. Independent tasks can run in parallel."
ENDLESS = "while True:\n    pass\n"


@pytest.fixture
def folder(tmp_path):
    for learner, files in {
        "ada": {"problem_1.md": GOOD, "problem_3.ipynb": (ROOT / "solutions/problem_3.ipynb").read_text()},
        "bob": {"problem_3.py": ENDLESS, "problem_1.txt": ""},
        "cy": {"problem_3.py": "import os\nos._exit(0)\n", "problem_1.ipynb": "not a notebook", "notes.txt": "x"},
    }.items():
        (tmp_path / "in" / learner).mkdir(parents=True)
        for name, text in files.items():
            (tmp_path / "in" / learner / name).write_text(text)
    return tmp_path / "in"


def test_every_submission_gets_a_report_and_a_row(folder, tmp_path):
    done = workbench("grade", folder, "--out", tmp_path / "out", "--jobs", 2, "--seed", 5)
    assert done.returncode == 0, done.stderr
    rows = {(row["learner"], row["problem"]): row for row in csv.DictReader((tmp_path / "out/grades.csv").open())}
    assert {key: row["outcome"] for key, row in rows.items()} == {
        ("ada", "problem_1"): "passed",
        ("ada", "problem_3"): "passed",
        ("bob", "problem_1"): "not_attempted",
        ("bob", "problem_3"): "failed",
        ("cy", "problem_1"): "unusable",
        ("cy", "problem_3"): "failed",
    }
    report = json.loads((tmp_path / "out/bob/problem_3.json").read_text())
    assert (report["stopped"], report["score"]) == ("time", 0)


@pytest.mark.parametrize("make", [lambda path: path / "nowhere", lambda path: path])
def test_a_folder_without_submissions_is_named(tmp_path, make):
    with pytest.raises(PipelineError, match="no such folder; give one|no submissions; they are named <learner>"):
        cohort.submissions(make(tmp_path))


def test_a_file_in_the_place_of_the_reports_is_told_in_a_line(folder, tmp_path):
    (tmp_path / "out").touch()
    done = workbench("grade", folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "File exists; --out is the folder" in done.stderr
