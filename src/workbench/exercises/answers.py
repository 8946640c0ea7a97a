"""Answers, read out of a notebook or a plain file."""

import contextlib
import json
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from workbench.graph import PipelineError

FIRST_LINE = re.compile(r"%%answer[ \t]+([^\s.]+)(?:\.(\S+))?[ \t]*(?:\n|$)")
# A cell of the first part is `%%answer NAME`, one of the other `%%answer NAME.` and one of these.
CELLS = {"explain": "prose", "code": "code", "show": "show"}
SUFFIXES = {".py": "code", ".md": "prose", ".txt": "prose", ".ipynb": "notebook"}
LARGEST = 32 << 20  # bytes of a file: a notebook with pictures in its outputs is far below
LONGEST_LINE = 1000  # characters of the line that says which part it is
LARGEST_PART = 1 << 20  # characters of an answer
MOST_VALUES = 600_000  # in a notebook's JSON: what they take in memory is many times their text
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')  # ++, *+: not a step back is remembered
MAGIC = re.compile(r"(?m)^[ \t]*[%!].*$")
LARGEST_COMPILED = 1 << 16  # characters of a cell with lines of magics


@dataclass(frozen=True)
class Answer:
    """The parts of a submission; None for one that is not in it."""

    code: str | None = None
    prose: str | None = None
    show: str | None = None
    notebook: bool = False

    def part(self, name: str) -> str | None:
        """The part "code", "prose" or "show"."""
        return {"code": self.code, "prose": self.prose, "show": self.show}[name]

    @property
    def empty(self) -> bool:
        return not any((part or "").strip() for part in (self.code, self.prose, self.show))

    def same_as(self, other: "Answer | None") -> bool:
        """Whether every part that is there is word for word the other's."""
        if other is None:
            return False
        pairs = ((self.part(name), other.part(name)) for name in CELLS.values())
        return all(
            (mine or "").split() == (theirs or "").split()
            for mine, theirs in pairs
            if mine is not None
        )


def part_of(cell: str | None, parts: tuple[str, ...]) -> str | None:
    """The part that is answered by `%%answer NAME.cell`; None when the exercise has none such."""
    part = CELLS.get(cell) if cell else parts[0]
    return part if part in parts else None


def read_submission(name: str, parts: tuple[str, ...], file: Path) -> Answer:
    """Read an answer to the exercise `name`.

    Raise PipelineError, which says what to mend, when it is none.
    """
    kind = SUFFIXES.get(file.suffix)
    if kind is None:
        endings = ", ".join(SUFFIXES)
        raise PipelineError(
            f"{file.name}: an answer is a notebook or a file that ends in {endings}"
        )
    text = _text(file)
    if kind == "notebook":
        return _from_notebook(name, parts, file, text)
    if kind not in parts:
        wanted = " and ".join(parts)
        raise PipelineError(f"{file.name}: {name} has no {kind}; it is answered with {wanted}")
    return Answer(**{kind: written(text, file.name)})


def written(text: str, where: str) -> str:
    """What is written in a cell or file, its lines ended by \\n; raise PipelineError for more than
    any answer has."""
    if len(text) > LARGEST_PART:
        most = f"an answer has at most {LARGEST_PART >> 20} MB of text"
        raise PipelineError(f"{where}: {most}; keep only what answers the question")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _text(file: Path) -> str:
    try:
        status = file.stat()
        ordinary = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
        text = None
        if ordinary and status.st_size <= LARGEST:
            text = file.read_text(encoding="utf-8-sig")
        # One sign beyond those of most languages makes a text four times as large in memory.
        if text is None or sys.getsizeof(text) > 2 * LARGEST + sys.getsizeof(""):
            most = f"an answer is an ordinary file of at most {LARGEST >> 20} MB"
            raise PipelineError(f"{file}: {most}; clear its outputs")
        return text
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise PipelineError(f"{file}: {why}; give the path of a notebook or text file") from None


def _is_crowded(text: str) -> bool:
    """Whether the JSON has more values than a notebook has, what stands in strings not counted."""
    if sum(map(text.count, "[{,")) <= MOST_VALUES:
        return False
    bare, strings = STRING.subn("", text, MOST_VALUES)
    return strings == MOST_VALUES or sum(map(bare.count, "[{,")) > MOST_VALUES


def _code_cells(file: Path, text: str) -> list[str]:
    if _is_crowded(text):
        raise PipelineError(f"{file.name} holds more than a notebook does; clear its outputs")
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        sources = [cell["source"] for cell in cells]
        return [source if isinstance(source, str) else "".join(source) for source in sources]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise PipelineError(f"{file.name} is not a notebook; save it again in JupyterLab") from None


def _from_notebook(name: str, parts: tuple[str, ...], file: Path, text: str) -> Answer:
    answer: dict[str, str] = {}
    for cell in _code_cells(file, text):
        first = FIRST_LINE.match(written(cell[:LONGEST_LINE], file.name))
        part = part_of(first[2], parts) if first and first[1] == name else None
        if part is None:
            continue
        if part in answer:
            cells = f"cells that begin with {first[0].strip()}"
            raise PipelineError(f"{file.name} has two {cells}; keep the one that counts")
        source = written(cell, f"{file.name}, {first[0].strip()}")
        answer[part] = code_of(source) if part == "code" else source[first.end() :]
    if parts[0] not in answer:
        raise PipelineError(f"{file.name} has no cell that begins with %%answer {name}")
    return Answer(**answer, notebook=True)


def code_of(cell: str) -> str:
    """The cell's Python with its line numbers kept.

    The first line is emptied and, where it does not compile, those of magics.
    """
    code = "\n" + cell.partition("\n")[2]
    if not MAGIC.search(code):
        return code
    # A line in a text may look like a magic. Only a cell that is short is compiled here to see
    # that: one that is made to be too much for the compiler is for the confined process.
    with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
        if len(code) <= LARGEST_COMPILED:
            compile(code, "answer.py", "exec", dont_inherit=True)
            return code
    return MAGIC.sub("", code)
