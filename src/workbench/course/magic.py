"""``%%answer``, which judges an answer in its own cell. Loaded by ``%load_ext workbench``."""

from dataclasses import replace

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from workbench import internals, workspace
from workbench.course import gradebook
from workbench.exercises import check
from workbench.exercises.answers import Answer, text_of
from workbench.exercises.cells import Cell, begun_with_magic, cell_of, part_of
from workbench.exercises.registry import exercises
from workbench.exercises.report import Report
from workbench.graph import PipelineError


@magics_class
class AnswerMagics(Magics):
    """Remembers the parts that were run: code and prose of one problem are judged together."""

    def __init__(self, shell) -> None:
        super().__init__(shell)
        self._answers: dict[str, Answer] = {}
        shell.input_transformers_cleanup.append(begun_with_magic)

    @cell_magic
    def answer(self, line: str, cell: str) -> None:
        """`%%answer problem_3`: run the cell as usual, then show its report beneath.

        An error of the cell is shown, not raised; raise PipelineError for an unknown exercise.
        """
        written = cell_of(f"%%answer {line}\n{cell}")
        exercise = next(filter(written.answers, exercises()), None) if written else None
        part = part_of(written.suffix, exercises()[exercise].cells) if exercise else None
        if part is None:
            problems = f"(problems: {', '.join(exercises())})"
            raise PipelineError(f"%%answer {line.strip()}: there is no such problem {problems}")
        if part == "code":
            with internals.errors_printed(self.shell):  # the report beneath says the rest
                self.shell.run_cell(cell)
        seed = workspace.seed() or 0
        report = check.reported(exercise, seed, lambda: self._judged(exercise, part, written, seed))
        display(report)
        try:
            gradebook.enter(report)
        except (PipelineError, OSError) as error:
            print(f"This attempt is not in your gradebook: {error}")

    def _judged(self, exercise: str, part: str, cell: Cell, seed: int) -> Report:
        parts = {part: text_of(part, cell)}
        self._answers[exercise] = replace(self._answers.get(exercise, Answer()), **parts)
        return check.judge(exercise, self._answers[exercise], seed)
