"""What an answer may take from the notebook in which it was written, and Python has not.

The compiler says where it stumbles; where that is a line in a notebook's own notation, what Python
makes of it stands there instead. A text that looks like such a line is left as it is.
"""

import ast
import asyncio
import builtins
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

MOST = 200  # lines in such a notation
NOTATION = re.compile(r"(?m)^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$")
TARGET = r"([ \t]*(?:[^=%!?()'\"#]+=[ \t]*)?)"
# A line as IPython has it → what it is as Python; an empty one where it stood alone, for a
# `from __future__` may follow.
MEANINGS: dict[str, Callable[[re.Match], str]] = {
    TARGET + r"%time[ \t]+(.+)": lambda match: match[1] + match[2],
    r"([ \t]*)(?:[%!?].*|%?[\w.*]+\?\??[ \t]*)": lambda match: match[1] and f"{match[1]}pass",
    TARGET + r"!(.*)": lambda match: f"{match[1]}get_ipython().getoutput({match[2]!r})",
    TARGET + r"%.*": lambda match: f"{match[1]}None",
}


class Shell:
    """What stands for IPython's shell, which is not here: a command is run where what it prints is
    asked for; whatever else is asked of it does nothing."""

    def getoutput(self, command: str, *_: Any, **__: Any) -> list[str]:
        """The lines that a command prints."""
        return subprocess.getoutput(command).splitlines()

    @property
    def user_ns(self) -> dict[str, Any]:
        return vars(sys.modules.get("answer", sys.modules["__main__"]))

    def __getattr__(self, name: str) -> "Shell":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> None:
        return None


SHELL = Shell()


def lend() -> None:
    """Let there be what every cell of a notebook has at hand: `display` and `get_ipython`."""

    def display(*objects: Any, **_: Any) -> None:
        print(*objects)

    def get_ipython() -> Shell:
        return SHELL

    builtins.display, builtins.get_ipython = display, get_ipython


def python_of(source: str) -> str:
    """The source as Python, its lines with their numbers; itself where none is made of it."""
    if not NOTATION.search(source):
        return source
    lines = source.split("\n")
    for _ in range(MOST):
        try:
            _compiled("\n".join(lines))
        except SyntaxError as error:
            if not _replaced(lines, (error.lineno or 0) - 1):
                break
        except (ValueError, MemoryError, RecursionError):  # which whoever runs it will meet
            break
        else:
            return "\n".join(lines)
    return source


def run(source: str, module: ModuleType) -> None:
    """Run Python in a module; where it awaits something at its top level, in a loop of its own."""
    if "IPython" in source:  # whose own function finds no shell
        import IPython

        IPython.get_ipython = builtins.get_ipython
    code = _compiled(source, module.__file__)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, module.__dict__))
    else:
        exec(code, module.__dict__)


def _compiled(source: str, file: str = "") -> CodeType:
    return compile(source, file, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def _replaced(lines: list[str], at: int) -> bool:
    """Put Python in the place of a line that is none; whether there was something to put."""
    if not 0 <= at < len(lines):
        return False
    end = at
    while lines[end].endswith("\\") and end + 1 < len(lines):
        end += 1
    line = "".join(part.removesuffix("\\") for part in lines[at : end + 1])
    for notation, meaning in MEANINGS.items():
        if match := re.fullmatch(notation, line):
            lines[at : end + 1] = [meaning(match), *[""] * (end - at)]
            return True
    return False
