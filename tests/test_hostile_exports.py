"""Whatever a learner hands in, a class is collected: each file is its owner's, and has a line."""

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from classes import ANSWER, collect, put, zipped
from lowered import USER
from test_cli import workbench

from workbench.cohort import collected
from workbench.cohort.files import LONGEST, folder_of
from workbench.graph import PipelineError
from workbench.sandbox.message import printable

OTHER = ANSWER.replace("pass", "return 7")
CLAIMS = """
submission_1:
  :submitters:
  - :sid: ANNA
submission_2:
  :submitters:
  - :sid: ../../../away
submission_3: {":submitters": 5, ":created_at": 0001-01-01 00:00:00}
submission_4: {":submitters": [7]}
"""
OTHERS_NAMES = {  # what a learner's own folder holds, named as layouts name those of others
    "Gradescope": {
        "submission_metadata.yml": CLAIMS,
        **{f"submission_{number}/problem_3.ipynb": OTHER for number in range(1, 5)},
    },
    "Moodle": {"Anna A_101_assignsubmission_file_/problem_3.ipynb": OTHER},
    "Canvas": {"anna_101_202_problem_3.ipynb": OTHER},
    "nbgrader's exchange": {"101+ps1+2026-11-20 10:00:00 UTC+x/problem_3.ipynb": OTHER},
    "nbgrader": {"ps/problem_3.ipynb": OTHER, "ps/timestamp.txt": "0001-01-01 00:00:00"},
    "a course of nbgrader's": {
        "submitted/101/ps/problem_3.ipynb": OTHER,
        "submitted/101/ps/timestamp.txt": "2026-11-20 10:00:00 UTC",
    },
}
WHOLES = {  # how an export names the folders of two learners
    "folders": ("101", "102"),
    "Moodle": ("Anna A_101_assignsubmission_file_", "Bob B_102_assignsubmission_file_"),
    "Canvas": ("anna_101_7_x", "bob_102_8_x"),
    "repositories": ("problem-3-101", "problem-3-102"),
}


def owners(lines):
    return {line.source.split("/", 1)[1]: line.learner for line in lines}


@pytest.mark.parametrize("layout", OTHERS_NAMES)
@pytest.mark.parametrize("whole", WHOLES)
def test_nothing_in_a_learners_folder_says_whose_it_is(tmp_path, whole, layout):
    anna, bob = WHOLES[whole]
    handed_in = {f"{anna}/problem_3.ipynb": ANSWER} | {
        f"{bob}/{name}": text.replace("ANNA", "101") for name, text in OTHERS_NAMES[layout].items()
    }
    lines = collect(tmp_path / "class", put(tmp_path / "export", handed_in))
    whose = owners(lines)
    assert whose.pop(f"{anna}/problem_3.ipynb") == "101"
    assert set(whose.values()) == {"102"}
    assert {path.name for path in (tmp_path / "class/learners").iterdir()} <= {"101", "102"}
    assert not [*tmp_path.rglob("away")]


def test_a_list_of_gradescopes_leads_nowhere_else(tmp_path):
    export = put(
        tmp_path / "export",
        {"submission_metadata.yml": CLAIMS, "submission_2/problem_3.ipynb": ANSWER},
    )
    (line,) = [line for line in collect(tmp_path / "class", export) if line.became == "taken"]
    assert line.learner == "..%2F..%2F..%2Faway".replace("..", "%2E.", 1)
    assert (tmp_path / "class" / line.file).resolve().is_relative_to(tmp_path / "class/learners")


NAMES = ["../up", "/top", "..", ".", ".grades.csv.part", "x" * 250, "\udcff" * 200, "ü" * 120]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_folder_of_any_name_is_one_of_ours(name):
    folder = folder_of(name)
    assert len(folder.encode()) <= LONGEST
    assert "/" not in folder
    assert (folder[0] != ".", printable(folder)) == (True, folder)
    assert folder_of(folder) != folder, "a learner who is called so has another"
    assert folder_of(name + "y") != folder


@pytest.mark.parametrize("name", ["..", ".", "c" * 300 + "/problem_3.ipynb", "/", "a/../.."])
def test_an_entry_of_any_name_costs_only_itself(tmp_path, name):
    export = zipped(tmp_path / "export.zip", {"101/problem_3.ipynb": ANSWER, name: OTHER})
    assert "101" in {line.learner for line in collect(tmp_path / "class", export)}


