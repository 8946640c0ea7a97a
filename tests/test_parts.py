"""The parts of a submission: files side by side are one, and none is lost with another."""

import json

import pytest
from test_answers import RIGHT, notebook
from test_cli import workbench

from workbench.cohort.handins import hand_ins
from workbench.exercises import check
from workbench.exercises.check import read

WORDS = "Running it again gives the same result, so a failed run can be repeated safely."


@pytest.fixture
def folder(tmp_path):
    learner = tmp_path / "jane"
    learner.mkdir()
    (learner / "problem_3.py").write_text(RIGHT)
    (learner / "problem_3.md").write_text(WORDS)
    return learner


@pytest.mark.parametrize("ending", ["py", "md"])
def test_code_and_words_side_by_side_are_one_submission(folder, ending):
    answer = read("problem_3", folder / f"problem_3.{ending}")
    assert (answer.code, answer.prose) == (RIGHT, WORDS)
    (hand_in,) = hand_ins(folder.parent)
    assert not hand_in.refused
    assert read("problem_3", hand_in.file) == answer


def test_a_part_that_cannot_be_read_leaves_the_other_and_is_for_a_person(folder):
    (folder / "problem_3.md").write_bytes(b"caf\xe9")
    report = check.check("problem_3", folder / "problem_3.py", seed=3)
    assert (report.outcome, report.points) == ("needs_review", "5 of 6, stretch 1 of 1")
    assert "problem_3.md: it is not UTF-8 text" in report.note
    assert "explanation: its file cannot be read here" in report.as_text()
    (folder / "problem_3.py").write_bytes(b"# \xe9")
    (folder / "problem_3.md").write_text(WORDS)
    report = check.check("problem_3", folder / "problem_3.md", seed=3)
    assert (report.outcome, report.score) == ("needs_review", 1)
    (folder / "problem_3.ipynb").write_text("{")
    report = check.check("problem_3", folder / "problem_3.ipynb", seed=3)
    assert (report.outcome, report.score) == ("needs_review", 1)


CODINGS = ("cp1252", "latin-1", "ISO-8859-15", "windows-1252")


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("above", ["", "#!/usr/bin/env python\n", "\n"])
def test_a_file_that_says_how_it_is_encoded_is_read_as_python_reads_it(folder, coding, above):
    said = f"{above}# -*- coding: {coding} -*-\n# für später\n"
    (folder / "problem_3.py").write_bytes((said + RIGHT).encode(coding))
    assert read("problem_3", folder / "problem_3.py").code == said + RIGHT


@pytest.mark.parametrize("coding", ["punycode", "rot13", "zip", "utf-7", "iso-8859-99", "mbcs"])
def test_no_way_of_encoding_is_taken_that_takes_for_ever_or_is_none(folder, coding):
    (folder / "problem_3.py").write_bytes(f"# coding: {coding}\n".encode() + b"\xe9" * 100)
    answer = read("problem_3", folder / "problem_3.py")
    assert (answer.code, answer.unread) == (None, ("code",))


def test_a_link_beside_an_answer_is_no_part_of_it(folder, tmp_path):
    (tmp_path / "others.md").write_text(WORDS)
    (folder / "problem_3.md").unlink()
    (folder / "problem_3.md").symlink_to(tmp_path / "others.md")
    assert read("problem_3", folder / "problem_3.py").prose is None
    (hand_in,) = hand_ins(folder.parent)
    assert hand_in.file.name == "problem_3.py"


def test_a_file_of_a_part_that_is_not_asked_for_hides_no_answer(folder):
    for ending in ("py", "md"):
        (folder / f"problem_3.{ending}").rename(folder / f"problem_5.{ending}")
    (hand_in,) = hand_ins(folder.parent)
    assert read("problem_5", hand_in.file).code == RIGHT


def test_words_alone_in_a_notebook_are_judged(tmp_path):
    path = notebook(tmp_path / "a.ipynb", f"%%answer problem_3.explain\n{WORDS}")
    report = check.check("problem_3", path)
    assert (report.outcome, report.score) == ("failed", 1)
    assert report.criteria[0].feedback == "code: not handed in"


def test_the_command_line_may_leave_the_words_out(folder):
    (folder / "problem_3.md").unlink()
    file = folder / "problem_3.py"
    assert workbench("check", "problem_3", file, "--seed", 3).returncode == 1
    done = workbench("check", "problem_3", file, "--seed", 3, "--without-words", "--json")
    assert (done.returncode, json.loads(done.stdout)["max_score"]) == (0, 5)
