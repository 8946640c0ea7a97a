"""The course's own notebooks, as files: what every one of them promises."""

import re
import statistics
from pathlib import Path

import nbformat
import pytest

from workbench.course.listings import FOLDER

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("solutions/*.ipynb")])


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_it_has_a_parameters_cell_with_a_seed(notebook):
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert len(tagged) == 1
    assert "seed = " in tagged[0].source


def test_its_cells_are_counted_from_one_so_that_nbval_compares_them(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(
        range(1, len(code(notebook)) + 1)
    )


def test_it_stores_no_error_no_time_and_no_path_of_the_machine_it_ran_on(notebook):
    for cell in code(notebook):
        compared = "nbval-ignore-output" not in cell.metadata.get("tags", ())
        for output in cell.outputs:
            assert output.output_type != "error"
            text = str(output)
            for trace in (
                ("/tmp/", "/home/", "/root/", "ipykernel_", "site-packages", " 0x7f")
                if compared
                else ()
            ):
                assert trace not in text, f"{trace} in the output of: {cell.source[:60]}"


def test_its_cells_are_short_and_explained(notebook):
    cells = [cell.source for cell in code(notebook) if not cell.source.startswith("%%answer")]
    lines = [sum(bool(line.strip()) for line in source.splitlines()) for source in cells]
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    assert max(lines) <= 24, "a cell this long is two cells"
    assert words / sum(lines) >= 5, "too little prose for so much code"


WIDTH = 130  # columns in a window of 1,200 pixels; JupyterLab breaks what is longer within a word
RICH = {"text/html", "text/markdown"}  # has a form of its own, which a page shows instead


def printed(notebook):
    """The texts that a page shows as they are."""
    for output in (output for cell in code(notebook) for output in cell.outputs):
        data = output.get("data", {})
        if not RICH & set(data):
            yield output.get("text") or data.get("text/plain", "")


def test_what_it_prints_fits_a_window(notebook):
    lines = [line for text in printed(notebook) for line in text.splitlines()]
    assert not [line for line in lines if len(line) > WIDTH]


def test_it_answers_with_more_than_true_or_false(notebook):
    assert not [text for text in printed(notebook) if re.fullmatch(r"\W*((True|False)\W*)+", text)]


def test_a_table_is_whole_in_words_too(notebook):
    outputs = [output for cell in code(notebook) for output in cell.outputs]
    tables = [
        output.data["text/plain"]
        for output in outputs
        if "<table" in output.get("data", {}).get("text/html", "")
    ]
    assert not [table for table in tables if re.search(r" \\$", table, re.MULTILINE)]


def acts(notebook):
    return [cell for cell in code(notebook) if "act" in cell.metadata.get("tags", ())]


def test_a_place_to_act_ships_blank_with_a_right_and_a_wrong_answer_to_prove_it(notebook):
    for cell in acts(notebook):
        answers = cell.metadata.get("workbench", {})
        assert set(answers) == {"filled", "wrong"}, cell.source
        assert len({cell.source, *answers.values()}) == 3, cell.source
        (output,) = cell.outputs
        assert output.data["text/plain"].startswith("✎"), cell.source


LESSONS = [path for path in NOTEBOOKS if path.parent.name == "notebooks"]
NESTED = "def decorate(function):"  # a decorator with arguments cannot be cut in two


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_a_lesson_has_a_dozen_words_for_a_line_and_one_idea_in_a_cell(path):
    lesson = nbformat.read(path, as_version=4)
    sources = [
        cell.source for cell in code(lesson) if "parameters" not in cell.metadata.get("tags", ())
    ]
    lines = sum(bool(line.strip()) for source in sources for line in source.splitlines())
    words = sum(len(cell.source.split()) for cell in lesson.cells if cell.cell_type == "markdown")
    assert words / lines >= 12
    assert not [s for s in sources if len(s.splitlines()) > 15 and NESTED not in s]
    lengths = [sum(bool(line.strip()) for line in source.splitlines()) for source in sources]
    assert statistics.median(lengths) <= 4
    kinds = "".join(cell.cell_type[0] for cell in lesson.cells[2:])
    assert "ccc" not in kinds, "three cells of code in a row: say what came out, or what comes next"


def listed(cell):
    """The text of a file that a cell unfolds, or nothing."""
    name = re.match(r'listing\("(.+)"\)', cell.source)
    return (FOLDER / f"{name[1]}.txt").read_text() if name else ""


def minutes(notebook):
    """To read 200 words a minute, and to spend ten seconds on a line of code, folded or not."""
    cells = [cell for cell in code(notebook) if "parameters" not in cell.metadata.get("tags", ())]
    texts = [text for cell in cells for text in (cell.source, listed(cell))]
    lines = sum(bool(line.strip()) for text in texts for line in text.splitlines())
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    return words / 200 + lines / 6


def test_the_times_that_are_told_are_honest():
    (start,) = [path for path in LESSONS if path.name.startswith("0")]
    page = "\n".join(cell.source for cell in nbformat.read(start, as_version=4).cells)
    for path in set(LESSONS) - {start}:
        lesson = nbformat.read(path, as_version=4)
        told = [
            int(re.search(r"about (\d+) minutes to work through", lesson.cells[0].source)[1]),
            int(re.search(rf"\({re.escape(path.name)}\).*\| (\d+) \|", page)[1]),
        ]
        assert told == [pytest.approx(minutes(lesson), rel=0.1, abs=3)] * 2, path.name


def test_a_learner_is_asked_to_act_all_over_the_course():
    lessons = [nbformat.read(path, as_version=4) for path in LESSONS]
    assert sum(len(acts(lesson)) for lesson in lessons) >= 60


BOX = "> **In print:** "


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_where_print_says_otherwise_stands_in_a_box_and_in_few(path):
    cells = nbformat.read(path, as_version=4).cells
    lines = [
        line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()
    ]
    boxes = [line for line in lines if line.startswith(BOX)]
    assert len(boxes) <= 2, "two in a lesson, and all the others in the appendix"
    assert not [line for line in lines if "in print" in line.lower() and line not in boxes]
    if path.name[0] == "3":
        assert not [line for line in lines if re.search(r"\bthe chapter", line, re.IGNORECASE)]
