"""From a downloaded zip to a table that is imported, by the lines that the README shows."""

import csv
import re
import shlex
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml
from classes import GOOD

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text().partition("\n## A class\n")[2].partition("\n## ")[0]
LINES = re.findall(r"^\$ (.*)", TEXT, re.M)
PEOPLE = (
    "First name,Last name,ID number,Email address\nJane,Doe,u1,jane@x.edu\nZoe,Zed,u2,z@x.edu\n"
)
JANE = "Jane Doe_12345_assignsubmission_file_/"


@pytest.fixture
def desk(tmp_path):
    """What an instructor has downloaded, beside the project."""
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(ROOT / "solutions/problem_3.ipynb", f"{JANE}Problem 3 (2).ipynb")
        archive.writestr(f"{JANE}problem1.md", GOOD)
        archive.writestr("Max Mustermann_12346_assignsubmission_file_/p1.txt", GOOD)
    (tmp_path / "roster.csv").write_text(PEOPLE)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def test_the_lines_of_the_readme_lead_from_a_zip_to_a_table(desk):
    told = []
    for line in LINES:
        done = subprocess.run(
            shlex.split(line), cwd=desk, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        told.append(done.stdout)
    _, collected, graded, listed, reported, exported, _ = told
    assert "1 of 2 handed in nothing: u2" in collected
    assert "Next: workbench grade class" in collected
    assert "Next: workbench review class (2 answers for a person)" in graded
    assert listed.startswith("learner,problem,answer,criterion,outcome")
    assert "Next: workbench export class" in reported
    assert "→ class/export/moodle.csv" in exported
    with (desk / "class/grades.csv").open(newline="") as file:
        outcomes = {
            (row["learner"], row["problem"]): row["outcome"] for row in csv.DictReader(file)
        }
    assert outcomes == {
        ("u1", "problem_1"): "passed",
        ("u1", "problem_3"): "passed",
        ("u2", "problem_1"): "not_handed_in",
        ("u2", "problem_3"): "not_handed_in",
    }


def test_the_workflow_judges_every_part_and_joins_them():
    jobs = yaml.safe_load((ROOT / "docs/class-workflow.yml").read_text())["jobs"]
    assert jobs["judge"]["strategy"]["matrix"]["part"] == [1, 2, 3, 4]
    lines = {name: [step.get("run") for step in job["steps"]] for name, job in jobs.items()}
    assert ".venv/bin/workbench grade class --shard ${{ matrix.part }}/4" in lines["judge"]
    assert lines["join"][-2] == ".venv/bin/workbench grade class"


def test_the_readme_shows_a_line_for_each_command_of_a_class():
    words = {shlex.split(line)[1] for line in LINES}
    assert words == {"hand-out", "collect", "grade", "review", "report", "export", "forget"}
