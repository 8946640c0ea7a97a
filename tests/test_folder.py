"""A newer version of the course comes into a learner's folder, and loses nothing of theirs."""

import json

import nbformat
import pytest
from test_cli import workbench

from workbench import PipelineError, workspace
from workbench.course import folder
from workbench.course.carrying import carry
from workbench.course.folder import course_files, lay_out, update

pytestmark = pytest.mark.slow

LESSON, EXERCISE = "notebooks/0-start-here.ipynb", "exercises/problem_3.ipynb"


@pytest.fixture
def course(tmp_path):
    lay_out(tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def newer(monkeypatch):
    """Have the installed version of the course be another one."""

    def become(**changes):
        files = course_files() | changes
        monkeypatch.setattr(folder, "course_files", lambda: files)
        return files

    return become


def edited(content, *changes):
    """A notebook in which each `(old, new)` was written over, or a cell was added at the end."""
    notebook = nbformat.reads(content.decode(), as_version=4)
    for old, new in changes:
        if old is None:
            notebook.cells.append(nbformat.v4.new_code_cell(new))
            continue
        cells = [cell for cell in notebook.cells if old in cell.source]
        assert cells, old
        cells[0].source = new if new.startswith("%%") else cells[0].source.replace(old, new)
    return nbformat.writes(notebook).encode()


def sources(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def done(changes):
    return {change.file: change.done for change in changes}


def test_what_is_laid_out_is_a_course_that_lab_finds(course, monkeypatch):
    assert {path.name for path in course.iterdir()} == {
        *(".course.json", ".gitignore", "Makefile", "README.md", "exercises", "notebooks"),
    }
    monkeypatch.chdir(course / "exercises")
    assert workspace.project() == course
    note = json.loads((course / workspace.COURSE).read_text())
    assert note["files"].keys() == course_files().keys()


def test_a_folder_of_the_same_version_is_left_as_it_is(course):
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    assert update(course) == []
    assert before == {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}


def test_what_the_learner_has_not_changed_is_replaced_and_what_is_new_comes(course, newer):
    files = newer(**{"Makefile": b"lab:\n", "notebooks/4-new.ipynb": course_files()[LESSON]})
    assert done(update(course)) == {
        "Makefile": "replaced by the newer one",
        "notebooks/4-new.ipynb": "new",
    }
    assert (course / "Makefile").read_bytes() == files["Makefile"]
    assert update(course) == []


def test_what_the_learner_has_changed_and_the_course_has_not_is_theirs(course, newer):
    mine = edited((course / EXERCISE).read_bytes(), ("%%answer problem_3", "%%answer problem_3\n1"))
    (course / EXERCISE).write_bytes(mine)
    newer(Makefile=b"lab:\n")
    assert done(update(course)).keys() == {"Makefile"}
    assert (course / EXERCISE).read_bytes() == mine


def test_answers_are_carried_over_and_the_older_notebook_is_kept(course, newer):
    answers = {part: f"{part}\nwritten = 1" for part in ("%%answer problem_3",)}
    mine = edited(
        (course / EXERCISE).read_bytes(),
        *answers.items(),
        ("%%answer problem_3.explain", "%%answer problem_3.explain\nBecause."),
        (None, "my_note = 1"),
    )
    (course / EXERCISE).write_bytes(mine)
    newer(**{EXERCISE: edited(course_files()[EXERCISE], ("# Problem 3", "# The third problem"))})
    assert done(update(course)) == {
        EXERCISE: "the newer one is in its place, with 2 answers of yours; 1 other cell of yours "
        "it does not have; yours is kept as problem_3-before-1.ipynb"
    }
    assert (course / "exercises/problem_3-before-1.ipynb").read_bytes() == mine
    new = sources(course / EXERCISE)
    assert "%%answer problem_3\nwritten = 1" in new
    assert "%%answer problem_3.explain\nBecause." in new
    assert "# The third problem" in new[0]
    assert "my_note = 1" not in new
    assert update(course) == []


def test_what_was_written_in_a_lesson_is_carried_over_and_what_was_not_is_the_newer(course, newer):
    given = course_files()[LESSON]
    notebook = nbformat.reads(given.decode(), as_version=4)
    places = [cell for cell in notebook.cells if "act" in cell.metadata.get("tags", ())]
    assert len(places) == 2
    places[0].source = "mine"
    (course / LESSON).write_bytes(nbformat.writes(notebook).encode())
    later = nbformat.reads(given.decode(), as_version=4)
    for cell in later.cells:
        if "act" in cell.metadata.get("tags", ()):
            cell.source = "blank, in other words"
    newer(**{LESSON: nbformat.writes(later).encode()})
    assert "with 1 answer of yours; yours is kept" in done(update(course))[LESSON]
    assert [cell for cell in sources(course / LESSON) if cell in ("mine", later.cells[9].source)]
    assert sources(course / LESSON).count("mine") == 1
    assert sources(course / LESSON).count("blank, in other words") == 1


def test_of_several_cells_for_one_part_the_one_that_was_run_last_is_carried(course):
    notebook = nbformat.reads(course_files()[EXERCISE].decode(), as_version=4)
    for count, text in ((5, "late"), (2, "early")):
        cell = nbformat.v4.new_code_cell(f"%%answer problem_3\n{text}", execution_count=count)
        notebook.cells.append(cell)
    carried = carry(nbformat.writes(notebook).encode(), course_files()[EXERCISE])
    assert b'"late"' in carried.content
    assert b"early" not in carried.content


@pytest.mark.parametrize("mine", [b"", b"no notebook", b"\xff\xfe", b"[]", b'{"cells": 1}'])
def test_a_notebook_that_cannot_be_read_is_kept_whole(course, newer, mine):
    (course / EXERCISE).write_bytes(mine)
    newer(**{EXERCISE: edited(course_files()[EXERCISE], (None, "more"))})
    assert done(update(course))[EXERCISE] == (
        "the newer one is in its place; yours is kept as problem_3-before-1.ipynb"
    )
    assert (course / "exercises/problem_3-before-1.ipynb").read_bytes() == mine


@pytest.mark.parametrize("note", ["", "[]", '{"files": 1}', '{"files": {"Makefile": 1}}'])
def test_where_it_is_not_known_what_was_given_all_that_differs_is_kept(course, newer, note):
    (course / workspace.COURSE).write_text(note)
    before = (course / "Makefile").read_bytes()
    newer(Makefile=b"lab:\n")
    assert done(update(course)) == {
        "Makefile": "the newer one is in its place; yours is kept as Makefile-before-1"
    }
    assert (course / "Makefile-before-1").read_bytes() == before


def test_what_is_gone_is_written_again_and_what_the_course_drops_is_left(
    course, newer, monkeypatch
):
    (course / LESSON).unlink()
    files = {name: content for name, content in course_files().items() if name != "README.md"}
    monkeypatch.setattr(folder, "course_files", lambda: files)
    assert done(update(course)) == {
        LESSON: "was gone; written again",
        "README.md": "no part of the course any more; left",
    }
    assert (course / "README.md").exists()


def test_an_update_that_is_interrupted_goes_on_from_there(course, newer, monkeypatch):
    files = newer(**{"Makefile": b"lab:\n", LESSON: course_files()["notebooks/3.2-airflow.ipynb"]})
    real = folder.carrying.mark

    def fails(content):
        if content == files[LESSON]:
            raise KeyboardInterrupt
        return real(content)

    monkeypatch.setattr(folder, "mark", fails)
    with pytest.raises(KeyboardInterrupt):
        update(course)
    assert (course / "Makefile").read_bytes() == b"lab:\n"
    monkeypatch.setattr(folder, "mark", real)
    assert done(update(course)) == {LESSON: "replaced by the newer one"}


def test_only_a_folder_that_was_laid_out_is_updated(tmp_path):
    with pytest.raises(PipelineError, match="no course was laid out here; .*workbench new FOLDER"):
        update(tmp_path)
    refused = workbench("new", tmp_path / "a", cwd=tmp_path)
    assert refused.returncode == 0, refused.stderr
    again = workbench("new", tmp_path / "a", cwd=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "to bring it up to date: workbench update" in again.stderr
    same = workbench("update", cwd=tmp_path / "a/exercises")
    assert same.stdout == "everything is as this version has it, or yours\n"
