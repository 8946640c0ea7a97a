"""Collecting: whatever is downloaded, each file is listed with what became of it and why."""

import csv
import io
import json
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort import collected, files, roster
from workbench.cohort.collecting import Collecting

CODE = "def process_data(input_file, output_file): pass"


def notebook(*cells):
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


ANSWER = notebook(f"%%answer problem_3\n{CODE}")
NOTHING = notebook("1 + 1")


def put(folder, content):
    for name, text in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def zipped(path, content):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return path


def collect(root, *exports, people=()):
    return Collecting(root, people).run(exports)


# A name, with a notebook that answers problem 3 or nothing, and what it is taken as. Written down
# before the code read any of them.
NAMES = {
    "problem_3.ipynb": (NOTHING, "problem_3"),
    "Problem_3.ipynb": (NOTHING, "problem_3"),
    "PROBLEM_3.IPYNB": (NOTHING, "problem_3"),
    "Problem 3.ipynb": (NOTHING, "problem_3"),
    "Problem 3 (2).ipynb": (NOTHING, "problem_3"),
    "problem-3.ipynb": (NOTHING, "problem_3"),
    "problem3.ipynb": (NOTHING, "problem_3"),
    "problem_03.ipynb": (NOTHING, "problem_3"),
    "problem.3.ipynb": (NOTHING, "problem_3"),
    "problem_3 .ipynb": (NOTHING, "problem_3"),
    " problem_3.ipynb": (NOTHING, "problem_3"),
    "problem_3_final.ipynb": (NOTHING, "problem_3"),
    "problem3_final_FINAL_v2.ipynb": (NOTHING, "problem_3"),
    "problem_3-Copy1.ipynb": (NOTHING, "problem_3"),
    "Copy of problem_3.ipynb": (NOTHING, "problem_3"),
    "Kopie von problem_3.ipynb": (NOTHING, "problem_3"),
    "jane_doe_problem3.ipynb": (NOTHING, "problem_3"),
    "Jane Doe - Problem 3.ipynb": (NOTHING, "problem_3"),
    "problem_3_jane_doe.ipynb": (NOTHING, "problem_3"),
    "Chapter3_problem_3.ipynb": (NOTHING, "problem_3"),
    "week2-problem3.ipynb": (NOTHING, "problem_3"),
    "2026-11-20 problem 3.ipynb": (NOTHING, "problem_3"),
    "Problem\u00a03.ipynb": (NOTHING, "problem_3"),
    "Problem №3.ipynb": (NOTHING, "person"),
    "problem#3.ipynb": (NOTHING, "problem_3"),
    "problem_3.ipynb.txt": (NOTHING, "problem_3"),
    "problem_3.ipynb.json": (NOTHING, "problem_3"),
    "problem_3.json": (NOTHING, "problem_3"),
    "problem_3": (NOTHING, "problem_3"),
    "problem_3.ipynb (1)": (NOTHING, "person"),
    "problem_3.txt": (NOTHING, "problem_3"),
    "problem_3.py": (CODE, "problem_3"),
    "problem_3.py.txt": (CODE, "problem_3"),
    "Problem_3.PY": (CODE, "problem_3"),
    "problem_3.md": ("It is safe.", "problem_3"),
    "exercise 3.ipynb": (NOTHING, "problem_3"),
    "Exercise_3_solution.ipynb": (NOTHING, "problem_3"),
    "ex3.ipynb": (NOTHING, "problem_3"),
    "p3.ipynb": (NOTHING, "problem_3"),
    "P3_jane.ipynb": (NOTHING, "problem_3"),
    "prob3.ipynb": (NOTHING, "problem_3"),
    "question_3.ipynb": (NOTHING, "problem_3"),
    "Aufgabe 3.ipynb": (NOTHING, "problem_3"),
    "3.ipynb": (NOTHING, "problem_3"),
    "Untitled.ipynb": (ANSWER, "problem_3"),
    "my answer.ipynb": (ANSWER, "problem_3"),
    "homework.py": (f"%%answer problem_3\n{CODE}", "problem_3"),
    "sp3ncer.ipynb": (ANSWER, "problem_3"),
    "Untitled1.ipynb": (NOTHING, "person"),
    "problem_6.ipynb": (NOTHING, "person"),
    "problem_32.ipynb": (NOTHING, "person"),
    "problem_3_and_4.ipynb": (NOTHING, "person"),
    "problem_1_problem_3.ipynb": (NOTHING, "person"),
    "problems 3, 4 and 5.ipynb": (NOTHING, "person"),
    "all.ipynb": (notebook("%%answer problem_3\n1", "%%answer problem_1\nx"), "person"),
    "problem_4.ipynb": (ANSWER, "person"),
    "problem_3.pdf": ("%PDF", "person"),
    "problem_3.docx": ("PK", "person"),
    "problem_3.html": ("<p>", "person"),
    "essay.pdf": ("%PDF", "person"),
    "problem_3.png": ("PNG", "person"),
    "problem_3.rar": ("Rar!", "person"),
    "problem_3.zip": ("no archive", "person"),
    "output.csv": ("a,b", "ignored"),
    "notes.txt": ("x", "ignored"),
    "README.md": ("x", "ignored"),
    "helper.py": ("x = 1", "ignored"),
}


