"""Values as files: Parquet for DataFrames, joblib for models and arrays, JSON where it is exact,
pickle last."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.events import Output

ATOMS = (str, int, float, bool, type(None))


def save(value: Any, folder: Path, name: str) -> Output:
    """Store ``value`` as ``folder/name`` plus a suffix that says how.

    A value that no format takes is named in what is returned, and not fatal. Raise OSError where
    the disk refuses.
    """
    kind, told = type(value).__name__, summary(value)
    try:
        path = _write(value, folder / name)
    except OSError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        problem = f"a {kind} cannot be stored ({reason}); it is lost when the kernel ends"
        return Output(file=None, type=kind, summary=told, digest=None, problem=problem)
    digest = _digest(value) or _fingerprint(path.read_bytes())
    file = path.relative_to(folder.parent).as_posix()
    return Output(file=file, type=kind, summary=told, digest=digest, problem=None)


def _write(value: Any, target: Path) -> Path:
    """The file, in the value's own format, or by pickle where that fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    suffix, write = _format(value)
    path = target.with_name(target.name + suffix)
    try:
        write(value, path)
    except Exception:
        if write is _to_pickle:
            raise
        path.unlink(missing_ok=True)
        path = target.with_name(f"{target.name}.pickle")
        _to_pickle(value, path)
    return path


def _fingerprint(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def _digest(value: Any) -> str | None:
    """The fingerprint of a value that brings its own, as an engine's files do, alone or in a
    dictionary of several."""
    parts = value if type(value) is dict else {"": value}
    if not any(hasattr(part, "digest") for part in parts.values()):
        return None
    words = (f"{key}={getattr(part, 'digest', part)!r}" for key, part in parts.items())
    return _fingerprint("\n".join(words).encode())


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


def may_run_code(path: Path) -> bool:
    """Whether to load what lies there executes what its writer has chosen: a pickle does."""
    return path.suffix not in (".json", ".parquet")


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


def _format(value: Any) -> tuple[str, Callable[[Any, Path], None]]:
    """The suffix and the writer for a value."""
    if _exact(value):
        return ".json", _to_json
    module = type(value).__module__.partition(".")[0]
    if module == "pandas" and type(value).__name__ == "DataFrame":
        return ".parquet", lambda table, path: table.to_parquet(path)
    if module in ("sklearn", "numpy") or hasattr(value, "get_params"):
        return ".joblib", _to_joblib
    return ".pickle", _to_pickle


def _to_json(value: Any, path: Path) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _to_joblib(value: Any, path: Path) -> None:
    import joblib

    joblib.dump(value, path)


def _to_pickle(value: Any, path: Path) -> None:
    import cloudpickle

    path.write_bytes(cloudpickle.dumps(value))


def _exact(value: Any) -> bool:
    """Whether JSON gives this very value back: no tuples, no keys that are not text, no
    subclasses."""
    if type(value) in ATOMS:
        return True
    if type(value) is list:
        return all(map(_exact, value))
    return type(value) is dict and all(
        type(key) is str and _exact(item) for key, item in value.items()
    )
