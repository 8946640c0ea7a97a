"""A row of what is in anybody's files: a thing that can be run, or a file that cannot be read."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.engines.protocol import Engine
from workbench.engines.registry import engine_for, graph_of, specs
from workbench.graph import PipelineError
from workbench.record import Record

LONGEST = 60  # letters of a schedule


@dataclass(frozen=True)
class Entry:
    """One thing of a file; ``tasks`` is None where they are known only when it runs. ``missing``
    says what has to be there before it can run. With an ``error`` it is a file with no thing."""

    file: str
    name: str = ""
    engine: str = ""
    tasks: int | None = None
    schedule: str = ""
    missing: str = ""
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def label(self, folder: Path) -> str:
        """The file as its folder calls it."""
        path = Path(self.file)
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name

    def trouble(self, folder: Path) -> str:
        """The file and why it cannot be read, in a line."""
        reason = self.error.removeprefix(self.file).removeprefix(Path(self.file).name)
        return f"{self.label(folder)}{'' if reason[:1] in ',:' else ': '}{reason}"


def described(file: Path, name: str, thing: Any) -> Entry:
    """The row of a thing; whatever is wrong with it stands in the row."""
    try:
        if isinstance(thing, Record):
            return Entry(str(file), name, f"{thing.engine}, a record", len(thing.graph.tasks))
        graph, engine = graph_of(thing), engine_for(thing)
    except PipelineError as error:
        return Entry(str(file), name, error=str(error))
    count = None if graph.dynamic else len(graph.tasks)
    title = specs()[engine.name].title if engine.name in specs() else engine.name
    return Entry(str(file), name, title, count, _schedule(thing), _missing(engine))


def _schedule(thing: Any) -> str:
    """When it runs by itself, in its author's words."""
    schedule = getattr(thing, "schedule", None)
    if schedule is None or callable(schedule):
        return ""
    words = _assets(schedule) or str(schedule)
    if "object at 0x" in words:
        return type(schedule).__name__
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _assets(schedule: Any, inner: bool = False) -> str:
    """The assets that a DAG waits for, by name; empty for a schedule without any."""
    parts = schedule if isinstance(schedule, (list, tuple)) else getattr(schedule, "objects", None)
    if parts is None:
        kind = type(schedule).__name__
        return getattr(schedule, "name", "") or str(schedule) if kind.startswith("Asset") else ""
    joint = " | " if type(schedule).__name__.endswith("Any") else " & "
    words = joint.join(_assets(part, inner=True) for part in parts)
    return f"({words})" if inner and len(parts) > 1 else words


def _missing(engine: Engine) -> str:
    """What a run without parameters is refused for."""
    try:
        engine.bind({})
    except PipelineError as error:
        return str(error)
    return ""
