"""Whose a file is, by the layouts of learning systems."""

import io
import shutil

import pytest
from classes import ANSWER, CODE, collect, notebook, zipped

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
    "numbers that begin with a year": (
        {
            "20231234/exercises/problem_3.ipynb": ANSWER,
            "20240117/exercises/problem_3.ipynb": ANSWER,
            "jane-doe/exercises/problem_3.ipynb": ANSWER,
        },
        {"20231234": "problem_3", "20240117": "problem_3", "jane-doe": "problem_3"},
    ),
    "numbers that are days": (
        {"20240117/problem_3.ipynb": ANSWER, "20231105/problem_3.ipynb": ANSWER},
        {"20240117": "problem_3", "20231105": "problem_3"},
    ),
    "Canvas": (
        {
            "doejane_12345_67890_Problem 3.ipynb": ANSWER,
            "raybob_LATE_12346_67891_problem_3-1.ipynb": ANSWER,
            "leeann_12347_67892_problem-3.ipynb": ANSWER,
        },
        {"12345": "problem_3", "12346": "problem_3", "12347": "problem_3"},
    ),
    "nbgrader": (
        {
            "submitted/jane/ps1/problem_3.ipynb": ANSWER,
            "submitted/jane/ps1/timestamp.txt": "2026-11-20 10:00:00.0 UTC",
        },
        ONE,
    ),
    "a whole course of nbgrader's": (
        {
            "export/submitted/jane/ps1/problem_3.ipynb": ANSWER,
            "export/submitted/jane/ps1/timestamp.txt": "2026-11-20 10:00:00.0 UTC",
            "export/submitted/bob/ps1/problem_3.ipynb": ANSWER,
            "export/submitted/bob/ps1/timestamp.txt": "2026-11-20 10:00:00.0 UTC",
            "export/source/ps1/problem_3.ipynb": ANSWER,
            "export/gradebook.db": "x",
        },
        {"jane": "problem_3", "bob": "problem_3"},
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
            "assignment_1_export/submission_1002/problem_3.ipynb": ANSWER,  # of nobody in the list
        },
        {"900": "problem_3", "901": "problem_3", "submission_1002": "problem_3"},
    ),
    "forks of the course": (
        {"jane/exercises/problem_3.ipynb": ANSWER}
        | {f"jane/{name}": text for name, text in COURSE.items()},
        ONE,
    ),
    "home folders": (
        {
            "jane/work/exercises/problem_3.ipynb": ANSWER,
            "jane/work/exercises/problem_3-before-1.ipynb": notebook("%%answer problem_3\n1"),
            "jane/.ipynb_checkpoints/p3.ipynb": ANSWER,
            "jane/work/exercises/~$problem_3.docx": "x",
            "jane/work/exercises/._problem_3.ipynb": "x",
        },
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


def collected_zips(folder, *names):
    content = {f"{name}.zip": {f"{name}/problem_3.ipynb": ANSWER} for name in names}
    return collect(folder / "class", zipped(folder / "export.zip", packed(content)))


def test_a_name_that_ends_as_a_branch_is_that_of_a_person(tmp_path):
    lines = collected_zips(tmp_path, "problem-3-jane", "problem-3-bob", "problem-3-jane-main")
    assert {line.learner for line in lines} == {"jane", "bob", "jane-main"}


def test_two_repositories_of_one_name_are_for_a_person(tmp_path):
    lines = collected_zips(tmp_path, "problem-3-jane-main", "problem-3-jane-master")
    assert {(line.learner, line.became) for line in lines} == {("jane", "for a person")}
