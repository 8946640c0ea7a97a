"""What a learner wrote, or is called, makes no table unreadable and loses no decision."""

import csv
import io
import os

import pytest
from classes import graded, put, rows
from test_cli import workbench
from test_review import DOUBTFUL

from workbench.cohort import decisions, files, ledger
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.feedback import learners
from workbench.feedback.desk import LISTED, Desk, listed, taken
from workbench.feedback.server import Server

CELL = 32_767  # characters: a spreadsheet makes two rows of more
LONG = {
    "zeros": b"\0" * 40_000,
    "signs of four bytes": "\U000e0001".encode() * 20_000,
    "no text": b"\xff" * 100_000,
    "quotes": b'"' * 200_000,
    "lines": b"\n," * 60_000,
    "formulas": b"\t=" * 60_000,
}
NAMES = (
    "\x1b[31mred",
    os.fsdecode(b"M\xfcller"),
    "'=1",
    "a\t=1",
    "\u202eevil",
    "two\nlines",
    "=cmd",
)


def desk_of(folder, out):
    handed_in = hand_ins(folder)
    return Desk(ledger.of(Grading(out, handed_in)), handed_in, "me")


def filled(text, outcome="passed"):
    """A list of `review` as a person fills it in."""
    made = io.StringIO()
    writer = csv.DictWriter(made, LISTED)
    writer.writeheader()
    writer.writerows(row | {"outcome": outcome} for row in csv.DictReader(io.StringIO(text)))
    return made.getvalue()


@pytest.mark.parametrize("suffix", ["ipynb", "md"])
@pytest.mark.parametrize("content", LONG.values(), ids=LONG)
def test_whatever_a_learner_wrote_the_list_goes_back_in(tmp_path, content, suffix):
    put(tmp_path, {"in/bob/problem_1.md": DOUBTFUL, f"in/eve/problem_1.{suffix}": ""})
    (tmp_path / f"in/eve/problem_1.{suffix}").write_bytes(content)
    graded(tmp_path / "out", tmp_path / "in")
    desk = desk_of(tmp_path / "in", tmp_path / "out")
    text = files.table(LISTED, listed(desk))
    assert max(len(cell) for row in csv.reader(io.StringIO(text)) for cell in row) <= CELL
    (tmp_path / "list.csv").write_text(filled(text), newline="")
    taken(desk, files.rows_of(tmp_path / "list.csv", LISTED[:5]))
    assert desk.open() == []
    assert rows_after(tmp_path)["bob", "problem_1"]["outcome"] == "passed"


def rows_after(tmp_path):
    graded(tmp_path / "out", tmp_path / "in")
    return rows(tmp_path / "out")


def test_a_table_of_ours_is_read_however_long_a_cell_is(tmp_path):
    long = "x" * 300_000
    decision = decisions.Decision("eve", "problem_1", "a", "directed", "passed", long)
    decisions.add(tmp_path, decision)
    decisions.add(tmp_path, decision)
    assert decisions.read(tmp_path)["eve", "problem_1", "a"]["directed"].comment == long


def test_answers_of_which_not_all_is_shown_are_decided_apart(tmp_path):
    shown = b'{"cells": "' + b"x" * 50_000
    put(tmp_path, {f"in/{name}/problem_1.ipynb": "" for name in ("ann", "bob", "eve")})
    for name, end in (("ann", b"a"), ("bob", b"a"), ("eve", b"b")):
        (tmp_path / f"in/{name}/problem_1.ipynb").write_bytes(shown + end)
    graded(tmp_path / "out", tmp_path / "in")
    desk = desk_of(tmp_path / "in", tmp_path / "out")
    asked = {tuple(one.learner for one in question.answers) for question in desk.questions}
    assert asked == {("ann", "bob"), ("eve",)}


@pytest.fixture
def odd(tmp_path):
    """A class of learners whose names no table has as they are."""
    for name in NAMES:
        folder = tmp_path / "in" / name
        folder.mkdir(parents=True)
        (folder / "problem_1.md").write_text(f"{DOUBTFUL} {len(name)}")
    graded(tmp_path / "out", tmp_path / "in")
    return tmp_path


def test_whatever_learners_are_called_a_decision_in_the_list_is_theirs(odd):
    printed = workbench("review", odd / "in", "--out", odd / "out", "--list").stdout
    (odd / "list.csv").write_text(filled(printed), newline="")
    done = workbench("review", odd / "in", "--out", odd / "out", "--decided", odd / "list.csv")
    assert "0 questions are open" in done.stdout
    assert {row["outcome"] for row in rows_after(odd).values()} == {"passed"}
    assert len(rows(odd / "out")) == len(NAMES)


def test_whatever_learners_are_called_a_decision_on_the_page_is_theirs(odd):
    desk = desk_of(odd / "in", odd / "out")
    server = Server(desk)
    numbers = {id(standing): number for number, standing in enumerate(desk.answers)}
    for question in desk.open():
        told = {"answer": numbers[id(question.first)], "criteria": [question.criterion]}
        answer = server.decide(told | {"all": True, "outcome": "passed", "comment": "seen"})
        (mark,) = (one for one in answer["marks"] if one["id"] == question.criterion)
        assert (mark["kind"], mark["comment"]) == ("met", "seen")
    server.server_close()
    assert desk.open() == []
    assert {row["outcome"] for row in rows_after(odd).values()} == {"passed"}
    whole = desk_of(odd / "in", odd / "out").whole
    assert all("seen" in page.read_text() for page in learners.write(whole))
    desk.decide(desk.answers, desk.questions[0].criterion, "", "")
    assert len(desk.open()) > 0


def test_whatever_learners_are_called_each_has_one_line_in_every_table(odd):
    graded(odd / "out", odd / "in", again=True)
    timed = files.rows_of(odd / "out/timings.csv")
    assert len(timed) == len(NAMES)
