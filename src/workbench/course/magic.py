"""``%%answer``, which judges an answer in its own cell. Loaded by ``%load_ext workbench``."""

from dataclasses import replace

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from workbench import internals, workspace
from workbench.course import gradebook
from workbench.exercises import check
from workbench.exercises.answers import Answer, code_of, part_of
from workbench.exercises.registry import exercises
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
        answer = self._answers.get(problem, Answer())
        if part != "code":
            answer = replace(answer, **{part: cell})
        else:
            with internals.errors_printed(self.shell):  # the report beneath says the rest
                self.shell.run_cell(cell)
            answer = replace(answer, code=code_of(f"\n{cell}"))
        self._answers[problem] = answer
        report = check.judge(problem, answer, seed=workspace.seed() or 0)
        gradebook.enter(report)
        display(report)
