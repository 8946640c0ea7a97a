"""``%%answer``, which judges an answer in the cell it is written in. Loaded by ``%load_ext workbench``."""

from dataclasses import replace

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from workbench import internals, workspace
from workbench.course import gradebook
from workbench.exercises import check
from workbench.exercises.answers import PARTS, Answer, code_of
from workbench.graph import PipelineError


@magics_class
class AnswerMagics(Magics):
    """Remembers the parts that were run, so that code and prose of one problem are judged together."""

    def __init__(self, shell) -> None:
        super().__init__(shell)
        self._answers: dict[str, Answer] = {}

    @cell_magic
    def answer(self, line: str, cell: str) -> None:
        """`%%answer problem_3`: run the cell as usual, then show its report beneath; an error is shown, not raised."""
        problem, _, part = line.strip().partition(".")
        if problem not in PARTS or part not in ("", "explain"):
            raise PipelineError(
                f"%%answer {line.strip()}: there is no such problem (problems: {', '.join(PARTS)})"
            )
        answer = self._answers.get(problem, Answer())
        if part or PARTS[problem] == ("prose",):
            answer = replace(answer, prose=cell)
        else:
            self._run(cell)
            answer = replace(answer, code=code_of(f"\n{cell}"))
        self._answers[problem] = answer
        report = check.judge(problem, answer, seed=workspace.seed() or 0)
        gradebook.enter(report)
        display(report)

    def _run(self, cell: str) -> None:
        """Run the learner's code in the notebook; its error is text above the report, which says the rest."""
        with internals.errors_printed(self.shell):
            self.shell.run_cell(cell)
