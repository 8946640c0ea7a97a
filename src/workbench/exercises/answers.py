"""Answers, read out of a notebook or a plain file."""

import json
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from workbench.graph import PipelineError

FIRST_LINE = re.compile(r"%%answer[ \t]+(\S+?)(\.explain)?[ \t]*(?:\n|$)")
PARTS = {"problem_1": ("prose",), "problem_2": ("code", "prose"), "problem_3": ("code", "prose"),
         "problem_4": ("code",), "problem_5": ("code",)}  # fmt: skip
SUFFIXES = {".py": "code", ".md": "prose", ".txt": "prose", ".ipynb": "notebook"}
LARGEST = 32 << 20  # bytes of a file: a notebook with pictures in its outputs is far below
PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Answer:
    """The parts of a submission; None for one that is not in it."""

    code: str | None = None
    prose: str | None = None
    notebook: bool = False

    @property
    def empty(self) -> bool:
        return not any((part or "").strip() for part in (self.code, self.prose))

    def same_as(self, other: "Answer | None") -> bool:
        """Whether every part that is there is word for word the other's."""
        if other is None:
            return False
        pairs = [
            (mine, theirs)
            for mine, theirs in ((self.code, other.code), (self.prose, other.prose))
            if mine is not None
        ]
        return all((mine or "").split() == (theirs or "").split() for mine, theirs in pairs)


def read(problem: str, file: Path) -> Answer:
    """Read a submission; raise PipelineError, which says what to mend, when it is none."""
    kind = SUFFIXES.get(file.suffix)
    if kind is None:
        raise PipelineError(
            f"{file.name}: an answer is a notebook or a file that ends in {', '.join(SUFFIXES)}"
        )
    try:
        found = file.stat()
        if (
            not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode))
            or found.st_size > LARGEST
        ):
            raise PipelineError(
                f"{file}: an answer is an ordinary file of at most {LARGEST >> 20} MB; clear its outputs"
            )
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise PipelineError(f"{file}: {why}; give the path of a notebook or text file") from None
    if kind == "notebook":
        return _from_notebook(problem, file, text)
    if kind not in PARTS[problem]:
        raise PipelineError(
            f"{file.name}: {problem} has no {kind}; it is answered with {' and '.join(PARTS[problem])}"
        )
    return Answer(**{kind: text})


def starter(problem: str) -> Answer | None:
    """What the exercise begins with, None where there is no exercise notebook."""
    file = PROJECT / "exercises" / f"{problem}.ipynb"
    return read(problem, file) if file.exists() else None


def _from_notebook(problem: str, file: Path, text: str) -> Answer:
    try:
        sources = [
            "".join(cell["source"])
            for cell in json.loads(text)["cells"]
            if cell["cell_type"] == "code"
        ]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise PipelineError(f"{file.name} is not a notebook; save it again in JupyterLab") from None
    found: dict[str, str] = {}
    for source in sources:
        first = FIRST_LINE.match(source)
        if first and first[1] == problem:
            part = "prose" if first[2] or PARTS[problem] == ("prose",) else "code"
            if part in found:
                line = first[0].strip()
                raise PipelineError(
                    f"{file.name} has two cells that begin with {line}; keep the one that counts"
                )
            found[part] = code_of(source) if part == "code" else source[first.end() :]
    if PARTS[problem][0] not in found:
        raise PipelineError(f"{file.name} has no cell that begins with %%answer {problem}")
    return Answer(**found, notebook=True)


def code_of(cell: str) -> str:
    """The cell's Python with its line numbers kept: the first line is emptied and, if need be, those of magics."""
    code = "\n" + cell.partition("\n")[2]
    try:
        compile(code, "answer.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return re.sub(r"(?m)^[ \t]*[%!].*$", "", code)
    return code