def taken_as(line):
    return {"taken": line.problem, "ignored": "ignored", "for a person": "person"}[line.became]


def test_a_name_is_read_as_its_writer_meant_it(tmp_path):
    assert len(NAMES) >= 60
    content = {
        f"in/learner{number}/{name}": text for number, (name, (text, _)) in enumerate(NAMES.items())
    }
    # Beside something taken, what is nothing is ignored.
    content |= {f"in/learner{number}/problem_5.py": "x" for number in range(len(NAMES))}
    lines = collect(tmp_path / "class", put(tmp_path, content) / "in")
    told = {
        line.source.split("/", 2)[2]: taken_as(line)
        for line in lines
        if line.problem != "problem_5"
    }
    assert told == {name: expected for name, (_, expected) in NAMES.items()}
    assert all(line.rule for line in lines)
    assert all(line.sha256 for line in lines if line.became == "taken")


GRADESCOPE = """---
submission_1001:
  :submitters:
  - :name: Jane Doe
    :sid: '900'
    :email: jane@example.edu
  - :name: Bob Ray
    :sid: '901'
    :email: bob@example.edu
  :created_at: 2026-11-20 10:00:00.000000000 Z
  :score: 0.0
"""
ONE = {"jane": "problem_3"}
COURSE = {f"{where}/problem_3.ipynb": ANSWER for where in ("solutions", "notebooks", "src")}
LAYOUTS = {  # what lies in the export → what is taken of whom
    "Moodle": (
        {
            "Jane Doe_12345_assignsubmission_file_/Problem 3.ipynb": ANSWER,
            "Bob Ray_12346_assignsubmission_file_/p3.ipynb": ANSWER,
        },
        {"12345": "problem_3", "12346": "problem_3"},
    ),
    "Moodle without folders": (
        {"Jane Doe_12345_assignsubmission_file_problem_3.ipynb": ANSWER},
        {"12345": "problem_3"},
    ),
    "Canvas": (
        {
            "doejane_12345_67890_Problem 3.ipynb": ANSWER,
            "raybob_LATE_12346_67891_problem_3-1.ipynb": ANSWER,
        },
        {"12345": "problem_3", "12346": "problem_3"},
    ),
    "nbgrader": (
        {
            "submitted/jane/ps1/problem_3.ipynb": ANSWER,
            "submitted/jane/ps1/timestamp.txt": "2026-11-20 10:00:00.0 UTC",
        },
        ONE,
    ),
    "nbgrader's exchange": (
        {"jane+ps1+2026-11-20 10:00:00.0 UTC+abc/problem_3.ipynb": ANSWER},
        ONE,
    ),
    "GitHub Classroom": (
        {
            "problem-3-jane/.git/config": "",
            "problem-3-jane/exercises/problem_3.ipynb": ANSWER,
            "problem-1-jane/problem_1.md": "A DAG.",
            "problem-3-bob-ray/problem_3.ipynb": ANSWER,
        },
        {"jane": "problem_1 problem_3", "bob-ray": "problem_3"},
    ),
    "Classroom 50": (
        {
            "pipelines-hw-submissions/pipelines-hw-jane/problem_3.ipynb": ANSWER,
            "pipelines-hw-submissions/pipelines-hw-jim/problem_3.ipynb": ANSWER,
        },
        {"jane": "problem_3", "jim": "problem_3"},
    ),
    "Gradescope": (
        {
            "assignment_1_export/submission_metadata.yml": GRADESCOPE,
            "assignment_1_export/submission_1001/problem_3.ipynb": ANSWER,
        },
        {"900": "problem_3", "901": "problem_3"},
    ),
    "forks of the course": (
        {"jane/exercises/problem_3.ipynb": ANSWER}
        | {f"jane/{name}": text for name, text in COURSE.items()},
        ONE,
    ),
    "home folders": (
        {"jane/work/exercises/problem_3.ipynb": ANSWER, "jane/.ipynb_checkpoints/p3.ipynb": ANSWER},
        ONE,
    ),
    "dated attempts": (
        {
            "jane/2026-11-20 10-00/problem_3.ipynb": ANSWER,
            "jane/2026-11-21 10-00/problem_3.ipynb": notebook(f"%%answer problem_3\n{CODE}  # 2"),
        },
        ONE,
    ),
    "Canvas without names": (
        {"anon_aB3dE_67890_problem_3.ipynb": ANSWER, "anon_zz3dE_67891_problem_3.ipynb": ANSWER},
        {"aB3dE": "problem_3", "zz3dE": "problem_3"},
    ),
    "a folder that was zipped": (
        {"export/jane/problem_3.ipynb": ANSWER, "export/bob/problem_3.ipynb": ANSWER},
        {"jane": "problem_3", "bob": "problem_3"},
    ),
    "home": ({"home/jane/work/problem_3.ipynb": ANSWER}, ONE),
    "repositories as zips": (
        {
            "problem-3-jane-main.zip": {"problem-3-jane-main/problem_3.ipynb": ANSWER},
            "problem-3-bob-main.zip": {"problem-3-bob-main/problem_3.ipynb": ANSWER},
        },
        {"jane": "problem_3", "bob": "problem_3"},
    ),
    "a folder for each learner": ({"jane/problem_3.ipynb": ANSWER}, ONE),
    "a zip for each learner": ({"jane.zip": {"deep/problem_3.ipynb": ANSWER}}, ONE),
}


