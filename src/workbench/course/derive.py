"""Exercises: derived from the solutions, with hints that ask before they tell.

In a solution's notebook a raw cell tagged ``starter`` stands before an answer cell and holds what
the learner begins with; cells tagged ``solution`` are for those who have finished.
"""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.course.notebooks import read as read_notebook
from workbench.exercises.answers import read_submission
from workbench.exercises.cells import cell_of
from workbench.exercises.registry import Exercise, exercises, find
from workbench.graph import PipelineError

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class Note:
    """A few words for the learner, as Markdown."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/markdown": self.text, "text/plain": self.text}


def hint(problem: str, number: int = 1) -> Note:
    """Hint ``number`` of three: a question, a pointer, a plan.

    Raise PipelineError when there is no such exercise or hint.
    """
    hints = find(problem).hints
    if not (isinstance(number, int) and 1 <= number <= len(hints)):
        raise PipelineError(f"{problem} has hints 1 to {len(hints)}; {number!r} is none of them")
    more = " That was the last one."
    if number < len(hints):
        more = f' For the next: `hint("{problem}", {number + 1})`.'
    return Note(f"**Hint {number} of {len(hints)}.** {hints[number - 1]}{more}")


def solution(problem: str) -> Note:
    """One solution, as it stands in the solution's notebook.

    Raise PipelineError when there is no such exercise, or no notebook with its solution.
    """
    exercise = find(problem)
    answer = read_submission(exercise.name, exercise.cells, exercise.solution)
    parts = (_fenced(answer.code), (answer.prose or "").strip(), _fenced(answer.show))
    return Note("\n\n".join(filter(None, parts)))


def _fenced(code: str | None) -> str:
    return f"```python\n{code.strip()}\n```" if code else ""


def derive(solved: "NotebookNode") -> "NotebookNode":
    """The exercise of a solution: starters in the place of answers, and no outputs.

    Nothing that gives the answer away is left.
    """
    exercise, starter = deepcopy(solved), None
    exercise.cells = []
    for cell in deepcopy(solved.cells):
        tags = cell.metadata.get("tags", ())
        if "starter" in tags:
            starter = cell.source
        elif "solution" not in tags:
            if cell.cell_type == "code":
                if answer := cell_of(cell.source):
                    cell.source, starter = f"{answer.magic}\n{starter or ''}", None
                cell.outputs, cell.execution_count = [], None
            exercise.cells.append(cell)
    for number, cell in enumerate(exercise.cells):
        cell.id = f"cell-{number}"
    return exercise


def write(solutions: Path, target_folder: Path) -> list[Path]:
    """Derive every exercise with a solution there anew; return the files that have changed."""
    target_folder.mkdir(exist_ok=True)
    named = [path for path in sorted(solutions.glob("*.ipynb")) if path.stem in exercises()]
    targets = {target_folder / path.name: path for path in named}
    return [target for target, path in targets.items() if _written(path, target)]


def own() -> list[Exercise]:
    """The exercises that bring their solution in their own folder."""
    return [exercise for exercise in exercises().values() if exercise.brings_solution]


def write_starters() -> list[Path]:
    """Derive what each exercise begins with anew; return the files that have changed."""
    solved = [exercise for exercise in exercises().values() if exercise.solution.exists()]
    return [
        exercise.starter for exercise in solved if _written(exercise.solution, exercise.starter)
    ]


def text_of(solved: Path) -> str:
    """The file of the exercise of a solution; raise PipelineError for what is no notebook."""
    import nbformat

    return nbformat.writes(derive(read_notebook(solved))) + "\n"


def _written(solved: Path, target: Path) -> bool:
    """Derive an exercise; whether its file has changed."""
    text = text_of(solved)
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return False
    target.write_text(text, encoding="utf-8")
    return True
