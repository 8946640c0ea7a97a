"""What of the chapter the course covers: read from the tags of its cells, and true of the course
itself."""

from pathlib import Path

import nbformat
import pytest
from test_cli import workbench

from workbench import PipelineError
from workbench.course.coverage import ERRATA, Evidence, survey


@pytest.fixture
def course(tmp_path):
    """A course in a folder of its own: write(file, (tag, ran, error), …) adds a notebook, one cell
    for each."""

    def write(file, *cells):
        notebook = nbformat.v4.new_notebook()
        for tag, ran, error in cells:
            output = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])] * error
            cell = nbformat.v4.new_code_cell("1", metadata={"tags": [tag]}, outputs=output)
            cell.execution_count = len(notebook.cells) + 1 if ran else None
            notebook.cells.append(cell)
        nbformat.write(notebook, tmp_path / file)

    (tmp_path / "pyproject.toml").touch()
    for folder in ("notebooks", "exercises", "solutions", "tests"):
        (tmp_path / folder).mkdir()
        if folder != "tests":
            write(f"{folder}/empty.ipynb")
    write.root = tmp_path
    return write


def items(root):
    return {item.id: item for item in survey(root)}


def test_the_chapter_has_41_parts_and_63_errata(course):
    found = survey(course.root)
    assert [item.id for item in found if item.section == ERRATA] == [
        str(number) for number in range(1, 64)
    ]
    assert [(prefix, sum(item.id[0] == prefix for item in found)) for prefix in "DAKPBSE"] == [
        ("D", 10),
        ("A", 8),
        ("K", 4),
        ("P", 6),
        ("B", 4),
        ("S", 4),
        ("E", 5),
    ]
    assert not any(item.covered for item in found)


@pytest.mark.parametrize(
    ("ran", "error", "covered"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_a_cell_covers_what_it_is_tagged_with_when_it_ran_without_an_error(
    course, ran, error, covered
):
    course("notebooks/3.1.ipynb", ("other", True, False), ("chapter:D3", ran, error))
    item = items(course.root)["D3"]
    assert item.evidence == (Evidence("notebooks/3.1.ipynb", 2, covered),)
    assert item.covered is covered
    assert item.where(ran=covered) == "3.1 [2]"


def test_a_test_covers_the_errata_that_its_name_lists(course):
    (course.root / "tests" / "test_old.py").write_text(
        "def test_errata_8_17_are_gone(): ...\ndef test_other_9(): ...\n"
    )
    found = items(course.root)
    assert [id for id, item in found.items() if item.covered] == ["8", "17"]
    assert found["17"].where() == "test_old::test_errata_8_17_are_gone"


@pytest.mark.parametrize("tag", ["chapter:Z1", "erratum:64"])
def test_a_tag_that_names_nothing_is_a_mistake(course, tag):
    course("notebooks/3.1.ipynb", (tag, True, False))
    with pytest.raises(
        PipelineError, match=r"notebooks/3\.1\.ipynb, cell \[1\]: the chapter has no '\w+'"
    ):
        survey(course.root)


def test_the_command_names_each_gap_and_exits_with_one(course):
    everything = [item.id for item in survey(course.root) if item.section != ERRATA]
    course("notebooks/3.ipynb", *((f"chapter:{id}", id != "S4", False) for id in everything))
    done = workbench("coverage", cwd=course.root)
    assert done.returncode == 1
    assert done.stderr == "workbench: S4 (references) is covered by no cell that ran\n"
    assert all(id in done.stdout for id in everything)
    course("notebooks/4.ipynb", ("chapter:S4", True, False))
    done = workbench("coverage", cwd=course.root)
    assert (done.returncode, done.stderr) == (0, "")


def test_outside_of_a_course_it_says_where_to_go(tmp_path):
    done = workbench("coverage", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("no course here; change into the folder of the project first\n")


def test_the_course_covers_the_whole_chapter_and_shows_every_erratum():
    assert [item.id for item in survey(Path(__file__).parents[1]) if not item.covered] == []