def packed(content):
    """Zips in the place of folders of files."""
    return {
        name: zip_of(packed(text)) if isinstance(text, dict) else text
        for name, text in content.items()
    }


def zip_of(content):
    file = io.BytesIO()
    zipped(file, content)
    return file.getvalue()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_says_whose_it_is(tmp_path, layout):
    content, expected = LAYOUTS[layout]
    lines = collect(tmp_path / "class", zipped(tmp_path / "export.zip", packed(content)))
    taken = {}
    for line in lines:
        if line.became == "taken":
            taken.setdefault(line.learner, set()).add(line.problem)
    assert {learner: " ".join(sorted(some)) for learner, some in taken.items()} == expected
    assert not [line for line in lines if line.waits], lines
    for line in lines:
        if line.became == "taken":
            assert (tmp_path / "class" / line.file).is_file()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_collecting_once_more_changes_nothing(tmp_path, layout):
    export = zipped(tmp_path / "export.zip", packed(LAYOUTS[layout][0]))
    shutil.unpack_archive(export, tmp_path / "unpacked")
    root = tmp_path / "class"
    folder = tmp_path / "unpacked"
    first = collect(root, folder)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert collect(root, folder) == first
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_attempts_are_counted_and_late_is_marked(tmp_path):
    content, _ = LAYOUTS["dated attempts"]
    export = put(tmp_path / "in", content)
    done = workbench(
        "collect", export, "--into", tmp_path / "class", "--due", "2026-11-20T23:59:00"
    )
    assert done.returncode == 0, done.stdout
    lines = collected.read(tmp_path / "class")
    assert [(line.attempt, line.late) for line in lines] == [("1", "no"), ("2", "yes")]
    again = put(tmp_path / "more", {"jane/problem_3.ipynb": NOTHING})
    collect(tmp_path / "class", again)
    assert sorted(path.name for path in (tmp_path / "class/learners/jane").iterdir()) == list("123")


