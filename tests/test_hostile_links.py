"""No step of the way to an answer is a link that a learner has put there, whenever that was."""

from pathlib import Path

import pytest
from classes import GOOD, graded, put, rows

from workbench.cohort import ledger
from workbench.cohort.cluster import _contents as travelling
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.cohort.judges import Here
from workbench.exercises import check
from workbench.feedback.desk import Desk

OWN = "process_data = 1"
SECRET = "def process_data(input_file, output_file): secret"
# What is there, and which step of it becomes a link.
STEPS = {
    "the file": ("in/eve/problem_3.py", "in/eve/problem_3.py"),
    "the folder": ("in/eve/problem_3.py", "in/eve"),
    "the attempt": ("class/learners/eve/1/problem_3.py", "class/learners/eve/1"),
    "the learner": ("class/learners/eve/1/problem_3.py", "class/learners/eve"),
    "a learner without attempts": ("class/learners/eve/problem_3.py", "class/learners/eve"),
}


@pytest.fixture(params=STEPS.values(), ids=STEPS)
def swapped(request, tmp_path):
    """What was handed in, and where its results go, when a step of the way has become a link."""
    answer, step = request.param
    folder = tmp_path / answer.split("/")[0]
    put(tmp_path, {answer: OWN, f"hidden{answer.removeprefix(step)}": SECRET})
    listed = hand_ins(folder)
    (tmp_path / step).rename(tmp_path / "moved")
    (tmp_path / step).symlink_to(tmp_path / "hidden")
    return listed, folder if folder.name == "class" else tmp_path / "out"


def test_what_becomes_a_link_while_others_are_judged_is_not_followed(swapped):
    listed, out = swapped
    standings = Grading(out, listed, Here(), seed=1).run()
    assert [(one.learner, one.outcome, one.score) for one in standings] == [
        ("eve", "unusable", None)
    ]
    assert "secret" not in str(standings)


def test_no_text_of_it_is_shown_and_none_travels(swapped):
    listed, out = swapped
    grading = Grading(out, listed, Here(), seed=1)
    grading.run()
    desk = Desk(ledger.of(grading), listed, "me")
    assert not any("secret" in str(desk.texts(standing)) for standing in desk.answers)
    assert travelling(listed[0]) == {}


@pytest.mark.parametrize("where", ["link", "link/in", "there/../link"])
def test_links_of_the_instructors_own_lead_anywhere(tmp_path, monkeypatch, where):
    put(tmp_path, {"far/in/ann/problem_1.md": GOOD, "far/ann/problem_1.md": GOOD})
    (tmp_path / "far/there").mkdir()
    (tmp_path / "link").symlink_to("far" if where == "link/in" else "far/in")
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)
    graded(tmp_path / "out", (tmp_path / where).relative_to(tmp_path))
    assert rows(tmp_path / "out")["ann", "problem_1"]["outcome"] == "passed"


def test_parts_that_lie_beside_a_file_of_ones_own_are_read_behind_a_link(tmp_path, monkeypatch):
    put(tmp_path, {"far/problem_3.py": "one = 1", "far/problem_3.md": "It doubles."})
    (tmp_path / "home").symlink_to("far")
    monkeypatch.chdir(tmp_path / "home")
    for file in (tmp_path / "home/problem_3.py", Path("problem_3.py")):
        answer = check.read("problem_3", file)
        assert (answer.code, answer.prose) == ("one = 1", "It doubles.")
