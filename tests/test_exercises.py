"""Exercises follow from solutions, hints ask before they tell, and nothing gives an answer away."""

import re
from pathlib import Path

import pytest

import workbench
from workbench import PipelineError, hint, solution
from workbench.course import derive, notebooks
from workbench.exercises.check import read
from workbench.exercises.registry import exercises, find

ROOT = Path(__file__).parent.parent
PROBLEMS = sorted(exercises())


def text(path):
    return "\n".join(cell.source for cell in notebooks.read(path).cells)


@pytest.fixture(params=PROBLEMS)
def problem(request):
    return request.param


def test_every_exercise_is_as_its_solution_says(tmp_path):
    derive.write(ROOT / "solutions", tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (ROOT / "exercises" / path.name).read_bytes(), (
            "run: workbench exercises"
        )
        assert path.read_bytes() == find(path.stem).starter.read_bytes()
    assert sorted(path.stem for path in tmp_path.iterdir()) == PROBLEMS
    assert derive.write(ROOT / "solutions", tmp_path) == []


def test_an_exercise_has_no_outputs_no_answers_and_no_discussion(problem):
    exercise = notebooks.read(ROOT / "exercises" / f"{problem}.ipynb")
    solved = notebooks.read(ROOT / "solutions" / f"{problem}.ipynb")
    assert all(
        not cell.outputs and cell.execution_count is None
        for cell in exercise.cells
        if cell.cell_type == "code"
    )
    answers = [cell.source for cell in solved.cells if cell.source.startswith("%%answer")]
    given = [cell.source for cell in exercise.cells]
    assert len(answers) == len(find(problem).cells)
    assert not set(answers) & set(given)
    assert all(
        cell.source not in given
        for cell in solved.cells
        if "solution" in cell.metadata.get("tags", ())
    )


def test_an_exercise_says_what_is_judged(problem):
    told = text(ROOT / "exercises" / f"{problem}.ipynb")
    for criterion in find(problem).criteria:
        assert f"| {criterion.title} |" in told, criterion.id


def test_an_exercise_imports_what_its_cells_and_words_call_and_nothing_else(problem):
    cells = notebooks.read(ROOT / "exercises" / f"{problem}.ipynb").cells
    imported = re.match("from workbench import (.+)", cells[2].source)[1].split(", ")
    rest = "\n".join([cells[2].source.partition("\n")[2], *(cell.source for cell in cells[3:])])
    called = set(re.findall(r"(?<![.\w])(\w+)\(|except (\w+)", rest))
    called = {one or other for one, other in called} & {*workbench.__all__}
    assert set(imported) == called - {"Pipeline"}, "Pipeline is imported where it is used"


def test_an_answer_cell_begins_with_the_starter(problem):
    given = read(problem, ROOT / "exercises" / f"{problem}.ipynb")
    assert not given.empty
    assert not given.same_as(read(problem, ROOT / "solutions" / f"{problem}.ipynb"))


def test_there_are_three_hints_and_the_first_one_asks(problem):
    assert [f"Hint {number} of 3" in repr(hint(problem, number)) for number in (1, 2, 3)] == [
        True
    ] * 3
    assert "?" in repr(hint(problem))
    assert f'hint("{problem}", 2)' in repr(hint(problem))


def test_a_solution_can_be_shown(problem):
    shown = repr(solution(problem))
    answer = read(problem, ROOT / "solutions" / f"{problem}.ipynb")
    assert (answer.code or answer.prose).strip() in shown


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hint("problem_6"), "there is no 'problem_6' .problems: problem_1, problem_2"),
        (lambda: hint("problem_1", 4), "problem_1 has hints 1 to 3; 4 is none of them"),
        (lambda: solution("problem"), "there is no 'problem'"),
    ],
)
def test_a_slip_is_named(call, words):
    with pytest.raises(PipelineError, match=words):
        call()


def test_a_folder_with_the_name_of_a_module_is_told(tmp_path, monkeypatch):
    (tmp_path / "report").mkdir()
    (tmp_path / "report/exercise.toml").touch()
    monkeypatch.setattr("workbench.exercises.__path__", [str(tmp_path)])
    with pytest.raises(PipelineError, match="report: the name is taken .*rename the folder"):
        exercises()
