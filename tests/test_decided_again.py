"""What was decided of equal texts is decided otherwise for all of them, in whatever session."""

import csv
import io

import pytest
from classes import graded, put
from test_cli import workbench
from test_review import DOUBTFUL, desk_of

NAMES = ("ann", "bob", "cy")


@pytest.fixture
def cohort(tmp_path):
    root = put(tmp_path / "class", {f"learners/{name}/1/problem_1.md": DOUBTFUL for name in NAMES})
    graded(root)
    return root


def decided(root, path, outcome):
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    for row in rows:
        row["outcome"] = outcome
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert workbench("review", root, "--decided", path).returncode == 0
    return {
        (one.learner, decision.outcome)
        for desk in [desk_of(root)]
        for one in desk.answers
        for decision in desk.decided(one).values()
    }


def test_a_table_that_is_corrected_and_taken_again_is_about_the_same_answers(cohort, tmp_path):
    table = tmp_path / "rows.csv"
    table.write_text(workbench("review", cohort, "--list").stdout)
    for outcome in ("passed", "failed", "passed"):
        assert decided(cohort, table, outcome) == {(name, outcome) for name in NAMES}


def test_who_was_decided_for_alone_stays_apart_and_nothing_decided_is_asked(cohort):
    desk = desk_of(cohort)
    questions = [(question.answers, question.criterion) for question in desk.questions]
    criterion = questions[0][1]
    desk.decide(questions[0][0], criterion, "passed", "")
    bob = next(one for one in desk.answers if one.learner == "bob")
    desk.decide((bob,), criterion, "failed", "for this one")
    later = desk_of(cohort)
    assert len(later.questions) == len(questions) - 1
    ann = next(one for one in later.answers if one.learner == "ann")
    assert [one.learner for one in later.alike(ann, criterion)] == ["ann", "cy"]
    assert [one.learner for one in later.alike(bob, criterion)] == ["bob"]
