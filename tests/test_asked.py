"""What is asked is what a total is of; what was handed in beside it is kept, and not counted."""

import csv

import pytest
from classes import BAD, CODE, GOOD, graded, put, rows

from workbench.cohort import collected, exports, ledger
from workbench.cohort.collected import WAITS, Line
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.feedback import learners, overview

ROSTER = "id,name\nann,Ann\nbob,Bob\nzoe,Zoe\n"


@pytest.fixture
def cohort(tmp_path):
    files = {f"learners/{name}/1/problem_1.md": GOOD for name in ("ann", "bob")}
    return put(tmp_path, files | {"learners/bob/1/problem_3.py": CODE})


def of(root):
    return ledger.of(Grading(root, hand_ins(root)), graded(root))


def table(root, system):
    path = exports.write(system, of(root))[0]
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("roster", [{"roster.csv": ROSTER}, {}], ids=["roster", "none"])
def test_what_is_not_asked_changes_nobodys_total(cohort, roster):
    put(cohort, roster | {"class.toml": 'seed = 5\nproblems = ["problem_1"]\n'})
    whole = of(cohort)
    assert whole.problems == ["problem_1"]
    assert (
        whole.total("ann")
        == whole.total("bob")
        == whole.percent(whole.by_learner["ann"]["problem_1"])
    )
    assert [row["Total"] for row in table(cohort, "moodle")][:2] == [whole.total("ann")] * 2
    assert "problem_3" not in table(cohort, "canvas")[0]
    assert ("bob", "problem_3") in rows(cohort)  # kept all the same


def test_what_others_handed_in_and_one_did_not_counts_as_nothing(cohort):
    whole = of(cohort)
    half = float(whole.percent(whole.by_learner["ann"]["problem_1"])) / 2
    assert float(whole.total("ann")) == pytest.approx(half, abs=0.01)
    collected.write(cohort, [Line("ann", "", "", WAITS, "why", "e/ann/x.py")])
    assert of(cohort).total("ann") == ""  # it may be for problem 3


def test_what_is_asked_and_nobody_handed_in_has_its_column(cohort):
    put(cohort, {"class.toml": 'seed = 5\nproblems = ["problem_1", "problem_5"]\n'})
    put(cohort, {"learners/bob/1/problem_1.md": BAD})
    points, *_ = table(cohort, "canvas")
    assert float(points["problem_5"]) > 0
    whole = of(cohort)
    learners.write(whole)
    overview.write(whole, overview.looked_for(whole, hand_ins(cohort)))
    assert (cohort / "index.html").is_file()
