"""Cells of a script: as editors and converters write those of a notebook as plain Python."""

import ast
import re
import warnings

from workbench.exercises.cells import Cell, cell_of, cells_of

# What a tool says of its own in a script → where a cell of it begins; what stands above it ends.
MARKS = {
    r"^# +format_name: light$": r"# [+-](?: \{.*\})?$",  # jupytext
    r"^# +format_name: sphinx$": r'""$',
    r"^# Commented out IPython magic": r"# Commented out|(?!#)",  # Colab: all of the cell
    r"^```.*\n%%answer\b": r"```",  # Markdown
    r"": r"# ?%%(?!answer\b)|# In\[",  # VS Code, PyCharm, Spyder, jupytext, nbconvert
}
ANSWER = re.compile(r"[ \t\ufeff]*(# ?)?(%%answer\b.*)")
CALL, LARGEST = "run_cell_magic", 1 << 16  # characters that are parsed here
COMMENT = re.compile(r"(?m)^# ?")


def cells_of_script(text: str) -> list[Cell]:
    """The cells that answer anything in a file of code or words; none in one that has no cells."""
    cells = _called(text) if CALL in text and len(text) <= LARGEST else []
    return cells or _marked(text)


def _called(text: str) -> list[Cell]:
    """As nbconvert writes them: get_ipython().run_cell_magic('answer', 'problem_3', '…')."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 3]
    cells = []
    for call in calls:
        values = [node.value for node in call.args if isinstance(node, ast.Constant)]
        if getattr(call.func, "attr", "") == CALL and [*map(type, values)] == [str] * 3:
            magic, line, body = values
            cells += cells_of(f"%%{magic} {line}\n{body}")
    return cells


def _marked(text: str) -> list[Cell]:
    """As they stand below a mark, where magics may be comments, or below `%%answer` itself."""
    marks = next(re.compile(marks) for said, marks in MARKS.items() if re.search(said, text, re.M))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    marked = any(map(marks.match, lines))
    cells, begin = [], None
    for number, line in enumerate([*lines, None]):
        ends = line is None or marks.match(line) or _answers(line, marked)
        if begin is not None and ends:
            cells.append(_cell(lines[begin:number]))
            begin = None
        if line is not None and _answers(line, marked):
            begin = number
    return [cell for cell in cells if cell]


def _cell(lines: list[str]) -> Cell | None:
    """The answer in these lines; where all of them are comments, in what they say."""
    magic, body = ANSWER.match(lines[0])[2], "\n".join(lines[1:])
    if all(line.startswith("#") for line in lines[1:] if line.strip()):
        body = COMMENT.sub("", body)
    return cell_of(f"{magic}\n{body}")


def _answers(line: str, marked: bool) -> bool:
    """Whether a line begins an answer; in a comment only where cells are marked by comments."""
    match = ANSWER.match(line)
    return bool(match and (marked or not match[1]))
