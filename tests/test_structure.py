"""The shape of the package: rooms, arrows that point one way, budgets, whose insides are named."""

import ast
import statistics
from collections import defaultdict
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from shape import BUDGETS, ENGINES, EXERCISE, FACE, LARGER, LEVELS, SOURCE, STRANGERS

import workbench
from workbench.engines.registry import specs
from workbench.exercises.registry import exercises, find

MODULES = sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")

EXERCISES = set(exercises())


def room(path):
    """engines/x/home.py → engines.x, exercises/report.py → exercises, graph.py → graph."""
    first, *rest = path.relative_to(SOURCE).with_suffix("").parts
    return f"engines.{rest[0]}" if first == "engines" and rest[0] != "__init__" else first


def name_of(path):
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


NAMES = {name_of(path): path for path in MODULES}


@cache
def nodes(path):
    """All that stands in a module's syntax tree."""
    return list(ast.walk(ast.parse(path.read_text())))


@cache
def imported(path):
    """The workbench modules that a file imports, wherever in it."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "workbench":
            module = node.module.partition(".")[2]
            names = [f"{module}.{alias.name}".lstrip(".") for alias in node.names]
            found += [name if name in NAMES else module for name in names]
    return found


def level(room_name):
    return next(number for number, rooms in enumerate(LEVELS) if room_name in rooms)


def test_imports_point_one_way():
    for path in MODULES:
        here = room(path)
        for module in filter(None, imported(path)):
            there, case = room(NAMES[module]), f"{name_of(path)} imports {module}"
            assert level(there) <= level(here), f"{case}, which stands above"
            assert (here, there) not in STRANGERS, case
            assert there != "cli" or here in ("cli", "__main__"), case


def test_modules_import_each_other_in_no_circle():
    TopologicalSorter(
        {name: set(imported(path)) - {name, ""} for name, path in NAMES.items()}
    ).prepare()


def foreign(path):
    """What a module names of others that begins with an underscore."""
    all_of_it = nodes(path)
    own = {node.name for node in all_of_it if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {node.id for node in all_of_it if isinstance(node, ast.Name)}
    touched = [node for node in all_of_it if isinstance(node, ast.Attribute)]
    own |= {
        node.attr
        for node in touched
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
    }
    own.add("_exit")  # of os: documented, whatever its name
    attributes = {
        f"{node.attr} in line {node.lineno}"
        for node in touched
        if node.attr.startswith("_") and not node.attr.endswith("__") and node.attr not in own
    }
    imports = {
        f"{alias.name} of {node.module}"
        for node in all_of_it
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") or any(part[:1] == "_" for part in node.module.split("."))
        if not node.module.startswith("__")
    }
    return attributes | imports


def test_no_module_touches_the_underscore_of_another():
    others = [path for path in MODULES if "internals" not in (path.stem, path.parent.name)]
    assert not {name_of(path): named for path in others if (named := foreign(path))}


@pytest.mark.parametrize("part", BUDGETS)
def test_a_part_keeps_to_its_budget(part):
    rooms, most = BUDGETS[part]
    files = [
        path
        for path in SOURCE.rglob("*")
        if path.suffix in (".py", ".toml", ".js", ".css") and room(path) in rooms
    ]
    lines = {
        path.relative_to(SOURCE).as_posix(): sum(
            map(bool, map(str.strip, path.read_text().split("\n")))
        )
        for path in files
    }
    assert sum(lines.values()) <= most, lines


def lines_of(files):
    texts = [path.read_text() for path in files if path.suffix in (".py", ".toml")]
    return sum(bool(line.strip()) for text in texts for line in text.split("\n"))


@pytest.mark.parametrize("name", exercises())
def test_an_exercise_keeps_to_its_budget(name):
    assert lines_of(find(name).folder.iterdir()) <= LARGER.get(name, EXERCISE)


def test_what_exercises_share_keeps_to_its_budget():
    assert lines_of((SOURCE / "exercises").glob("*.*")) <= FACE


def test_no_file_of_the_tests_or_of_a_page_is_long():
    tests, benchmarks = Path(__file__).parent, SOURCE.parents[1] / "benchmarks"
    aside = {tests / "answers", tests / "corpus", tests / "unusual"}  # as learners write
    files = [*tests.rglob("*.py"), *benchmarks.rglob("*.py")]
    ours = [file for file in files if aside.isdisjoint(file.parents)]
    ours += [file for file in SOURCE.rglob("*") if file.suffix in (".js", ".css")]
    assert not [file.name for file in ours if file.read_text().count("\n") >= 300]


def test_files_and_functions_are_short():
    long_files, lengths = [], {}
    for path in MODULES:
        text = path.read_text()
        long_files += [name_of(path)] * (text.count("\n") >= 300)
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                key = f"{name_of(path)}.{node.name}:{node.lineno}"
                lengths[key] = node.end_lineno - node.lineno + 1
    assert not long_files
    assert not {name: length for name, length in lengths.items() if length > 45}
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= 20


def is_a_condition(node):
    denied = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return denied or isinstance(node, ast.Compare | ast.BoolOp | ast.IfExp)


def test_what_is_chosen_by_a_condition_is_no_riddle():
    for path in MODULES:
        for node in nodes(path):
            line = f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.IfExp):
                assert not isinstance(node.body, ast.IfExp), f"{line}: choices in one another"
                assert not isinstance(node.orelse, ast.IfExp), f"{line}: choices in one another"
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
                sides = (node.left, node.right)
                assert not any(map(is_a_condition, sides)), f"{line}: something times a condition"


NAMELESS = {"found", "what", "each"}  # names that any value could have


def test_names_are_of_what_they_hold():
    for path in MODULES:
        named = [node.id for node in nodes(path) if isinstance(node, ast.Name)]
        named += [node.arg for node in nodes(path) if isinstance(node, ast.arg)]
        assert not NAMELESS.intersection(named), name_of(path)


def test_no_module_has_the_name_of_a_public_function():
    assert not {path.stem for path in SOURCE.glob("*.py")} & set(workbench.__all__)


def test_every_public_name_of_a_room_has_one_home():
    homes = defaultdict(list)
    for path in MODULES:
        for node in nodes(path)[0].body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name_of(path))
    for name in ("Verdict", "Attempt", "Trial", "Engine"):
        assert len(homes.get(name, ())) <= 1, homes[name]


def test_every_engine_is_a_folder_of_its_own_and_has_words_in_the_contract():
    ours = {name for name, spec in specs().items() if spec.adapt.startswith("workbench.")}
    assert ours == {"local", *ENGINES}
    contract = Path(__file__).with_name("contract")
    assert {path.stem for path in contract.glob("test_contract_*.py")} == {
        f"test_contract_{name}" for name in (*ours, "toy")
    }


def constants(path):
    """The constants in a module, strings among them."""
    return {node.value for node in nodes(path) if isinstance(node, ast.Constant)}


def test_no_engine_is_named_outside_its_folder():
    for path in MODULES:
        others = {name for name in ENGINES if room(path) != f"engines.{name}"}
        rooms = {room(NAMES[module]) for module in imported(path) if module}
        imports = {name.removeprefix("engines.") for name in rooms}
        assert not constants(path) & others, name_of(path)
        # Exercises are about an engine each.
        assert not imports & others or room(path) == "exercises", name_of(path)


def test_no_exercise_is_named_outside_its_folder():
    for path in MODULES:
        others = EXERCISES - {path.parent.name}
        imports = {NAMES[module].parent.name for module in imported(path) if module}
        assert not (constants(path) | imports) & others, name_of(path)
