"""The shape of the package: imports point one way, and it stays small."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

import workbench

SOURCE = Path(workbench.__file__).parent
LEVELS = (  # a module may import from its own level and those before it; None stands for any module not named
    {"graph"},
    {"storage", "capture"},
    {"record", "pipeline", "workspace"},
    {"engines"},
    {"execution"},
    {"picture", "answers"},
    {"judge"},
    {"panel", "course", "cohort", "gradebook", "doctor", "trial"},
    {"exercises", "magic", "coverage"},
    {"cli"},
    {"__main__"},
)
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")


def level(module):
    part = module.split(".")[0]
    return next(number for number, names in enumerate(LEVELS) if part in names)


def imported(path):
    """The workbench modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbench"):
            module = node.module.partition(".")[2]
            yield from (
                [module]
                if module
                else [alias.name for alias in node.names if alias.name[0].islower()]
            )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_point_one_way(path):
    here = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    for module in imported(path):
        assert level(module) <= level(here), f"{here} imports {module}, which stands above it"
        assert module != "cli" or here == "__main__"
        assert not (here == "judge" and module in ("panel", "picture"))


def test_no_module_has_the_name_of_a_public_function():
    assert not {path.stem for path in SOURCE.glob("*.py")} & set(workbench.__all__)


def test_the_part_that_everything_stands_on_is_small():
    core = [path for path in MODULES if path.parent == SOURCE]
    assert sum(map(code_lines, core)) < 3000, (
        "engines, judge and panel plug into it; they are not it"
    )


def code_lines(path):
    """Lines that hold code: no blank ones, comments or docstrings."""
    text = path.read_text()
    strings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    nothing = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    lines = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in nothing
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines - strings)
