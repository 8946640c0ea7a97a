"""Values as files: Parquet for DataFrames, joblib for models and arrays, JSON where it is exact, pickle last."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.graph import template_of

ATOMS = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Stored:
    """Where a value lies (``file`` is relative to the run's folder, None if it could not be stored) and what it is."""

    file: str | None
    type: str
    summary: str
    digest: str | None
    problem: str | None = None


def save(value: Any, folder: Path, name: str) -> Stored:
    """Store ``value`` as ``folder/name`` plus a suffix that says how. A value no format takes is named, not fatal."""
    kind, target = type(value).__name__, folder / name
    try:
        suffix, write = _format(value)
        path = target.with_name(target.name + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            written = write(path)
        except Exception:
            if suffix == ".pickle":
                raise
            path.unlink(missing_ok=True)
            path = target.with_name(target.name + ".pickle")
            written = _writer(_pickled(value))(path)
        digest = (
            _digest(value)
            or hashlib.blake2b(written or path.read_bytes(), digest_size=6).hexdigest()
        )
        return Stored(path.relative_to(folder.parent).as_posix(), kind, summary(value), digest)
    except OSError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        return Stored(
            None,
            kind,
            summary(value),
            None,
            f"a {kind} cannot be stored ({reason}); it is lost when the kernel ends",
        )


def _digest(value: Any) -> str | None:
    """The fingerprint of a value that brings its own, as an engine's files do, alone or in a dictionary of several."""
    parts = value if type(value) is dict else {"": value}
    if not any(hasattr(part, "digest") for part in parts.values()):
        return None
    words = (f"{key}={getattr(part, 'digest', part)!r}" for key, part in parts.items())
    return hashlib.blake2b("\n".join(words).encode(), digest_size=6).hexdigest()


def load(path: Path) -> Any:
    """Read a value that ``save`` has written."""
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    if path.suffix == ".parquet":
        import pandas

        return pandas.read_parquet(path)
    if path.suffix == ".joblib":
        import joblib

        return joblib.load(path)
    import cloudpickle

    return cloudpickle.loads(path.read_bytes())


class Outputs(Mapping):
    """Task → value, as of event ``seq`` of a record. Each look-up reads the file anew, so nobody shares a value.

    ``memory`` holds what could not be stored. A template that was expanded gives the list of its instances' values.
    """

    def __init__(
        self, record, seq: int | None = None, memory: Mapping[str, Any] | None = None
    ) -> None:
        self._record, self._seq, self._memory = record, seq, memory or {}

    def _done(self) -> dict[str, str]:
        states = self._record.states(self._seq)
        return {task: state for task, state in states.items() if state in ("success", "cached")}

    def __iter__(self) -> Iterator[str]:
        return (task for task in self._done() if self._record.last(task, "output", self._seq))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, task: str) -> Any:
        state = (
            self._record.states(self._seq).get(task)
            if self._seq is not None
            else self._record.state_of(task)
        )
        event = (
            self._record.last(task, "output", self._seq) if state in ("success", "cached") else None
        )
        if event is None:
            instances = [name for name in self if name != task and template_of(name) == task]
            if instances:
                return [self[name] for name in instances]
            raise KeyError(f"{task!r} has no output: its state is {state or 'unknown'}")
        if event.detail["file"] is None:
            if task in self._memory:
                return self._memory[task]
            raise KeyError(f"{task!r}: {event.detail['problem']}")
        return load(self._record.folder / event.detail["file"])

    def __repr__(self) -> str:
        described = (
            f"{task}: {self._record.last(task, 'output', self._seq).detail['summary']}"
            for task in self
        )
        return "{" + ", ".join(described) + "}"


def summary(value: Any) -> str:
    """One line that says what a value is."""
    shape = getattr(value, "shape", None)
    if shape is not None and not callable(shape):
        return f"{type(value).__name__} {' × '.join(map(str, shape)) or 'scalar'}"
    if isinstance(value, (list, tuple, set, dict)) and len(value) > 20:
        return f"{type(value).__name__} of {len(value):,} items"
    try:
        text = " ".join(repr(value).split())
    except Exception as error:
        text = f"{type(value).__name__} (its repr raises {type(error).__name__})"
    return text if len(text) <= 120 else text[:119] + "…"


def _format(value: Any):
    """The suffix and the writer for a value; the libraries that own the other types are loaded if the value exists."""
    if _exact(value):
        return ".json", _writer(json.dumps(value).encode())
    module = type(value).__module__.partition(".")[0]
    if module == "pandas" and type(value).__name__ == "DataFrame":
        return (
            ".parquet",
            value.to_parquet,
        )  # gives None back, as all do that did not keep the bytes
    if module in ("sklearn", "numpy") or hasattr(value, "get_params"):
        import joblib

        return ".joblib", lambda path: joblib.dump(value, path) and None
    return ".pickle", _writer(_pickled(value))


def _pickled(value: Any) -> bytes:
    import cloudpickle

    return cloudpickle.dumps(value)


def _writer(content: bytes) -> Callable[[Path], bytes]:
    """Writes the bytes and gives them back, so that their digest does not take another look at the disk."""
    return lambda path: path.write_bytes(content) and content


def _exact(value: Any) -> bool:
    """Whether JSON gives this very value back: no tuples, no keys that are not text, no subclasses."""
    if type(value) in ATOMS:
        return True
    if type(value) is list:
        return all(map(_exact, value))
    return type(value) is dict and all(
        type(key) is str and _exact(item) for key, item in value.items()
    )
