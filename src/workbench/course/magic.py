"""``%%answer``, which judges an answer in its own cell. Loaded by ``%load_ext workbench``."""

import traceback
from collections.abc import Mapping
from dataclasses import replace

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from workbench import internals, workspace
from workbench.capture import one_line
from workbench.course import gradebook
from workbench.exercises import check
from workbench.exercises.answers import Answer, magics_of, text_of
from workbench.exercises.cells import Cell, begun_with_magic, cells_of, part_of
from workbench.exercises.registry import exercises
from workbench.exercises.report import Report
from workbench.graph import PipelineError

NONE = "%%answer {}: there is no such problem (problems: {})"
NAMED = "%%answer {}: the name is enough: write `{}`, and nothing behind it"
PART = "%%answer {}: there is no such part; what answers one is {}"


def _asked(cell: Cell) -> tuple[str, str]:
    """The exercise and the part that a cell answers."""
    exercise, named = next(filter(cell.answers, exercises()), ""), cell.magic.split()[1]
    if not exercise:
        raise PipelineError(NONE.format(named, ", ".join(exercises())))
    if (part := part_of(cell.suffix, exercises()[exercise].cells)) is None:
        raise PipelineError(PART.format(named, magics_of(exercise, exercises()[exercise].cells)))
    return exercise, part


def _misread(line: str) -> str:
    """Why what stands behind `%%answer` is read as no name of a problem."""
    for name in (*line.split()[:1], "".join(line.split())):  # a name may be written as two words
        for cell in cells_of(f"%%answer {name}\n"):
            for exercise in filter(cell.answers, exercises()):
                _asked(cell)
                return NAMED.format(line, f"%%answer {exercise}{name[len(cell.name) :]}")
    return NONE.format(line, ", ".join(exercises()))


def in_the_cell(error: BaseException) -> str:
    """An error on one line, and the line of the cell that raised it or called what did; nothing
    where the cell could not be read, of which IPython shows the place."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is IPython's own
    if isinstance(error, SyntaxError) or not frames:
        return ""
    own = [frame.line for frame in frames if frame.filename == frames[0].filename]
    return f"{one_line(error)}\n    in the line: {own[-1]}"


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
        answered: dict[str, dict[str, Cell]] = {}
        for written in cells_of(f"%%answer {line}\n{cell}"):
            exercise, part = _asked(written)
            answered.setdefault(exercise, {})[part] = written
            if part == "code":
                with internals.errors_printed(self.shell, in_the_cell):  # the report says the rest
                    self.shell.run_cell(written.text)
        if not answered:
            raise PipelineError(_misread(line.strip()))
        for exercise, parts in answered.items():
            self._report(exercise, parts)

    def _report(self, exercise: str, parts: Mapping[str, Cell]) -> None:
        seed = workspace.seed() or 0
        report = check.reported(exercise, seed, lambda: self._judged(exercise, parts, seed))
        display(report)
        try:
            gradebook.enter(report)
        except (PipelineError, OSError) as error:
            print(f"This attempt is not in your gradebook: {error}")

    def _judged(self, exercise: str, parts: Mapping[str, Cell], seed: int) -> Report:
        texts = {part: text_of(part, cell) for part, cell in parts.items()}
        self._answers[exercise] = replace(self._answers.get(exercise, Answer()), **texts)
        return check.judge(exercise, self._answers[exercise], seed)