def test_a_name_of_any_signs_is_told(tmp_path):
    names = ("problem_3\x1b[2J\u202e.ipynb", "problem_3\udcff.ipynb", "problem_3.ipynb")
    for number, name in enumerate(names):
        put(tmp_path / "export", {f"101/{name}": ANSWER.replace("pass", f"return {number}")})
    done = workbench("collect", tmp_path / "export", "--into", tmp_path / "class")
    assert done.returncode == 1
    assert "several different ones" in done.stdout
    assert printable(done.stdout) == done.stdout


def test_a_time_of_any_year_is_read_or_left_out(tmp_path):
    days = ("0001-01-01 00-00", "9999-12-31 23-59", "2026-13-45")
    export = put(tmp_path / "export", {f"101/{day}/problem_3.ipynb": ANSWER for day in days})
    put(export, {"102/problem_3.ipynb": ANSWER})
    os.utime(export / "102/problem_3.ipynb", (1e13, 1e13))
    assert {line.learner for line in collect(tmp_path / "class", export)} == {"101", "102"}


def test_a_path_that_is_too_long_has_a_line(tmp_path):
    deep, usual = put(tmp_path / "export", {"101/problem_3.ipynb": ANSWER}) / "102", os.getcwd()
    deep.mkdir()
    try:
        os.chdir(deep)
        for _ in range(25):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        open("problem_3.ipynb", "w").close()
    finally:
        os.chdir(usual)
    waits = [line for line in collect(tmp_path / "class", tmp_path / "export") if line.waits]
    assert ["cannot be read" in line.rule for line in waits] == [True]


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
def test_a_folder_that_cannot_be_read_has_a_line(tmp_path):
    export = put(tmp_path / "export", {f"{n}/problem_3.ipynb": ANSWER for n in (101, 102)})
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, USER, USER)
    for path in tmp_path.parents:
        if path.stat().st_uid == os.getuid() and "pytest-of-" in str(path):
            path.chmod(0o755)
    (export / "102").chmod(0)
    command = ["collect", export, "--into", tmp_path / "class"]
    lowered = [os.path.join(os.path.dirname(__file__), "lowered.py"), "user", sys.executable]
    done = subprocess.run(
        [sys.executable, *lowered, "-m", "workbench", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "102: the folder cannot be read" in done.stdout


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "export.zip")
    with pytest.raises(PipelineError, match="neither a folder nor a zip"):
        collect(tmp_path / "class", tmp_path / "export.zip")


HELD = """
import re, sys
from pathlib import Path
from workbench.cohort.collecting import Collecting
Collecting(Path(sys.argv[1])).run([Path(sys.argv[2])])
# Of this program alone: what getrusage tells includes the process that has started it.
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) >> 10)
"""


@pytest.mark.slow
def test_not_all_files_are_held_at_once(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(28):
            archive.writestr(f"101/notes {number}.py", bytes(22 << 20))
        archive.writestr("101/problem_3.ipynb", ANSWER)
    command = [sys.executable, "-c", HELD, tmp_path / "class", tmp_path / "export.zip"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 300  # MB, of 600


def test_an_archive_in_an_archive_holds_not_more_than_one_may(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.cohort.sources.LARGEST_ARCHIVE", 1 << 20)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.py", bytes(400 << 10))
    content = {"101/problem_3.ipynb": ANSWER, "102/all.zip": inner.getvalue()}
    lines = collect(tmp_path / "class", zipped(tmp_path / "export.zip", content))
    assert ["holds too much" in line.rule for line in lines if line.waits] == [True]


@pytest.mark.parametrize("folder", ["101", "101/attempt_{0}"])
def test_no_number_of_files_for_one_problem_costs_more_than_their_lines(tmp_path, folder):
    names = (f"{folder.format(number)}/problem_3 ({number}).py" for number in range(600))
    files = {name: f"x = {number}" for number, name in enumerate(names)}
    export = zipped(tmp_path / "export.zip", {"102/problem_3.ipynb": ANSWER, **files})
    *own, other = collect(tmp_path / "class", export)
    assert (other.became, {line.became for line in own}) == ("taken", {"for a person"})
    (rule,) = {line.rule for line in own}
    assert rule.endswith("(0).py, problem_3 (1).py, problem_3 (10).py and 597 more")
    chosen = [replace(own[0], became="taken"), *own[1:], other]
    collected.write(tmp_path / "class", chosen)
    assert [line.became for line in collect(tmp_path / "class", export)].count("ignored") == 599
