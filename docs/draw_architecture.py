"""Draw docs/architecture.svg: which room of the package imports which, read from its imports.

.venv/bin/python docs/draw_architecture.py
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from workbench import Graph
from workbench.picture import picture

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "workbench"
TARGET = Path(__file__).with_name("architecture.svg")
# A folder is a room of its own; modules beside them share one with those that they work with.
SHARED = {
    "values": (
        *("graph", "events", "journal", "record", "pipeline"),
        *("storage", "outputs", "capture", "standins", "masking", "received", "breakpoints"),
    ),
    "running": ("scheduler", "opening", "workers", "driver", "seen", "execution"),
    "pictures": ("folding", "picture", "gantt", "comparison"),
}


def room_of(module: str) -> str:
    """record → values, engines.airflow.home → engines/airflow, engines.registry →
    engines/contract, exercises.report → exercises."""
    first, *rest = module.split(".")
    if first == "engines":
        # What a file holds is asked from above: it knows of the learner's folders, too.
        alone = bool(rest) and (rest[0] == "files" or (SOURCE / "engines" / rest[0]).is_dir())
        return f"engines/{rest[0] if alone else 'contract'}"
    return next((room for room, modules in SHARED.items() if first in modules), first)


def modules() -> dict[str, Path]:
    """Every module of the package by its name, the package itself left out."""
    paths = sorted(SOURCE.rglob("*.py"))
    names = [".".join(path.relative_to(SOURCE).with_suffix("").parts) for path in paths]
    pairs = zip(names, paths, strict=True)
    return {name.removesuffix(".__init__"): path for name, path in pairs if name[:2] != "__"}


def imports() -> Iterator[tuple[str, str]]:
    """(imported, importing) for each import of one module by another, wherever it stands."""
    known = modules()
    for module, path in known.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbench"):
                package = node.module.partition(".")[2]
                for alias in node.names:
                    name = f"{package}.{alias.name}".lstrip(".")
                    imported = name if name in known else package
                    if imported:
                        yield imported, module


def rooms() -> Graph:
    """The rooms; an edge leads from a room to one that imports it.

    An edge that follows from others is left out. Raise PipelineError when rooms import each other
    in a circle.
    """
    pairs = {(room_of(imported), room_of(module)) for imported, module in imports()}
    edges = sorted(pair for pair in pairs if pair[0] != pair[1])
    whole = Graph.of(sorted({room_of(module) for module in modules()}), edges)
    return Graph.of(whole.tasks, [edge for edge in whole.edges if not _follows(whole, edge)])


def _follows(graph: Graph, edge: tuple[str, str]) -> bool:
    upstream, downstream = edge
    between = set(graph.descendants(upstream)) & set(graph.ancestors(downstream))
    return bool(between)


def drawing() -> str:
    """The rooms as SVG."""
    return picture(rooms()).svg


if __name__ == "__main__":
    TARGET.write_text(drawing(), encoding="utf-8")
    print(f"→ {TARGET}")