def test_one_that_is_for_a_person_is_taken_as_the_person_says(tmp_path):
    export = put(
        tmp_path / "in",
        {
            "jane/problem_3.ipynb": ANSWER,
            "jane/problem_3-Copy1.ipynb": NOTHING,
            "bob/essay.html": "<p>A node is a task.</p><p>An edge is a need.</p>",
            "bob/plan.pdf": "%PDF",
        },
    )
    root = tmp_path / "class"
    done = workbench("collect", export, "--into", root)
    assert done.returncode == 1
    assert done.stdout.count("for a person: ") == 4
    assert "several different ones: problem_3-Copy1.ipynb, problem_3.ipynb" in done.stdout
    said = {
        "in/jane/problem_3.ipynb": {"became": "taken"},
        "in/jane/problem_3-Copy1.ipynb": {"became": "ignored"},
        "in/bob/essay.html": {"became": "taken", "problem": "problem_1"},
        "in/bob/plan.pdf": {"became": "ignored"},
    }
    rows = [row | said[row["source"]] for row in files.rows_of(root / "collected.csv")]
    with (root / "collected.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, collected.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    done = workbench("collect", export, "--into", root)
    assert done.returncode == 0, done.stdout
    assert "Next: workbench grade" in done.stdout
    text = (root / "learners/bob/1/problem_1.txt").read_text()
    assert text == "A node is a task.\nAn edge is a need."
    assert (root / "learners/jane/1/problem_3.ipynb").read_text() == ANSWER


def test_the_roster_shows_who_is_missing_and_names_the_others(tmp_path):
    put(tmp_path, {"people.csv": "First name,Surname,Email address\nJane,Doe,jd@example.edu\n"})
    with (tmp_path / "people.csv").open("a") as file:
        file.write("Zoë,Zed,zz@example.edu\n")
    export = zipped(tmp_path / "moodle.zip", LAYOUTS["Moodle"][0])
    done = workbench(
        "collect", export, "--into", tmp_path / "class", "--roster", tmp_path / "people.csv"
    )
    assert "1 of 2 handed in nothing: zz@example.edu" in done.stdout
    assert "not in the roster: 12346" in done.stdout
    assert (tmp_path / "class/learners/jd@example.edu/1/problem_3.ipynb").exists()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("id,first_name,last_name,email\njane,Jane,Doe,j@x\n", ["jane"]),
        ("Student;ID;SIS User ID\nPoints Possible;;\nDoe, Jane;12345;u1\n", ["12345"]),
        ('"identifier","github_username","github_id","name"\n"j","jane","1",""\n', ["jane"]),
        ("username,first_name,last_name,email,section,github_id\njane,J,D,,1,2\n", ["jane"]),
        ("Name\tSID\tEmail\nJane Doe\t900\tj@x\n", ["900"]),
    ],
)
def test_a_roster_is_read_as_systems_make_it(tmp_path, text, ids):
    (tmp_path / "roster.csv").write_text(text)
    assert [person.id for person in roster.read(tmp_path)] == ids


def test_a_roster_of_nobody_is_a_line(tmp_path):
    (tmp_path / "r.csv").write_text("colour\nred\n")
    done = workbench("collect", tmp_path, "--into", tmp_path / "c", "--roster", tmp_path / "r.csv")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "it needs a column id, username or email" in done.stderr


def test_links_and_paths_that_lead_out_are_never_opened(tmp_path):
    (tmp_path / "secret.ipynb").write_text(ANSWER)
    folder = put(tmp_path / "in", {"jane/problem_5.py": "x = 1"})
    (folder / "jane/problem_3.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder / "eve").symlink_to(tmp_path)
    os.mkfifo(folder / "jane/problem_4.py")
    path = zipped(tmp_path / "evil.zip", {"../../jane/problem_1.md": "x", "/etc/problem_2.py": "x"})
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("bob/problem_3.ipynb")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, str(tmp_path / "secret.ipynb"))
    lines = collect(tmp_path / "class", folder, path)
    assert [line.problem for line in lines if line.became == "taken"] == ["problem_5"]
    rules = {line.source: line.rule for line in lines}
    assert "it is a link" in rules["in/jane/problem_3.ipynb"]
    assert "it is a link" in rules["in/eve"]
    assert "no ordinary file" in rules["in/jane/problem_4.py"]
    assert "it is a link" in rules["evil.zip/bob/problem_3.ipynb"]
    assert sum("leads out of the archive" in rule for rule in rules.values()) == 2


def test_a_bomb_is_not_unpacked(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("jane/problem_3.ipynb", bytes(64 << 20))
    deep = inner.getvalue()
    for _ in range(4):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w") as archive:
            archive.writestr("more.zip", deep)
        deep = outer.getvalue()
    (tmp_path / "deep.zip").write_bytes(deep)
    (tmp_path / "large.zip").write_bytes(inner.getvalue())
    lines = collect(tmp_path / "class", tmp_path / "deep.zip", tmp_path / "large.zip")
    assert {line.became for line in lines} == {"for a person"}
    assert any("too deep" in line.rule for line in lines)
    assert any("larger than 32 MB" in line.rule for line in lines)


def test_what_is_no_export_is_a_line(tmp_path):
    (tmp_path / "x.zip").write_text("no archive")
    with pytest.raises(PipelineError, match="neither a folder nor a zip"):
        collect(tmp_path / "class", tmp_path / "x.zip")
    with pytest.raises(PipelineError, match="neither a folder nor a zip"):
        collect(tmp_path / "class", Path("nowhere"))


def test_a_file_of_nobodys_is_for_a_person_and_code_and_words_are_one_attempt(tmp_path):
    content = {"problem_3.ipynb": ANSWER, "jane/problem_3.py": CODE, "jane/Problem 3.md": "Safe."}
    lines = collect(tmp_path / "class", put(tmp_path / "in", content))
    waiting = [line for line in lines if line.waits]
    assert [(line.learner, line.source) for line in waiting] == [("", "in/problem_3.ipynb")]
    inside = sorted(path.name for path in (tmp_path / "class/learners/jane/1").iterdir())
    assert inside == ["problem_3.md", "problem_3.py"]
