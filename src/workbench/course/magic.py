"""``%%answer``, which judges an answer in its own cell. Loaded by ``%load_ext workbench``."""

from dataclasses import replace

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from workbench import internals, workspace
from workbench.course import gradebook
from workbench.exercises import check
from workbench.exercises.answers import Answer, code_of, part_of, written
from workbench.exercises.registry import exercises
from workbench.exercises.report import Report
from workbench.graph import PipelineError


@magics_class
class AnswerMagics(Magics):
    """Remembers the parts that were run: code and prose of one problem are judged together."""

    def __init__(self, shell) -> None:
        super().__init__(shell)
        self._answers: dict[str, Answer] = {}

    @cell_magic
    def answer(self, line: str, cell: str) -> None:
        """`%%answer problem_3`: run the cell as usual, then show its report beneath.

        An error of the cell is shown, not raised; raise PipelineError for an unknown exercise.
        """
        problem, _, suffix = line.strip().partition(".")
        exercise = exercises().get(problem)
        part = part_of(suffix, exercise.cells) if exercise else None
        if part is None:
            problems = f"(problems: {', '.join(exercises())})"
            raise PipelineError(f"%%answer {line.strip()}: there is no such problem {problems}")
        if part == "code":
            with internals.errors_printed(self.shell):  # the report beneath says the rest
                self.shell.run_cell(cell)
        seed = workspace.seed() or 0
        report = check.reported(problem, seed, lambda: self._judged(problem, part, cell, seed))
        display(report)
        try:
            gradebook.enter(report)
        except (PipelineError, OSError) as error:
            print(f"This attempt is not in your gradebook: {error}")

    def _judged(self, problem: str, part: str, cell: str, seed: int) -> Report:
        text = written(cell, f"%%answer {problem}")
        if part == "code":
            text = code_of(f"\n{text}")
        answer = replace(self._answers.get(problem, Answer()), **{part: text})
        self._answers[problem] = answer
        return check.judge(problem, answer, seed)
