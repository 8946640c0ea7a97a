"""Cells of a script: as editors and converters write those of a notebook as plain Python."""

import ast
import re

from workbench.exercises.cells import Cell, cell_of

MARKED = re.compile(r"# ?%%(?!answer\b)|# In\[")  # where a cell begins; what stands above it ends
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
        tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 3]
    cells = []
    for call in calls:
        values = [node.value for node in call.args if isinstance(node, ast.Constant)]
        if getattr(call.func, "attr", "") == CALL and [*map(type, values)] == [str] * 3:
            magic, line, body = values
            cells.append(cell_of(f"%%{magic} {line}\n{body}"))
    return [cell for cell in cells if cell]


def _marked(text: str) -> list[Cell]:
    """As they stand below `# %%`, where magics may be comments, or below `%%answer` itself."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    marked = any(map(MARKED.match, lines))
    cells, begin = [], None
    for number, line in enumerate([*lines, "# %%"]):
        if begin is not None and (MARKED.match(line) or _answers(line, marked)):
            cells.append(_cell(lines[begin:number]))
            begin = None
        if number < len(lines) and _answers(line, marked):
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
    found = ANSWER.match(line)
    return bool(found and (marked or not found[1]))
